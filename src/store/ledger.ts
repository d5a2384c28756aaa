import type { LedgerEntry } from '../model/registration.ts';
import { type Database, openDatabase, type Row } from './database.ts';
import { type Anchor, loadAnchor, saveAnchor } from './ledger-anchor.ts';

export type { Anchor };

/** A row as it lies in the database: `content` is the canonical JSON of its entry, null where a purge took it; `previous` and `hash` chain it. */
export interface StoredRow {
  readonly seq: number;
  readonly at: string;
  readonly kind: string;
  readonly host: string;
  readonly content: string | null;
  readonly previous: string;
  readonly hash: string;
  readonly addresses: readonly string[];
}

/** Makes the row that follows; `previous` is the hash of the row before, '' for the first. Handed in: the store keeps rows, it does not know what they mean. */
export type Seal = (entry: LedgerEntry, seq: number, previous: string) => StoredRow;

/** A purge as it is carried out: rows that lose their content, and what is written behind the last row instead. */
export interface LedgerPurge {
  readonly seqs: readonly number[];
  readonly entries: readonly LedgerEntry[];
}

/** The append-only ledger in the state database. Rows come in the order in which they were written. */
export interface Ledger extends Disposable {
  readonly folder: string;
  /** Adds rows in one transaction, and does `also` in the same one. */
  append(entries: readonly LedgerEntry[], also?: () => void): Promise<StoredRow[]>;
  first(): StoredRow | undefined;
  last(): StoredRow | undefined;
  loadRow(seq: number): StoredRow | undefined;
  /** Every row with its addresses, one after the other. */
  walk(): Iterable<StoredRow>;
  loadByHost(host: string): StoredRow[];
  /** All rows of the hosts that ever had an address. */
  loadByAddress(address: string): StoredRow[];
  loadByKind(...kinds: readonly string[]): StoredRow[];
  loadSince(at: string): StoredRow[];
  /** The last row of each host among these kinds. */
  loadLatest(kinds: readonly string[]): StoredRow[];
  purge(purge: LedgerPurge): Promise<StoredRow[]>;
  anchor(): Promise<Anchor | undefined>;
  saveAnchor(anchor: Anchor): Promise<void>;
  /** A change that was begun, as JSON; null when none is. */
  loadJournal(): string | null;
  saveJournal(content: string): void;
  /** Within `append`, or alone. */
  clearJournal(): void;
  loadMark(name: string): string;
  saveMark(name: string, value: string): void;
  close(): void;
}

/** Opens the ledger of a state folder, making both when missing. */
export function openLedger(folder: string, seal: Seal): Ledger {
  const database = openDatabase(folder);
  const grow = async (entries: readonly LedgerEntry[], also: () => void): Promise<StoredRow[]> => {
    const added = database.transaction(() => {
      const sealed = insertRows(database, entries, seal);
      also();
      return sealed;
    });
    const end = added.at(-1);
    // Only behind the database: an anchor that knows more than the ledger would tell of a cut.
    if (end) await saveAnchor(folder, end);
    return added;
  };
  return {
    folder,
    ...readersOf(database),
    ...notesOf(database),
    append: (entries, also = () => undefined) => grow(entries, also),
    async purge({ seqs, entries }) {
      const added = await grow(entries, () => takeContent(database, seqs));
      forget(database);
      return added;
    },
    anchor: () => loadAnchor(folder),
    saveAnchor: (anchor) => saveAnchor(folder, anchor),
    close: () => database.close(),
    [Symbol.dispose]: () => database.close(),
  };
}

type Readers = 'first' | 'last' | 'walk' | Extract<keyof Ledger, `load${string}`>;
type Notes = 'loadJournal' | 'saveJournal' | 'clearJournal' | 'loadMark' | 'saveMark';

function readersOf(database: Database): Pick<Ledger, Exclude<Readers, Notes>> {
  const rows = (sql: string, ...values: (string | number)[]): StoredRow[] =>
    database.all(`SELECT * FROM ledger ${sql}`, ...values).map((row) => rowOf(row, []));
  return {
    first: () => rows('ORDER BY seq LIMIT 1')[0],
    last: () => rows('ORDER BY seq DESC LIMIT 1')[0],
    walk: () => walkRows(database),
    loadRow: (seq) => rows('WHERE seq = ?', seq)[0],
    loadByHost: (host) => rows('WHERE host = ? ORDER BY seq', host),
    loadByAddress: (address) =>
      rows(
        `WHERE host IN (SELECT host FROM ledger JOIN ledger_addresses USING (seq) WHERE address = ?) ORDER BY seq`,
        address,
      ),
    loadByKind: (...kinds) => rows(`WHERE ${oneOf('kind', kinds)} ORDER BY seq`, ...kinds),
    loadSince: (at) => rows('WHERE at >= ? ORDER BY seq', at),
    loadLatest: (kinds) =>
      rows(
        `WHERE seq IN (SELECT max(seq) FROM ledger WHERE ${oneOf('kind', kinds)} GROUP BY host) ORDER BY seq`,
        ...kinds,
      ),
  };
}

/** What is kept beside the rows: a change that was begun, and what was last compared. */
function notesOf(database: Database): Pick<Ledger, Notes> {
  return {
    loadJournal: () => {
      const [row] = database.all('SELECT content FROM ledger_journal');
      return row ? String(row['content']) : null;
    },
    saveJournal: (content) =>
      database.transaction(() => {
        const sql = 'INSERT OR REPLACE INTO ledger_journal (id, content) VALUES (1, ?)';
        database.run(sql, content);
      }),
    clearJournal: () => {
      database.run('DELETE FROM ledger_journal');
    },
    loadMark: (name) => {
      const [row] = database.all('SELECT value FROM ledger_marks WHERE name = ?', name);
      return row ? String(row['value']) : '';
    },
    saveMark: (name, value) => {
      database.run('INSERT OR REPLACE INTO ledger_marks (name, value) VALUES (?, ?)', name, value);
    },
  };
}

function oneOf(column: string, values: readonly unknown[]): string {
  return `${column} IN (${values.map(() => '?').join(', ')})`;
}

function insertRows(database: Database, entries: readonly LedgerEntry[], seal: Seal): StoredRow[] {
  const [last] = database.all('SELECT seq, hash FROM ledger ORDER BY seq DESC LIMIT 1');
  let seq = Number(last?.['seq'] ?? 0);
  let previous = String(last?.['hash'] ?? '');
  return entries.map((entry) => {
    seq += 1;
    const row = seal(entry, seq, previous);
    previous = row.hash;
    database.run(
      'INSERT INTO ledger (seq, at, kind, host, content, previous, hash) VALUES (?, ?, ?, ?, ?, ?, ?)',
      ...[row.seq, row.at, row.kind, row.host, row.content, row.previous, row.hash],
    );
    for (const address of row.addresses)
      database.run('INSERT INTO ledger_addresses (address, seq) VALUES (?, ?)', address, seq);
    return row;
  });
}

const pageRows = 1000;

function* walkRows(database: Database): Generator<StoredRow> {
  for (let after = 0; ; ) {
    const page = database.all(
      'SELECT * FROM ledger WHERE seq > ? ORDER BY seq LIMIT ?',
      after,
      pageRows,
    );
    const end = Number(page.at(-1)?.['seq'] ?? 0);
    const found = addressesBetween(database, after, end);
    for (const row of page) yield rowOf(row, found.get(Number(row['seq'])) ?? []);
    if (page.length < pageRows) return;
    after = end;
  }
}

function addressesBetween(database: Database, after: number, end: number): Map<number, string[]> {
  const sql = 'SELECT * FROM ledger_addresses WHERE seq > ? AND seq <= ? ORDER BY address';
  const found = new Map<number, string[]>();
  for (const { seq, address } of database.all(sql, after, end)) {
    const own = found.get(Number(seq));
    if (own) own.push(String(address));
    else found.set(Number(seq), [String(address)]);
  }
  return found;
}

function rowOf(row: Row, addresses: readonly string[]): StoredRow {
  const { content } = row;
  return {
    seq: Number(row['seq']),
    at: String(row['at']),
    kind: String(row['kind']),
    host: String(row['host']),
    content: content === null || content === undefined ? null : String(content),
    previous: String(row['previous']),
    hash: String(row['hash']),
    addresses,
  };
}

/** The one way past the triggers, within the purge's own transaction. */
function takeContent(database: Database, seqs: readonly number[]): void {
  database.run("INSERT INTO ledger_marks (name, value) VALUES ('purging', '')");
  for (const seq of seqs) {
    database.run(
      "UPDATE ledger SET content = NULL, at = '', kind = 'purged', host = '' WHERE seq = ?",
      seq,
    );
    database.run('DELETE FROM ledger_addresses WHERE seq = ?', seq);
  }
  database.run("DELETE FROM ledger_marks WHERE name = 'purging'");
}

/** Overwrites what the file still holds of content that is gone (sqlite.org/lang_vacuum.html). */
function forget(database: Database): void {
  database.run('VACUUM');
  database.all('PRAGMA wal_checkpoint(TRUNCATE)');
}
