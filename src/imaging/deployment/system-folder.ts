import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** The `manifest.json` of a deployment system (`lab.deployment-system/1`). */
export interface DeploymentSystem {
  readonly schema: 'lab.deployment-system/1';
  /** SHA-256 (hex) over all that it is made from; another recipe makes another system. */
  readonly recipe: string;
  /** The part that comes from Debian: its own recipe, and how many bytes of the initramfs it is; the target's programs follow it. */
  readonly base: { readonly recipe: string; readonly initrdBytes: number };
  /** ISO 8601. */
  readonly madeAt: string;
  readonly suite: string;
  readonly sources: readonly string[];
  readonly files: readonly SystemFile[];
  readonly packages: readonly { readonly name: string; readonly version: string }[];
}

/** One file of it, next to the manifest. */
export interface SystemFile {
  readonly name: 'vmlinuz' | 'initrd.img';
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
}

/** The names of its files. */
export const systemFiles = ['vmlinuz', 'initrd.img'] as const;

/** Reads the deployment system of a folder and compares every byte with its manifest; undefined where there is none, or where it is not whole. */
export async function loadDeploymentSystem(folder: string): Promise<DeploymentSystem | undefined> {
  const manifest = await readManifest(folder);
  if (manifest === undefined) return undefined;
  for (const { name, bytes, sha256 } of manifest.files) {
    const file = await digestFile(join(folder, name)).catch(() => undefined);
    if (file?.bytes !== bytes || file.sha256 !== sha256) return undefined;
  }
  return manifest;
}

/** What the build wrote down as the SHA-256 of a file of a deployment system, hex; undefined where there is no manifest. Reads no other file: whoever uses one compares it. */
export async function loadSystemDigest(folder: string, file: string): Promise<string | undefined> {
  const manifest = await readManifest(folder);
  return manifest?.files.find(({ name }) => name === file)?.sha256;
}

/** Reads the manifest of a folder and nothing else of it; undefined where there is none that can be understood. */
export async function readManifest(folder: string): Promise<DeploymentSystem | undefined> {
  try {
    const text = await readFile(join(folder, 'manifest.json'), 'utf8');
    const read = JSON.parse(text) as DeploymentSystem | null;
    if (read?.schema !== 'lab.deployment-system/1' || !Array.isArray(read.files)) return undefined;
    if (!Number.isSafeInteger(read.base?.initrdBytes)) return undefined;
    return systemFiles.every((name) => read.files.some((one) => one?.name === name))
      ? read
      : undefined;
  } catch {
    return undefined;
  }
}

/** Size and SHA-256 of a file, read as a stream. */
export async function digestFile(path: string): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path)) hash.update(piece as Uint8Array);
  return { bytes: (await stat(path)).size, sha256: hash.digest('hex') };
}
