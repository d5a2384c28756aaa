import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore, type Store } from '../../src/store/store.ts';

let folder: string;
let store: Store;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lab-logbook-'));
  store = await openStore(folder);
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

const entry = (text: string, book: 'room' | 'operation' = 'operation') => ({
  book,
  at: '2026-09-01T08:00:00.000Z',
  who: 'li@office',
  text,
  run: '',
  hosts: 'a[01-12]',
  result: '12 changed',
});

/** Changes the database behind Labkit's back, as somebody with the file in hand could. */
function tamper(...statements: string[]): void {
  const sqlite = new DatabaseSync(join(folder, 'lab.sqlite'));
  for (const name of ['only_grows', 'keeps_rows', 'keeps_content'])
    sqlite.exec(`DROP TRIGGER logbook_${name}`);
  for (const statement of statements) sqlite.exec(statement);
  sqlite.close();
}

describe('the logbook', () => {
  it('keeps both books in one chain, each shown by itself in order', () => {
    store.appendLogbook(entry('installed the compiler'));
    store.appendLogbook(entry('projector lamp changed', 'room'));
    store.appendLogbook(entry('exam mode on'));
    expect(store.loadLogbook('operation').map(({ seq, text }) => [seq, text])).toEqual([
      [1, 'installed the compiler'],
      [3, 'exam mode on'],
    ]);
    expect(store.loadLogbook('room')).toMatchObject([{ seq: 2, text: 'projector lamp changed' }]);
    expect(store.findAlteredRow()).toBeUndefined();
  });

  it('names the first row that was altered', () => {
    for (const text of ['one', 'two', 'three']) store.appendLogbook(entry(text));
    tamper(`UPDATE logbook SET content = replace(content, 'two', '2') WHERE seq = 2`);
    expect(store.findAlteredRow()).toBe(2);
  });

  it('notices a row that was taken out of the middle', () => {
    for (const text of ['one', 'two', 'three']) store.appendLogbook(entry(text));
    tamper('DELETE FROM logbook WHERE seq = 2');
    expect(store.findAlteredRow()).toBe(2);
  });

  it('lets no row be changed or taken out as long as the database is whole', () => {
    store.appendLogbook(entry('one'));
    const sqlite = new DatabaseSync(join(folder, 'lab.sqlite'));
    expect(() => sqlite.exec(`UPDATE logbook SET content = 'x'`)).toThrow(
      /no row of the logbook is changed/,
    );
    expect(() => sqlite.exec('DELETE FROM logbook')).toThrow(/no row is taken out/);
    sqlite.close();
  });
});
