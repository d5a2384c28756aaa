import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chainStart, sealRow } from '../../src/registry/chain.ts';
import { makeEntry } from '../../src/registry/reconcile.ts';
import { type Ledger, openLedger } from '../../src/store/ledger.ts';
import { openRegistryLock, recoverChange, saveChange } from '../../src/store/registry-change.ts';
import { hashOf } from '../../src/store/write-file.ts';
import { hour, sha256 } from '../registry/random-history.ts';

let folder: string;
let ledger: Ledger;
let one: string;
let two: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lab-change-'));
  one = join(folder, 'one.yaml');
  two = join(folder, 'two.yaml');
  writeFileSync(one, 'old one\n');
  writeFileSync(two, 'old two\n');
  ledger = openLedger(join(folder, '.lab'), (entry, seq, previous) =>
    sealRow(entry, seq, previous || chainStart, sha256),
  );
});
afterEach(() => {
  ledger.close();
  rmSync(folder, { recursive: true, force: true });
});

const entry = makeEntry({ at: hour(1), who: 'zhang@x' }, 'register', { host: 'a1' });
const rows = () => [...ledger.walk()].length;
const text = (path: string) => readFileSync(path, 'utf8');
const bothFiles = () => [
  { path: one, before: 'old one\n', after: 'new one\n' },
  { path: two, before: 'old two\n', after: 'new two\n' },
];

/** What a process leaves that was killed after it had said what it is about to do. */
function begin(): void {
  const files = bothFiles().map(({ path, before, after }) => ({
    path,
    before: hashOf(before),
    after: hashOf(after),
    text: after,
  }));
  ledger.saveJournal(JSON.stringify({ files, entries: [entry] }));
}

describe('a change of files and ledger', () => {
  it('does both, and leaves nothing to recover', async () => {
    await saveChange(ledger, 'zhang', { files: bothFiles(), entries: [entry] });
    expect([text(one), text(two), rows()]).toEqual(['new one\n', 'new two\n', 1]);
    expect(await recoverChange(ledger, 'zhang')).toBe('nothing');
  });

  it('does neither when a file is no longer what was read', async () => {
    writeFileSync(one, 'saved by an editor\n');
    const change = { files: bothFiles(), entries: [entry] };
    await expect(saveChange(ledger, 'zhang', change)).rejects.toMatchObject({ kind: 'refused' });
    expect([text(one), text(two), rows()]).toEqual(['saved by an editor\n', 'old two\n', 0]);
  });

  it.each([
    ['had not begun', [], 'dropped', 0, ['old one\n', 'old two\n']],
    ['had written one of two files', ['one'], 'finished', 1, ['new one\n', 'new two\n']],
    ['had written both', ['one', 'two'], 'finished', 1, ['new one\n', 'new two\n']],
  ] as const)('that %s when it was killed is %s', async (_, written, recovery, count, texts) => {
    begin();
    for (const name of written) writeFileSync(join(folder, `${name}.yaml`), `new ${name}\n`);
    expect(await recoverChange(ledger, 'zhang')).toBe(recovery);
    expect([rows(), text(one), text(two)]).toEqual([count, ...texts]);
    expect(await recoverChange(ledger, 'zhang')).toBe('nothing');
  });

  it('leaves files alone that somebody edited after the kill', async () => {
    begin();
    writeFileSync(one, 'edited since\n');
    expect(await recoverChange(ledger, 'zhang')).toBe('edited-since');
    expect([rows(), text(one), text(two)]).toEqual([0, 'edited since\n', 'old two\n']);
  });

  it('is made by one at a time, and who waits is told by whom', async () => {
    await using _ = await openRegistryLock(ledger.folder, 'zhang@office-7');
    await expect(openRegistryLock(ledger.folder, 'li', 50)).rejects.toMatchObject({
      kind: 'refused',
      message: expect.stringContaining('zhang@office-7'),
    });
  });
});
