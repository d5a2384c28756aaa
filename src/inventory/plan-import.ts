import type { Inventory } from '../model/host.ts';
import type { ImportRow } from '../model/import.ts';
import { LabError } from '../model/lab-error.ts';
import type { Parse } from './edit.ts';
import { checkOutcome } from './import/check-outcome.ts';
import { findCollisions } from './import/find-collisions.ts';
import { indexTargets } from './import/find-target.ts';
import { type PlannedFile, planFiles, type RowChanges } from './import/plan-files.ts';
import type { PlannedRow, Refusal, Wish } from './import/planned-row.ts';
import { readWish } from './import/read-wish.ts';
import type { RawInventory } from './raw.ts';

export type { PlannedRow, Refusal };

/** What an import would do: every row with its fate, and the files with their new text, which hold all rows that were not refused. */
export interface ImportPlan {
  readonly rows: readonly PlannedRow[];
  readonly files: readonly PlannedFile[];
}

/** What rows are compared with and written into. */
export interface ImportTarget {
  readonly raw: RawInventory;
  readonly inventory: Inventory;
  /** The room of rows that name none: a group's name or a room's title. */
  readonly room?: string;
}

type Refusals = Map<ImportRow, Refusal>;

/** Each round refuses at least one row more; a sheet with faults of several kinds needs a few. */
const maxRounds = 20;

/** Compares rows with the inventory and plans the edits that carry them out. A row is refused where it cannot be understood, takes what another host has, cannot be written, or would bring an error into the inventory. Throws LabError 'input' where the whole result would have errors that no row explains. */
export function planImport(
  rows: readonly ImportRow[],
  target: ImportTarget,
  parse: Parse,
): ImportPlan {
  const lasting: Refusals = new Map();
  const wishes = readWishes(rows, target, lasting);
  for (let round = 0; round < maxRounds; round += 1) {
    // A row that is refused for its own sake takes nothing from another, so collisions are looked for anew.
    const refusals = new Map(lasting);
    refuseCollisions(wishes, target, refusals);
    const left = wishesLeft(wishes, refusals);
    const planned = planFiles(left, target, parse);
    const found =
      planned.refused.size > 0 ? planned.refused : checkOutcome(target, planned.files, left, parse);
    if (found.size === 0)
      return {
        rows: rows.map((row) => planRow(row, wishes, planned.changes, refusals)),
        files: planned.files,
      };
    for (const [row, refusal] of found) lasting.set(row, refusal);
  }
  throw new LabError(
    'input',
    'these rows contradict each other in too many ways',
    'import them room by room',
  );
}

function readWishes(
  rows: readonly ImportRow[],
  { inventory, room }: ImportTarget,
  refusals: Refusals,
): ReadonlyMap<ImportRow, Wish> {
  const index = indexTargets(inventory);
  const wishes = new Map<ImportRow, Wish>();
  const taken = new Map<string, Wish>();
  for (const row of rows) {
    const wish = readWish(row, index, room);
    if ('refused' in wish) {
      refusals.set(row, wish.refused);
      continue;
    }
    const other = taken.get(wish.host.toLowerCase());
    if (other) refusals.set(row, refuseTwice(wish, other));
    else {
      taken.set(wish.host.toLowerCase(), wish);
      wishes.set(row, wish);
    }
  }
  return wishes;
}

function refuseTwice({ row, host }: Wish, other: Wish): Refusal {
  const cell = row.fields.name?.cell ?? row.fields.mac?.cell ?? `row ${row.row}`;
  return {
    cell,
    reason: `row ${other.row.row} is about ${host}, too`,
    hint: 'keep one row for each PC; several MAC addresses may stand in one cell',
  };
}

function wishesLeft(wishes: ReadonlyMap<ImportRow, Wish>, refusals: Refusals): Wish[] {
  return [...wishes.values()].filter(({ row }) => !refusals.has(row));
}

/** A refused row keeps what it has, which another row may have counted on. */
function refuseCollisions(
  wishes: ReadonlyMap<ImportRow, Wish>,
  { inventory }: ImportTarget,
  refusals: Refusals,
): void {
  for (;;) {
    const found = findCollisions(inventory.hosts, wishesLeft(wishes, refusals));
    if (found.size === 0) return;
    for (const [wish, refusal] of found) refusals.set(wish.row, refusal);
  }
}

function planRow(
  row: ImportRow,
  wishes: ReadonlyMap<ImportRow, Wish>,
  changed: ReadonlyMap<ImportRow, RowChanges>,
  refusals: Refusals,
): PlannedRow {
  const refused = refusals.get(row);
  const wish = wishes.get(row);
  const { changes = [], notes = [] } = changed.get(row) ?? {};
  const host = wish?.host ?? row.fields.name?.text ?? '';
  const allNotes = [...(wish?.notes ?? []), ...notes];
  const group = wish?.existing ? '' : (wish?.group ?? '');
  const said = { row, host, group, notes: allNotes };
  if (refused) return { ...said, action: 'refuse', changes: [], refused };
  const action = wish?.existing ? (changes.length > 0 ? 'change' : 'none') : 'add';
  return { ...said, action, changes };
}
