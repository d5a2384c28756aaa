import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../../src/store/database.ts';

it('keeps its lock on the file when the same process opens it again', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lab-lock-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const first = openDatabase(folder);
  const { ino } = statSync(join(folder, 'lab.sqlite'));
  // proc_locks(5): the owner and then the file, by device and inode
  const isHeld = () =>
    readFileSync('/proc/locks', 'utf8')
      .split('\n')
      .some((line) => new RegExp(` ${process.pid} \\S+:${ino} `).test(line));
  expect(isHeld()).toBe(true);
  const second = openDatabase(folder);
  expect(isHeld()).toBe(true);
  second.close();
  first.close();
});
