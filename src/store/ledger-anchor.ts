import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileWhole } from './write-file.ts';

/** Where the ledger ended when it was last written. */
export interface Anchor {
  readonly seq: number;
  readonly hash: string;
}

/** Keeps the end of the ledger in a file of its own, so that rows cut off its end are missed. */
export async function saveAnchor(folder: string, { seq, hash }: Anchor): Promise<void> {
  await writeFileWhole(anchorPath(folder), `${seq} ${hash}\n`, { mode: 0o600 });
}

/** The end as it was kept; undefined when there is no such file or it cannot be read as one. */
export async function loadAnchor(folder: string): Promise<Anchor | undefined> {
  const text = await readFile(anchorPath(folder), 'utf8').catch(() => '');
  const [, seq = '', hash = ''] = /^(\d+) ([0-9a-f]{64})\n?$/.exec(text) ?? [];
  return hash === '' ? undefined : { seq: Number(seq), hash };
}

/** Where a state folder keeps the anchor: beside every ledger lies one. */
export function anchorPath(folder: string): string {
  return join(folder, 'ledger.anchor');
}
