import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { saveServiceNote } from '../../../src/cli/netboot/service-note.ts';
import { listeningSince } from '../../../src/cli/reinstall/listening-since.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lab-note-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const now = Date.UTC(2026, 10, 23, 9);
const startedAt = '2026-11-23T08:00:00.000Z';
const noteOf = (pid: number) => ({
  ...{ url: 'http://10.1.0.2:8080', interface: 'lan', mode: 'proxy' as const, pid, startedAt },
});

describe('since when a boot service hears of targets', () => {
  it('is its start while it runs', async () => {
    await saveServiceNote(folder, noteOf(process.pid));
    expect(await listeningSince(folder, now)).toBe(Date.parse(startedAt));
  });

  it('is the present where it never ran, was ended, or died and left its note', async () => {
    expect(await listeningSince(folder, now)).toBe(now);
    const remove = await saveServiceNote(folder, noteOf(process.pid));
    await remove();
    expect(await listeningSince(folder, now)).toBe(now);
    const { pid } = spawnSync('true');
    await saveServiceNote(folder, noteOf(pid));
    expect(await listeningSince(folder, now)).toBe(now);
  });
});
