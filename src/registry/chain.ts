import { LabError } from '../model/lab-error.ts';
import type { LedgerEntry, LedgerRow, PurgeReceipt } from '../model/registration.ts';
import { renderCanonical } from './canonical.ts';

/** SHA-256 of a text in UTF-8, as hex; handed in, because this room computes nothing with node. */
export type Hash = (text: string) => string;

/** A row as it lies in the store. `content` is the canonical JSON of its entry, or null where a purge took it; the columns beside it only serve to find it. */
export interface StoredRow {
  readonly seq: number;
  readonly at: string;
  readonly kind: string;
  readonly host: string;
  readonly content: string | null;
  readonly previous: string;
  readonly hash: string;
  /** Under which addresses it is found, sorted. */
  readonly addresses: readonly string[];
}

/** What the first row has as `previous`. */
export const chainStart = '0'.repeat(64);

/** Seals an entry as the next row of the ledger. */
export function sealRow(
  entry: LedgerEntry,
  seq: number,
  previous: string,
  hash: Hash,
): StoredRow & { readonly content: string } {
  const content = renderCanonical(entry);
  return {
    seq,
    at: entry.at,
    kind: entry.kind,
    host: entry.host,
    content,
    previous,
    hash: hashRow(seq, previous, content, hash),
    addresses: addressesOf(entry),
  };
}

/** The entry's text is canonical JSON itself, so a row's text is made by joining. */
function hashRow(seq: number, previous: string, content: string, hash: Hash): string {
  return hash(`{"entry":${content},"previous":${JSON.stringify(previous)},"seq":${seq}}`);
}

/** Reads rows, without those whose content a purge took. Throws LabError 'failed' for one that was altered so that it cannot be read. */
export function openRows(rows: readonly StoredRow[]): LedgerRow[] {
  return rows.flatMap(({ seq, content, previous, hash }) =>
    content === null ? [] : [{ ...parseContent(seq, content), seq, previous, hash }],
  );
}

function parseContent(seq: number, content: string): LedgerEntry {
  try {
    return JSON.parse(content) as LedgerEntry;
  } catch (cause) {
    throw new LabError(
      'failed',
      `row ${seq} of the ledger was altered and cannot be read`,
      'lab registry verify names the first altered row',
      { cause },
    );
  }
}

/** Addresses a row can be found by: those it gives to the host. */
export function addressesOf({ after }: LedgerEntry): readonly string[] {
  if (after === null) return [];
  const all = [after.ip, ...after.macs.map(({ addr }) => addr)];
  return [...new Set(all.filter((each) => each !== ''))].sort();
}

/** Where the ledger ended when it was last written, kept outside the database. */
export interface Anchor {
  readonly seq: number;
  readonly hash: string;
}

/** Something that shows that the ledger was altered; `seq` is the row, or the one that is missing. */
export interface Alteration {
  readonly seq: number;
  readonly what: 'gap' | 'order' | 'content' | 'index' | 'purge' | 'tail';
  readonly message: string;
}

/** Walks the chain from its first row and names the first row that is not as it was written, or undefined when all are. */
export function verifyChain(
  rows: Iterable<StoredRow>,
  anchor: Anchor | undefined,
  hash: Hash,
): Alteration | undefined {
  let end: Anchor = { seq: 0, hash: chainStart };
  const purges: Purges = { purged: [], receipts: [] };
  for (const row of rows) {
    const wrong = judgeRow(row, end, hash) ?? judgeAnchored(row, anchor);
    if (wrong) return earliest(wrong, judgePurges(purges, hash));
    notePurge(row, purges);
    end = row;
  }
  const inPurges = judgePurges(purges, hash);
  if (inPurges) return inPurges;
  if (!anchor || anchor.seq <= end.seq) return undefined;
  const missing = `rows ${end.seq + 1} to ${anchor.seq} are missing: the end was cut off`;
  return tell(end.seq + 1, 'tail', missing);
}

/** Rows without content so far, and the receipts that name such rows. */
interface Purges {
  readonly purged: StoredRow[];
  readonly receipts: { readonly seq: number; readonly receipt: PurgeReceipt }[];
}

function notePurge(row: StoredRow, { purged, receipts }: Purges): void {
  if (row.content === null) purged.push(row);
  else if (row.kind === 'purge') {
    const { receipt } = JSON.parse(row.content) as LedgerEntry;
    if (receipt) receipts.push({ seq: row.seq, receipt });
  }
}

function judgeAnchored({ seq, hash }: StoredRow, anchor: Anchor | undefined) {
  return anchor?.seq === seq && anchor.hash !== hash
    ? tell(seq, 'content', 'it is not the row that stood here when the ledger was last written')
    : undefined;
}

function earliest(one: Alteration, other: Alteration | undefined): Alteration {
  return other && other.seq < one.seq ? other : one;
}

function judgeRow(
  row: StoredRow,
  { seq: last, hash: previous }: Anchor,
  hash: Hash,
): Alteration | undefined {
  const { seq, content } = row;
  const expected = last + 1;
  if (seq > expected) return tell(expected, 'gap', `it is missing: row ${seq} follows row ${last}`);
  if (seq < expected) return tell(seq, 'order', `it stands behind row ${last}`);
  if (row.previous !== previous)
    return tell(seq, 'order', `it does not follow row ${last} as that is now`);
  if (content === null) return undefined;
  if (hashRow(seq, previous, content, hash) !== row.hash)
    return tell(seq, 'content', 'its content is not what its hash was made of');
  return judgeColumns(row, content);
}

/** What rows are found by must say the same as their content, or a search would miss them. */
function judgeColumns(row: StoredRow, content: string): Alteration | undefined {
  const entry = JSON.parse(content) as LedgerEntry;
  const isSame =
    row.at === entry.at &&
    row.kind === entry.kind &&
    row.host === entry.host &&
    row.addresses.join() === addressesOf(entry).join();
  return isSame
    ? undefined
    : tell(row.seq, 'index', 'what it is found by is not what its content says');
}

/** Every row without content must be named by exactly one later receipt that has its hash. */
function judgePurges({ purged, receipts }: Purges, hash: Hash): Alteration | undefined {
  let rest: readonly StoredRow[] = purged;
  for (const { seq, receipt } of receipts) {
    const kept = new Set(receipt.kept);
    const isTaken = (row: StoredRow): boolean =>
      row.seq >= receipt.from && row.seq <= receipt.to && !kept.has(row.seq);
    const taken = rest.filter(isTaken);
    rest = rest.filter((row) => !isTaken(row));
    if (taken.length === receipt.count && hashOfPurged(taken, hash) === receipt.hashes) continue;
    const found = `${taken.length} rows from ${receipt.from} to ${receipt.to}`;
    const message = `${found} have no content, which is not what receipt ${seq} says`;
    return tell(taken[0]?.seq ?? receipt.from, 'purge', message);
  }
  const [first] = rest;
  return (
    first && tell(first.seq, 'purge', 'its content is gone, and no receipt of a purge says so')
  );
}

/** What a receipt keeps of the rows that lost their content. */
export function hashOfPurged(rows: readonly { readonly hash: string }[], hash: Hash): string {
  return hash(rows.map((row) => `${row.hash}\n`).join(''));
}

function tell(seq: number, what: Alteration['what'], message: string): Alteration {
  return { seq, what, message };
}
