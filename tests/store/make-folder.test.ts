import { chownSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeFolder } from '../../src/store/make-folder.ts';
import { openStore } from '../../src/store/store.ts';

let project = '';
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'lab-owner-'));
});
afterEach(() => rmSync(project, { recursive: true, force: true }));
const ownerOf = (...path: string[]) => statSync(join(project, ...path)).uid;

describe.skipIf(process.getuid?.() !== 0)("what root makes in a person's folder", () => {
  beforeEach(() => chownSync(project, 54_321, 54_321));

  it('belongs to that person, all the way down', () => {
    makeFolder(join(project, '.lab', 'netboot'), 0o700);
    expect(ownerOf('.lab')).toBe(54_321);
    expect(ownerOf('.lab', 'netboot')).toBe(54_321);
  });

  it('can be worked on without root: the state database and what SQLite keeps beside it', async () => {
    using _store = await openStore(join(project, '.lab'));
    const files = ['lab.sqlite', 'lab.sqlite-wal', 'lab.sqlite-shm'];
    expect(files.map((file) => ownerOf('.lab', file))).toEqual([54_321, 54_321, 54_321]);
  });
});

it('is this account itself elsewhere', () => {
  makeFolder(join(project, '.lab'), 0o700);
  expect(ownerOf('.lab')).toBe(process.geteuid?.());
});
