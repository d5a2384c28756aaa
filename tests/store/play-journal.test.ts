import {
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore, type Store } from '../../src/store/store.ts';

let folder: string;
let store: Store;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lab-journal-'));
  store = await openStore(folder);
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('the journal of a playbook run', () => {
  it('gives a resumed run what the earlier one finished, and says of what was only begun that nobody knows', async () => {
    const first = store.openPlayJournal('r1');
    await first.begin('command on a01', false);
    await first.begin('copy on a01', true);
    first.end('copy on a01', { changed: true });
    first.flush();
    const second = store.openPlayJournal('r2', 'r1');
    expect(second.recall('copy on a01')).toEqual({ changed: true });
    expect(second.recall('command on a01')).toBe('begun');
    expect(second.recall('never')).toBeUndefined();
  });

  it('knows what was begun and may simply be done again; only the rest leaves a doubt', async () => {
    const first = store.openPlayJournal('r1');
    await first.begin('copy on a01', true);
    expect(first.hasDoubts()).toBe(false);
    await first.begin('command on a01', false);
    expect(first.hasDoubts()).toBe(true);
    const second = store.openPlayJournal('r2', 'r1');
    expect([second.recall('copy on a01'), second.recall('command on a01')]).toEqual([
      'begun',
      'begun',
    ]);
  });

  it('is found by the third run when the second was cut off before it took it over', async () => {
    const asked = { command: 'play', args: ['site.yml'], cwd: '/' };
    await store.openPlayJournal('r1').begin('command on a01', false);
    store.saveInvocation('r1', { ...asked, options: {} });
    store.saveInvocation('r2', { ...asked, options: { resumeRun: 'r1' } });
    expect(store.openPlayJournal('r3', 'r2').recall('command on a01')).toBe('begun');
  });

  it('lets a resumed run be resumed again', () => {
    const first = store.openPlayJournal('r1');
    first.end('one', { changed: false });
    first.flush();
    const second = store.openPlayJournal('r2', 'r1');
    second.end('two', { changed: true });
    second.flush();
    const third = store.openPlayJournal('r3', 'r2');
    expect([third.recall('one'), third.recall('two')]).toEqual([
      { changed: false },
      { changed: true },
    ]);
  });

  it('is readable after a power cut at any moment: what was begun and not ended is in doubt', async () => {
    const first = store.openPlayJournal('r1');
    const calls = Array.from({ length: 30 }, (_, index) => `command ${index}`);
    for (const call of calls) {
      await first.begin(call, false);
      first.end(call, { changed: true });
      first.flush();
    }
    const wal = readFileSync(join(folder, 'lab.sqlite-wal'));
    const cut = mkdtempSync(join(tmpdir(), 'lab-journal-cut-'));
    for (let turn = 0; turn < 60; turn++) {
      copyFileSync(join(folder, 'lab.sqlite'), join(cut, 'lab.sqlite'));
      const at = Math.floor((turn / 60 + Math.random() / 60) * wal.length);
      writeFileSync(join(cut, 'lab.sqlite-wal'), wal.subarray(0, at));
      const after = await openStore(cut);
      const found = after.openPlayJournal('r2', 'r1');
      const states = calls.map((call) => {
        const state = found.recall(call);
        return typeof state === 'object' ? 'E' : state === 'begun' ? 'B' : '-';
      });
      expect(states.join('')).toMatch(/^E*B?-*$/);
      after.close();
      for (const name of ['', '-wal', '-shm'])
        rmSync(join(cut, `lab.sqlite${name}`), { force: true });
    }
    rmSync(cut, { recursive: true });
  });

  it('leaves nothing of what it held in the state folder once the run has ended', async () => {
    const first = store.openPlayJournal('r1');
    first.end('one', { password: 'labkit-marker' });
    first.flush();
    first.drop();
    store.close();
    for (const name of readdirSync(folder))
      expect(readFileSync(join(folder, name)).includes('labkit-marker'), name).toBe(false);
    store = await openStore(folder);
  });

  it('forgets a run that came to its end', () => {
    const first = store.openPlayJournal('r1');
    first.end('one', { changed: false });
    first.flush();
    first.drop();
    expect(store.openPlayJournal('r2', 'r1').recall('one')).toBeUndefined();
  });
});

describe('how a run was asked for', () => {
  it('comes back as it was', () => {
    const invocation = {
      command: 'play',
      args: ['site.yml', null],
      options: { limit: 'a01' },
      cwd: '/srv',
    };
    store.saveInvocation('r1', invocation);
    expect(store.loadInvocation('r1')).toEqual(invocation);
    expect(store.loadInvocation('r2')).toBeUndefined();
  });

  it('is kept for the last 200 runs', () => {
    for (let at = 0; at < 205; at += 1)
      store.saveInvocation(`r${String(at).padStart(3, '0')}`, {
        command: 'run',
        args: [],
        options: {},
        cwd: '/',
      });
    expect(store.loadInvocation('r004')).toBeUndefined();
    expect(store.loadInvocation('r005')).toBeDefined();
  });
});
