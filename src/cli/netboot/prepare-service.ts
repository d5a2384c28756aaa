import { spawnSync } from 'node:child_process';
import { chown, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host, Inventory } from '../../model/host.ts';
import { LabError } from '../../model/lab-error.ts';
import type { ChosenProfile } from '../../model/profile.ts';
import { buildLocalGrub, localGrubName } from '../../netboot/build-local-grub.ts';
import { lintDnsmasq } from '../../netboot/dnsmasq/lint.ts';
import { type DnsmasqSettings, renderDnsmasq } from '../../netboot/dnsmasq/render.ts';
import { buildTftpTree, type TreeFile } from '../../netboot/dnsmasq/tftp-tree.ts';
import { selectDisk } from '../../netboot/reinstall/disk-rule.ts';
import { type AssetName, assetUrl } from '../../netboot/texts/boot-script.ts';
import { renderGrubConfig } from '../../netboot/texts/grub.ts';
import { makeFolder } from '../../store/make-folder.ts';
import type { Context } from '../context.ts';
import { type BootFolders, bootFolders } from './boot-folders.ts';
import { loadProfiles } from './load-profiles.ts';
import { describeMissingImage } from './missing-assets.ts';
import { planDnsmasq, type ServeWish } from './plan-dnsmasq.ts';
import type { Card } from './select-card.ts';
import { openServedAssets, type ServedAssets } from './serve-assets.ts';
import { describeStaleSystem } from './stale-system.ts';
import { describeNoKeys, loadTechnicianKeys } from './technician-keys.ts';
import { lineOf } from './trouble.ts';

/** Everything that lies ready before PCs are served. */
export interface Prepared {
  readonly folders: BootFolders;
  readonly assets: ServedAssets;
  readonly dnsmasq: DnsmasqSettings;
  /** PCs of the inventory with Secure Boot on. */
  readonly secureHosts: readonly Host[];
  /** dnsmasq's configuration, checked. */
  readonly configFile: string;
  readonly tree: readonly TreeFile[];
  readonly localGrub: AssetName | undefined;
  /** What new systems let in (authorized_keys lines). */
  readonly sshKeys: readonly string[];
  /** What is missing, and what then will not work; sentences. */
  readonly missing: readonly string[];
}

/** The variable of a host or group whose PCs have Secure Boot on: they are offered shim only. */
export const secureBootVariable = 'secure_boot';

/** Whether an inventory says that a host has Secure Boot on. */
export function hasSecureBoot(host: Host): boolean {
  const value = host.vars[secureBootVariable];
  return value === true || value === 'on' || value === 'yes' || value === 'true';
}

/** Writes and verifies all of it: TFTP tree, the GRUB for local disks, dnsmasq's configuration, the files of all profiles in use. Throws LabError for what nothing can be served without. */
export async function prepareService(
  context: Context,
  {
    inventory,
    card,
    wish,
    runFolder,
  }: {
    readonly inventory: Inventory;
    readonly card: Card;
    readonly wish: ServeWish;
    /** Readable for the account that dnsmasq becomes. */
    readonly runFolder: string;
  },
): Promise<Prepared> {
  const folders = bootFolders(context.settings);
  makeFolder(folders.service, 0o700);
  const assets = openServedAssets(folders);
  const missing = await prepareProfiles(context, inventory, assets, folders);
  const sshKeys = await loadTechnicianKeys(context, inventory);
  missing.push(...describeNoKeys(sshKeys).map(lineOf));
  const localGrub = await makeLocalGrub(folders, assets, missing);
  const tree = await buildTftpTree({
    root: join(runFolder, 'tftp'),
    siteFolder: folders.loaders,
    texts: new Map([['grub/grub.cfg', renderGrubConfig()]]),
    files: new Map(),
  });
  for (const { name, debianPackage } of tree.missing)
    missing.push(`the loader ${name} is missing: apt-get install ${debianPackage}`);
  const server = `http://${card.address}:${wish.port}`;
  const loaders = new Map(
    tree.files
      .filter(({ name }) => !name.includes('/'))
      .map(({ name, sha256, bytes }) => {
        assets.add({ name, sha256, bytes, path: join(runFolder, 'tftp', name) });
        return [name, assetUrl(server, { name, sha256 })];
      }),
  );
  const dnsmasq = planDnsmasq(inventory, card, wish, {
    ...{ runFolder, loaders, secureBoot: hasSecureBoot },
    leaseFile: join(folders.service, 'leases'),
  });
  const configFile = join(runFolder, 'dnsmasq.conf');
  missing.push(...(await writeConfig(configFile, renderDnsmasq(dnsmasq))));
  const secureHosts = inventory.hosts.filter(hasSecureBoot);
  const tables = { dnsmasq, secureHosts, configFile, tree: tree.files };
  return { folders, assets, ...tables, localGrub, sshKeys, missing };
}

/** Makes the folder that dnsmasq serves from, for this process alone; owned by whom the state folder belongs to, so that the service can write it after it gave up root. Gone with the command; those of services that were killed are swept. */
export async function makeRunFolder(context: Context): Promise<string> {
  const { stateFolder } = context.settings;
  const isRoot = process.getuid?.() === 0;
  const own = join(stateFolder, 'netboot', 'run');
  const base = isRoot ? (context.io.env['RUNTIME_DIRECTORY'] ?? '/run/labkit') : own;
  const folder = join(base, `netboot-${process.pid}`);
  try {
    await sweepRunFolders(base);
    await mkdir(folder, { recursive: true, mode: 0o755 });
    const owner = await stat(stateFolder).catch(() => undefined);
    if (isRoot && owner) await chown(folder, owner.uid, owner.gid);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new LabError('environment', `cannot make ${folder}: ${code}`, 'run it as root', {
      cause: error,
    });
  }
  context.defer(() => rm(folder, { recursive: true, force: true }).catch(() => undefined));
  return folder;
}

async function sweepRunFolders(base: string): Promise<void> {
  for (const name of await readdir(base).catch(() => [])) {
    const [, pid = ''] = /^netboot-(\d+)$/.exec(name) ?? [];
    if (pid === '' || (await stat(`/proc/${pid}`).catch(() => undefined))) continue;
    await rm(join(base, name), { recursive: true, force: true });
  }
}

/** The profiles that hosts have, each once; what they lack is told, not thrown: other hosts can be served. */
async function prepareProfiles(
  context: Context,
  { hosts }: Inventory,
  assets: ServedAssets,
  folders: BootFolders,
): Promise<string[]> {
  const profiles = await loadProfiles(context);
  const missing = new Set<string>();
  const seen = new Set<string>();
  for (const host of hosts) {
    try {
      const chosen = profiles.choose(host);
      if (!chosen) continue;
      for (const sentence of findBadDisk(host, chosen)) missing.add(sentence);
      if (seen.has(chosen.name)) continue;
      seen.add(chosen.name);
      const troubles = [
        ...(await assets.prepare(chosen)),
        ...(await describeStaleSystem(folders, context.io.programFolder, chosen)),
        ...describeMissingImage(chosen),
      ];
      for (const trouble of troubles) missing.add(lineOf(trouble));
    } catch (error) {
      if (!(error instanceof LabError)) throw error;
      missing.add(error.message);
    }
  }
  return [...missing];
}

/** What is wrong with the disk of a host that its profile would write to. */
function findBadDisk(host: Host, { profile }: ChosenProfile): string[] {
  if (profile.kind !== 'archive' && profile.kind !== 'installer') return [];
  const disk = selectDisk(host, { profile });
  return 'problem' in disk ? [`${disk.problem}: ${disk.hint}`] : [];
}

async function makeLocalGrub(
  folders: BootFolders,
  assets: ServedAssets,
  missing: string[],
): Promise<AssetName | undefined> {
  try {
    const { path, bytes, sha256 } = await buildLocalGrub(folders.service);
    assets.add({ name: localGrubName, path, bytes, sha256 });
    return { name: localGrubName, sha256 };
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    missing.push(`${error.message}: UEFI PCs may not get back to their disk; ${error.hint}`);
    return undefined;
  }
}

/** Nothing that fails our lint or dnsmasq's own test is ever used; says what could not be tested. */
async function writeConfig(file: string, text: string): Promise<string[]> {
  const problems = lintDnsmasq(text, file);
  if (problems.length > 0)
    throw new LabError('input', "dnsmasq's configuration is not what it must be", '', { problems });
  await writeFile(file, text, { mode: 0o644 });
  const path = `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`;
  const tested = spawnSync('dnsmasq', ['--test', `--conf-file=${file}`], {
    env: { PATH: path, LC_ALL: 'C' },
    encoding: 'utf8',
  });
  if (tested.error)
    return [`dnsmasq is not installed, its configuration not tried: apt-get install dnsmasq-base`];
  if (tested.status === 0) return [];
  throw new LabError('input', `dnsmasq --test: ${tested.stderr.trim()}`, `look at ${file}`);
}
