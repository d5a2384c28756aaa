import { createHash } from 'node:crypto';
import {
  chmod,
  mkdir,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { LabError } from '../../model/lab-error.ts';

/** A loader: its name in the TFTP root, and where the distribution has it (first that exists). */
interface Loader {
  readonly name: string;
  readonly places: readonly string[];
  readonly debianPackage: string;
}

const packaged: readonly Loader[] = [
  { name: 'undionly.kpxe', places: ['/usr/lib/ipxe/undionly.kpxe'], debianPackage: 'ipxe' },
  { name: 'ipxe.efi', places: ['/usr/lib/ipxe/ipxe.efi', '/boot/ipxe.efi'], debianPackage: 'ipxe' },
  { name: 'snponly.efi', places: ['/usr/lib/ipxe/snponly.efi'], debianPackage: 'ipxe' },
  {
    name: 'ipxe-arm64.efi',
    places: ['/usr/lib/ipxe/ipxe-arm64.efi', '/boot/ipxe-arm64.efi'],
    debianPackage: 'ipxe',
  },
  {
    name: 'shimx64.efi',
    places: ['/usr/lib/shim/shimx64.efi.signed'],
    debianPackage: 'shim-signed',
  },
  {
    name: 'grubx64.efi',
    places: ['/usr/lib/grub/x86_64-efi-signed/grubnetx64.efi.signed'],
    debianPackage: 'grub-efi-amd64-signed',
  },
  {
    name: 'shimaa64.efi',
    places: ['/usr/lib/shim/shimaa64.efi.signed'],
    debianPackage: 'shim-signed',
  },
  {
    name: 'grubaa64.efi',
    places: ['/usr/lib/grub/arm64-efi-signed/grubnetaa64.efi.signed'],
    debianPackage: 'grub-efi-arm64-signed',
  },
];

/** What every site needs; the others serve firmware that few have. */
const needed = ['undionly.kpxe', 'ipxe.efi', 'snponly.efi', 'shimx64.efi', 'grubx64.efi'];

/** One file of the tree. */
export interface TreeFile {
  /** Its path under the root, as a PC asks for it. */
  readonly name: string;
  readonly origin: string;
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
}

/** What the tree is made from. */
export interface TreeWish {
  /** Made anew; what lies there is replaced whole. */
  readonly root: string;
  /** The site's own loaders: plain files, which win over the distribution's. */
  readonly siteFolder: string;
  /** Texts and files that are no loaders: grub/grub.cfg, kernels for GRUB; by their path under the root. */
  readonly texts: ReadonlyMap<string, string>;
  readonly files: ReadonlyMap<string, string>;
}

/** Builds the TFTP root: a fixed set of plain files, no links, nothing anybody can write. The other answer names loaders that are missing, with the package that has them. */
export async function buildTftpTree(wish: TreeWish): Promise<{
  readonly files: TreeFile[];
  readonly missing: { name: string; debianPackage: string }[];
}> {
  const site = await listSiteFiles(wish.siteFolder);
  const sources = new Map<string, string>(wish.files);
  const missing: { name: string; debianPackage: string }[] = [];
  for (const { name, places, debianPackage } of packaged) {
    const place = await firstThere(places);
    if (place !== undefined) sources.set(name, place);
    else if (needed.includes(name) && !site.has(name)) missing.push({ name, debianPackage });
  }
  for (const [name, path] of site) sources.set(name, path);
  const fresh = `${wish.root}.new`;
  await rm(fresh, { recursive: true, force: true });
  const files: TreeFile[] = [];
  for (const [name, path] of sources)
    files.push(await put(fresh, name, await readFile(path), await realpath(path)));
  for (const [name, text] of wish.texts)
    files.push(await put(fresh, name, Buffer.from(text), 'generated'));
  await rm(wish.root, { recursive: true, force: true });
  await rename(fresh, wish.root);
  return { files: files.sort((a, b) => (a.name < b.name ? -1 : 1)), missing };
}

/** Puts one more file into a tree that is being served, whole or not at all; such as what GRUB reads of one armed host. */
export function putTreeText(root: string, name: string, text: string): Promise<void> {
  return putTreeBytes(root, name, Buffer.from(text));
}

/** The same for a kernel or an initramfs that GRUB loads. */
export async function putTreeBytes(root: string, name: string, bytes: Uint8Array): Promise<void> {
  requireName(name);
  const path = join(root, name);
  await makeFolder(root, dirname(name));
  const draft = `${path}.new`;
  await rm(draft, { force: true });
  await writeFile(draft, bytes, { mode: 0o444 });
  await chmod(draft, 0o444);
  await rename(draft, path);
}

/** Takes a file out of a tree; one that is not there is no trouble. */
export async function removeTreeText(root: string, name: string): Promise<void> {
  requireName(name);
  await rm(join(root, name), { force: true });
}

async function put(root: string, name: string, bytes: Buffer, origin: string): Promise<TreeFile> {
  requireName(name);
  await makeFolder(root, dirname(name));
  const path = join(root, name);
  await writeFile(path, bytes, { mode: 0o444, flag: 'wx' });
  // The umask must not hide it from the account that dnsmasq becomes.
  await chmod(path, 0o444);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { name, origin, bytes: bytes.length, sha256 };
}

async function makeFolder(root: string, folder: string): Promise<void> {
  const parts = folder === '.' ? [] : folder.split('/');
  for (let count = 0; count <= parts.length; count++) {
    const path = join(root, ...parts.slice(0, count));
    await mkdir(path, { recursive: true });
    await chmod(path, 0o755);
  }
}

function requireName(name: string): void {
  if (/^[\w][\w.:+-]*(?:\/[\w][\w.:+-]*)*$/.test(name) && name.length <= 200) return;
  throw new LabError(
    'input',
    `${JSON.stringify(name.slice(0, 80))} cannot be a name in the TFTP root`,
  );
}

/** Links out of the folder are refused: what they lead to nobody meant to serve. */
async function listSiteFiles(folder: string): Promise<Map<string, string>> {
  const names = await readdir(folder).catch(() => [] as string[]);
  const real = names.length === 0 ? folder : await realpath(folder);
  const found = new Map<string, string>();
  for (const name of names.sort()) {
    const path = await realpath(join(real, name));
    if (dirname(path) !== real)
      throw new LabError(
        'input',
        `${join(folder, name)} leads out of its folder`,
        'copy the loader there',
      );
    if ((await stat(path)).isFile() && !name.startsWith('.')) found.set(basename(name), path);
  }
  return found;
}

async function firstThere(places: readonly string[]): Promise<string | undefined> {
  for (const place of places) {
    const there = await stat(place).then(
      (found) => found.isFile(),
      () => false,
    );
    if (there) return place;
  }
  return undefined;
}
