import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { decodeText } from '../model/display.ts';
import type { AnyExport, Binding } from '../model/export.ts';
import type { Host, Inventory } from '../model/host.ts';
import { LabError } from '../model/lab-error.ts';
import { type Bound, diffBindings } from '../report/diff-bindings.ts';
import { diffLines } from '../report/diff-lines.ts';
import type { Comparison } from '../report/diff-report.ts';
import type { Context } from './context.ts';

/** An export as it would be written, and what it was made from. */
export interface Rendered {
  readonly entry: AnyExport;
  readonly options: unknown;
  readonly hosts: readonly Host[];
  readonly inventory: Inventory;
  readonly content: string | Uint8Array;
}

/** Compares an export with a live text: by entries where the export can read, else line by line. */
export async function compareWithLive(
  context: Context,
  { entry, options, inventory, content }: Rendered,
  path: string,
): Promise<Comparison> {
  const live = await readLive(context, path);
  const about = { format: entry.name, live: path, carriesOwners: entry.carriesOwners };
  const nameOf = nameFinder(inventory.hosts);
  if (entry.read === undefined) {
    const wanted = textOf(content, entry.name);
    return { ...about, differences: diffLines(live, wanted), unknown: [], nameOf };
  }
  const there = entry.read(live, options);
  const { bindings } = entry.read(textOf(content, entry.name), options);
  return {
    ...about,
    differences: diffBindings(there.bindings, bindings),
    unknown: there.unknown,
    nameOf,
  };
}

/** The lines that take an export back: all of it, or with a comparison only what it would bring. Throws LabError 'usage' for exports without such lines. */
export function renderTakingBack(
  { entry, options, hosts, content }: Rendered,
  comparison: Comparison | undefined,
): string {
  const { read, undo } = entry;
  if (read === undefined || undo === undefined)
    throw new LabError(
      'usage',
      `${entry.name} is a whole file; there are no lines that take it back`,
      'lab inventory export --rollback FILE brings back the file that was there before',
    );
  const bindings =
    comparison === undefined
      ? read(textOf(content, entry.name), options).bindings
      : comparison.differences.changes.flatMap(broughtBy);
  return undo(bindings, options, hosts);
}

function broughtBy({ after }: Comparison['differences']['changes'][number]): Binding[] {
  return after === null || 'text' in after ? [] : [{ ...after, line: 0 }];
}

/** Switch lines carry no names; the register knows whose address it is. */
function nameFinder(hosts: readonly Host[]): (bound: Bound) => string {
  const byMac = new Map(hosts.flatMap(({ name, macs }) => macs.map(({ addr }) => [addr, name])));
  const byIp = new Map(hosts.map(({ name, ip }) => [ip, name]));
  return ({ name, mac, ip }) => name || (byMac.get(mac) ?? (ip === '' ? '' : (byIp.get(ip) ?? '')));
}

async function readLive({ io }: Context, path: string): Promise<string> {
  try {
    return textOf(await readFile(resolve(io.cwd, path)), path);
  } catch (error) {
    if (error instanceof LabError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw new LabError(
      'input',
      `cannot read ${path}: ${code}`,
      'name a file with what is live now: a configuration, or what the switch shows',
      { cause: error },
    );
  }
}

function textOf(content: string | Uint8Array, what: string): string {
  if (typeof content === 'string') return content.replace(/^\ufeff/, '');
  const { text, encoding } = decodeText(content);
  if (encoding !== 'binary' && !text.includes('\0')) return text;
  throw new LabError(
    'input',
    `${what} is no text, so it cannot be compared`,
    'compare the csv export instead',
  );
}
