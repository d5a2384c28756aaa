import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chainStart, openRows, sealRow, verifyChain } from '../../src/registry/chain.ts';
import { planPurge } from '../../src/registry/purge.ts';
import { makeEntry } from '../../src/registry/reconcile.ts';
import { presentKinds } from '../../src/registry/states.ts';
import { type Ledger, openLedger } from '../../src/store/ledger.ts';
import { hour, registration, sha256 } from '../registry/random-history.ts';

let folder: string;
let ledger: Ledger;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lab-ledger-'));
  ledger = open();
});
afterEach(() => {
  ledger.close();
  rmSync(folder, { recursive: true, force: true });
});

function open(): Ledger {
  return openLedger(folder, (entry, seq, previous) =>
    sealRow(entry, seq, previous || chainStart, sha256),
  );
}

function entry(hours: number, host: string, person: number, ip: number) {
  const occasion = { at: hour(hours), who: 'zhang@office-7' };
  return makeEntry(occasion, 'register', { host, after: registration(host, person, ip, ip) });
}

async function fill(): Promise<void> {
  await ledger.append([entry(1, 'a1', 1, 1), entry(1, 'a2', 2, 2)]);
  await ledger.append([entry(5, 'a1', 3, 3)]);
}

/** Writes into the database past every function of ours. */
function tamper(...statements: readonly string[]): void {
  const raw = new DatabaseSync(join(folder, 'lab.sqlite'));
  for (const sql of statements) raw.exec(sql);
  raw.close();
}

const withoutTriggers = [
  'ledger_only_grows',
  'ledger_keeps_rows',
  'ledger_keeps_content',
  'ledger_keeps_addresses',
  'ledger_keeps_address',
].map((name) => `DROP TRIGGER ${name}`);

async function verify() {
  return verifyChain(ledger.walk(), await ledger.anchor(), sha256);
}

describe('the ledger', () => {
  it('gives rows back by host, address, kind and time, and the last of each host', async () => {
    await fill();
    const seqs = (rows: readonly { seq: number }[]) => rows.map(({ seq }) => seq);
    expect(seqs(ledger.loadByHost('a1'))).toEqual([1, 3]);
    expect(seqs(ledger.loadByAddress('10.1.1.1'))).toEqual([1, 3]);
    expect(seqs(ledger.loadByAddress('00:e0:4c:00:00:02'))).toEqual([2]);
    expect(seqs(ledger.loadByAddress('10.9.9.9'))).toEqual([]);
    expect(seqs(ledger.loadSince(hour(2)))).toEqual([3]);
    expect(seqs(ledger.loadLatest(presentKinds))).toEqual([2, 3]);
    expect(openRows([...ledger.walk()]).map(({ after }) => after?.ip)).toEqual([
      '10.1.1.1',
      '10.1.1.2',
      '10.1.1.3',
    ]);
    expect(await verify()).toBeUndefined();
  });

  it('is for its owner only, with the anchor beside it', async () => {
    await fill();
    expect(statSync(join(folder, 'lab.sqlite')).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'ledger.anchor')).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(folder, 'ledger.anchor'), 'utf8')).toBe(`3 ${ledger.last()?.hash}\n`);
  });

  it.each([
    ['changing a row', "UPDATE ledger SET content = replace(content, '张伟', '李雷')"],
    ['emptying a row', 'UPDATE ledger SET content = NULL WHERE seq = 1'],
    ['taking a row out', 'DELETE FROM ledger WHERE seq = 3'],
    ['replacing a row', "INSERT OR REPLACE INTO ledger VALUES (2, '', '', '', '{}', '', '')"],
    ['leaving a gap', "INSERT INTO ledger VALUES (9, '', '', '', '{}', '', '')"],
    ['hiding an address', 'DELETE FROM ledger_addresses'],
  ])('refuses %s, whoever asks', async (_, sql) => {
    await fill();
    expect(() => tamper(sql)).toThrow(/ledger/);
    expect(await verify()).toBeUndefined();
  });

  it('names the row of any byte that is flipped in the file of the database', async () => {
    await fill();
    for (const column of ['content', 'at', 'kind', 'host', 'previous', 'hash'])
      for (const seq of [1, 2, 3]) {
        tamper(
          ...(column === 'content' && seq === 1 ? withoutTriggers : []),
          `CREATE TABLE kept AS SELECT * FROM ledger WHERE seq = ${seq}`,
          `UPDATE ledger SET ${column} = substr(${column}, 1, 4) || char(unicode(substr(${column}, 5)) + 1) || substr(${column}, 6) WHERE seq = ${seq}`,
        );
        expect(await verify(), `${column} of row ${seq}`).toMatchObject({ seq });
        tamper(
          `UPDATE ledger SET ${column} = (SELECT ${column} FROM kept) WHERE seq = ${seq}`,
          'DROP TABLE kept',
        );
        expect(await verify()).toBeUndefined();
      }
  });

  it('misses rows that were cut off its end, and an index that hides one', async () => {
    await fill();
    tamper(...withoutTriggers, "DELETE FROM ledger_addresses WHERE address = '10.1.1.2'");
    expect(await verify()).toMatchObject({ seq: 2, what: 'index' });
    tamper(
      "INSERT INTO ledger_addresses VALUES ('10.1.1.2', 2)",
      'DELETE FROM ledger WHERE seq = 3',
    );
    expect(await verify()).toMatchObject({ seq: 3, what: 'tail' });
  });

  it('holds nothing of a purged name any more, in no file, and still verifies', async () => {
    await fill();
    const rows = openRows([...ledger.walk()]);
    const occasion = { at: hour(9000), who: 'zhang@office-7' };
    await ledger.purge(planPurge(rows, new Set(), hour(10), occasion, sha256));
    expect(await verify()).toBeUndefined();
    expect([...ledger.walk()].map(({ content }) => content !== null)).toEqual([
      ...[false, false, false],
      ...[true, true, true],
    ]);
    ledger.close();
    expect(readFileSync(join(folder, 'lab.sqlite')).includes('张伟')).toBe(false);
    expect(readFileSync(join(folder, 'lab.sqlite')).includes('韩梅梅')).toBe(true);
    ledger = open();
    expect(() => tamper('UPDATE ledger SET content = NULL WHERE seq = 5')).toThrow(/ledger/);
  });
});
