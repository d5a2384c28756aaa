import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findResumable } from '../../src/cli/find-resumable.ts';
import { openStore, type Store } from '../../src/store/store.ts';

let folder: string;
let store: Store;
let seconds = 0;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lab-resumable-'));
  store = await openStore(folder);
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

type End = 'finished' | 'cancelled' | 'still going on';

/** Writes down a run; each is newer than the one before. */
function write(run: string, command: string, end: End, options: Record<string, string> = {}): void {
  seconds += 1;
  const at = new Date(Date.UTC(2026, 10, 23, 8, 0, seconds)).toISOString();
  store.saveInvocation(run, { command, args: ['site.yml'], options, cwd: '/' });
  const title = `${command} site.yml`;
  const started = { hosts: [], steps: [], context: {} };
  store.append({ type: 'run.started', kind: command, title, ...started, run, seq: 1, at });
  if (end !== 'still going on')
    store.append({ type: 'run.finished', outcome: end, totals: {}, run, seq: 2, at });
}

describe('the run to go on with', () => {
  it('is the newest playbook run that was cut off, whatever was run after it', async () => {
    write('r1', 'play', 'cancelled');
    write('r2', 'play', 'cancelled');
    write('r3', 'play', 'finished');
    write('r4', 'check', 'cancelled');
    write('r5', 'play', 'still going on');
    expect(await findResumable(store, undefined)).toBe('r2');
    expect(await findResumable(store, 'r1')).toBe('r1');
  });

  it('is one that ended with commands in doubt', async () => {
    write('r1', 'play', 'cancelled');
    write('r2', 'play', 'finished');
    await store.openPlayJournal('r2').begin('command on a01', false);
    expect(await findResumable(store, undefined)).toBe('r2');
  });

  it('is the last of a chain of runs that went on with each other', async () => {
    write('r1', 'play', 'cancelled');
    write('r2', 'play', 'cancelled', { resumeRun: 'r1' });
    expect(await findResumable(store, undefined)).toBe('r2');
    await expect(findResumable(store, 'r1')).rejects.toThrow('the run r2 went on with r1');
  });

  it('is none where all came to their end, with the reason of the newest', async () => {
    await expect(findResumable(store, undefined)).rejects.toThrow('no playbook run to go on with');
    write('r1', 'play', 'finished');
    write('r2', 'check', 'cancelled');
    await expect(findResumable(store, undefined)).rejects.toThrow('the run r1 came to its end');
    write('r3', 'play', 'still going on');
    await expect(findResumable(store, undefined)).rejects.toThrow('the run r3 is still going on');
  });
});
