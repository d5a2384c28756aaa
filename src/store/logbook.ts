import { createHash } from 'node:crypto';
import type { Database } from './database.ts';

/** The room log is what people note; the operation table is what was done to PCs. */
export type Book = 'room' | 'operation';

/** What is written into a book; the names of fields are a contract (docs/cli.md, `lab.logbook/1`). */
export interface LogbookEntry {
  readonly book: Book;
  /** ISO 8601. */
  readonly at: string;
  readonly who: string;
  /** What was done or seen, in a sentence. */
  readonly text: string;
  /** The run that did it, or ''. */
  readonly run: string;
  /** Hosts, folded, or ''. */
  readonly hosts: string;
  /** How it ended, such as `60 changed, 4 failed`, or ''. */
  readonly result: string;
}

/** A row of the logbook: append-only, each chained to the one before. */
export interface LogbookRow extends LogbookEntry {
  readonly seq: number;
  readonly hash: string;
}

/** What the first row is chained to. */
const chainStart = '0'.repeat(64);

/** Adds a row behind the last one; it is on the disk when this returns. */
export function appendLogbook(database: Database, entry: LogbookEntry): LogbookRow {
  return database.transaction(() => {
    const [last] = database.all('SELECT seq, hash FROM logbook ORDER BY seq DESC LIMIT 1');
    const seq = Number(last?.['seq'] ?? 0) + 1;
    const content = renderContent(entry);
    const hash = hashRow(seq, String(last?.['hash'] ?? chainStart), content);
    database.run('INSERT INTO logbook (seq, content, hash) VALUES (?, ?, ?)', seq, content, hash);
    return { ...entry, seq, hash };
  });
}

/** The rows of a book, oldest first. */
export function loadLogbook(database: Database, book: Book): LogbookRow[] {
  return database
    .all('SELECT seq, content, hash FROM logbook ORDER BY seq')
    .map(({ seq, content, hash }) => ({
      ...(JSON.parse(String(content)) as LogbookEntry),
      seq: Number(seq),
      hash: String(hash),
    }))
    .filter((row) => row.book === book);
}

/** The number of the first row that was altered, or behind which one was taken out; undefined when all are as they were written. */
export function findAlteredRow(database: Database): number | undefined {
  let previous = chainStart;
  let expected = 1;
  for (const { seq, content, hash } of database.all(
    'SELECT seq, content, hash FROM logbook ORDER BY seq',
  )) {
    const isWhole =
      Number(seq) === expected && hashRow(expected, previous, String(content)) === hash;
    if (!isWhole) return expected;
    previous = String(hash);
    expected += 1;
  }
  return undefined;
}

// One order of fields, so that the same entry always has the same text.
function renderContent({ book, at, who, text, run, hosts, result }: LogbookEntry): string {
  return JSON.stringify({ book, at, who, text, run, hosts, result });
}

function hashRow(seq: number, previous: string, content: string): string {
  return createHash('sha256').update(`${seq}\n${previous}\n${content}`).digest('hex');
}
