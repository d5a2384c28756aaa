import type { Inventory } from '../../model/host.ts';
import type { ImportRow } from '../../model/import.ts';
import { LabError } from '../../model/lab-error.ts';
import { type NewHost, type Parse, planEdits } from '../edit.ts';
import type { RawInventory } from '../raw.ts';
import { findChanges, firstValues } from './find-changes.ts';
import {
  cellOf,
  type PlannedChange,
  type PlannedRow,
  type Refusal,
  type Wish,
} from './planned-row.ts';

/** A file with its text as it was read and as it is to be. */
export interface PlannedFile {
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

/** The edits, what each row changes, and rows that cannot be written. */
export interface PlannedFiles {
  readonly files: readonly PlannedFile[];
  readonly changes: ReadonlyMap<ImportRow, RowChanges>;
  readonly refused: ReadonlyMap<ImportRow, Refusal>;
}

/** What one row changes, and what is to be said about it. */
export interface RowChanges {
  readonly changes: readonly PlannedChange[];
  readonly notes: PlannedRow['notes'];
}

interface FileWork {
  readonly changes: Map<string, Map<string, string>>;
  readonly added: NewHost[];
}

/** Plans the edits of each file that carry rows out; rows that cannot be written are refused. */
export function planFiles(
  wishes: readonly Wish[],
  target: { readonly raw: RawInventory; readonly inventory: Inventory },
  parse: Parse,
): PlannedFiles {
  const work = new Map<string, FileWork>();
  const changes = new Map<ImportRow, RowChanges>();
  const refusals = new Map<ImportRow, Refusal>();
  for (const wish of wishes) {
    const found = changesOf(wish, target);
    if ('refused' in found) refusals.set(wish.row, found.refused);
    else {
      changes.set(wish.row, found);
      shareOut(wish, found.changes, target, work);
    }
  }
  const files = [...work].map(([path, wanted]) => {
    const file = target.raw.files.find((each) => each.path === path);
    if (!file) throw new LabError('refused', 'the inventory has no file that can be written to');
    const { text, refused } = planEdits(file, wanted, parse);
    for (const wish of wishes) {
      const error = refused.get(wish.host);
      const cell = cellOf(wish.row, 'name');
      if (error) refusals.set(wish.row, { cell, reason: error.message, hint: error.hint });
    }
    return { path, before: file.text, after: text };
  });
  const changed = files.filter(({ before, after }) => before !== after);
  return { files: changed, changes, refused: refusals };
}

function changesOf(
  wish: Wish,
  { raw, inventory }: { readonly raw: RawInventory; readonly inventory: Inventory },
): RowChanges | { readonly refused: Refusal } {
  const { existing, group } = wish;
  if (!existing) {
    const said = inventory.groups.find(({ name }) => name === group);
    return { changes: firstValues(wish, said, inventory.groups), notes: [] };
  }
  const host = raw.hosts.get(existing.name);
  return host ? findChanges(wish, existing, host) : { changes: [], notes: [] };
}

/** Each value goes where the host has its own now, else where the host is written; a new host goes where its group is. */
function shareOut(
  { host, existing, group }: Wish,
  changes: readonly PlannedChange[],
  { raw }: { readonly raw: RawInventory },
  work: Map<string, FileWork>,
): void {
  const workOf = (path: string): FileWork => {
    const found = work.get(path) ?? { changes: new Map(), added: [] };
    work.set(path, found);
    return found;
  };
  if (!existing) {
    const values = new Map(changes.map(({ key, after }) => [key, after]));
    workOf(fileOfGroup(raw, group)).added.push({ name: host, group, values });
    return;
  }
  const written = raw.hosts.get(host);
  for (const { key, after } of changes) {
    const own = written?.effective.get(key.split('.')[0] ?? '');
    const path = own?.scope.kind === 'host' ? own.node.source.file : written?.mentions[0]?.at.file;
    const inFile = workOf(path ?? '').changes;
    inFile.set(host, (inFile.get(host) ?? new Map()).set(key, after));
  }
}

/** Of the files that name a group, the one that its hosts are in. */
function fileOfGroup(raw: RawInventory, group: string): string {
  const found = raw.groups.get(group);
  const member = found?.hosts.map((name) => raw.hosts.get(name)?.mentions[0]?.at.file)[0];
  const named = found?.mentions.map(({ at }) => at.file) ?? [];
  return named.find((file) => file === member) ?? named[0] ?? '';
}
