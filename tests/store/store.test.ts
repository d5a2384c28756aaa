import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunEvent, RunEventBody } from '../../src/model/event.ts';
import { LabError } from '../../src/model/lab-error.ts';
import { renderRunId } from '../../src/store/run-id.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { endOf, startProgram } from './programs/start.ts';

let folder = '';
let store: Store;
beforeEach(async () => {
  folder = join(mkdtempSync(join(tmpdir(), 'labkit-store-')), 'state');
  store = await openStore(folder);
});
afterEach(() => {
  store.close();
  rmSync(join(folder, '..'), { recursive: true, force: true });
});

const at = '2026-11-23T13:45:12.000Z';
const begun: RunEventBody = {
  type: 'run.started',
  kind: 'run',
  title: 'run uptime',
  hosts: [{ host: 'pc1', room: 'lab_a', seat: '1' }],
  steps: [{ id: 'command', title: 'uptime' }],
  context: { lang: 'en', who: 'zhang@office-7' },
};
const ended: RunEventBody = { type: 'run.finished', outcome: 'finished', totals: { ok: 1 } };
const line = (text: string): RunEventBody => ({
  type: 'step.output',
  host: 'pc1',
  step: 'command',
  stream: 'stdout',
  text,
});

function stamp(run: string, bodies: readonly RunEventBody[]): RunEvent[] {
  return bodies.map((body, index) => ({ ...body, run, seq: index + 1, at }));
}

function append(run: string, ...bodies: RunEventBody[]): RunEvent[] {
  const events = stamp(run, bodies);
  for (const event of events) store.append(event);
  return events;
}

const program = (...words: string[]) => startProgram('write-run', folder, ...words);

describe('the events of a run', () => {
  it('come back in order and unchanged, whatever a host printed', () => {
    const odd = ['\x00\x1b[2J', '王芳 \u{202e}', '\ud800', '{"a":1}', "'; DROP TABLE events; --"];
    const events = append('r1', begun, ...odd.map(line), ended);
    expect(store.loadEvents('r1')).toEqual(events);
    expect(store.loadEvents('r2')).toEqual([]);
  });

  it('are on the disk at once for the beginning and the end, and a little later for others', async () => {
    append('r1', begun, line('a'));
    await using other = await openSecond();
    expect(other.loadEvents('r1').map(({ type }) => type)).toEqual(['run.started']);
    while (other.loadEvents('r1').length < 2) await sleep(1);
    store.append({ ...ended, run: 'r1', seq: 3, at });
    expect(other.loadEvents('r1')).toHaveLength(3);
  });

  it('are all there after close', async () => {
    const events = append(
      'r1',
      begun,
      ...Array.from({ length: 1_300 }, (_, index) => line(`${index}`)),
    );
    store.close();
    store = await openStore(folder);
    expect(store.loadEvents('r1')).toEqual(events);
  });

  it('are a gapless beginning of the run after kill -9, and the run is called interrupted', async () => {
    for (const [index, pauseMs] of [3, 10, 30, 70, 120].entries()) {
      const run = `run-${index}`;
      const child = await program(run, '100000');
      await sleep(pauseMs);
      expect((await store.listRuns())[0]).toMatchObject({ run, state: 'running' });
      child.kill('SIGKILL');
      await endOf(child);
      const seqs = store.loadEvents(run).map(({ seq }) => seq);
      expect(seqs.length).toBeGreaterThan(0);
      expect(seqs).toEqual(seqs.map((_, place) => place + 1));
      expect((await store.listRuns()).find((each) => each.run === run)?.state).toBe('interrupted');
    }
  });

  it('of two processes that write at once are complete', async () => {
    const children = [await program('one', '800', 'finish'), await program('two', '800', 'finish')];
    expect(await Promise.all(children.map(endOf))).toEqual([0, 0]);
    for (const run of ['one', 'two']) {
      const seqs = store.loadEvents(run).map(({ seq }) => seq);
      expect(seqs).toEqual(Array.from({ length: 800 }, (_, index) => index + 1));
    }
  });
});

async function openSecond(): Promise<Store & AsyncDisposable> {
  const other = await openStore(folder);
  return { ...other, [Symbol.asyncDispose]: async () => other.close() };
}

describe('runs', () => {
  it('are listed newest first with their state and totals', async () => {
    append('20261123-134512-aaa', begun);
    append('20261123-134513-bbb', begun, ended);
    append('20261123-134514-ccc', begun, {
      ...ended,
      outcome: 'cancelled',
      totals: { cancelled: 1 },
    });
    const [last, middle, first] = await store.listRuns();
    expect(first).toMatchObject({ run: '20261123-134512-aaa', state: 'running', finishedAt: '' });
    expect(middle).toEqual({
      run: '20261123-134513-bbb',
      kind: 'run',
      title: 'run uptime',
      who: 'zhang@office-7',
      startedAt: at,
      finishedAt: at,
      state: 'finished',
      hosts: 1,
      totals: { ok: 1 },
    });
    expect(last?.state).toBe('cancelled');
    expect(store.latestRun()).toBe('20261123-134514-ccc');
  });

  it('are found by the beginning of their id, unless several begin so', () => {
    append('20261123-134512-aaa', begun);
    append('20261123-134513-bbb', begun);
    append('20261123-134513', begun);
    expect(store.findRun('20261123-134512')).toBe('20261123-134512-aaa');
    expect(store.findRun('20261123-134513')).toBe('20261123-134513');
    expect(() => store.findRun('2026')).toThrow(
      '3 runs begin with "2026": 20261123-134513-bbb, 20261123-134513',
    );
    expect(() => store.findRun('1%')).toThrow('no run begins with "1%"');
  });

  it('can be followed while another process writes them, to the end', async () => {
    const child = await program('live', '200', 'finish');
    const seqs: number[] = [];
    for await (const event of store.watchRun('live', { pollMs: 5 })) seqs.push(event.seq);
    expect(seqs).toEqual(Array.from({ length: 200 }, (_, index) => index + 1));
    await endOf(child);
  });

  it('are followed no longer than their process lives, or than one wants to', async () => {
    const child = await program('live', '100000');
    const seen: RunEvent[] = [];
    for await (const event of store.watchRun('live', { pollMs: 5 })) {
      if (seen.push(event) === 3) child.kill('SIGKILL');
    }
    expect(seen).toEqual(store.loadEvents('live'));
    append('own', begun);
    const away = new AbortController();
    for await (const event of store.watchRun('own', { pollMs: 5, signal: away.signal })) {
      expect(event.type).toBe('run.started');
      setTimeout(() => away.abort(), 20);
    }
  });
});

describe('the lock of a host', () => {
  const mine = { who: 'Li Lei', since: at, run: 'r1' };
  const hers = { who: 'Han Meimei', since: at, run: 'r2' };

  it('keeps a second run out and says who has it, since when and in which run', async () => {
    await store.takeLock('pc1', mine);
    await expect(store.takeLock('pc1', hers)).rejects.toMatchObject({
      kind: 'refused',
      message: `pc1 is locked by Li Lei since ${at} (run r1, process ${process.pid})`,
    });
    await expect(store.takeLock('pc2', hers)).resolves.toBeDefined();
  });

  it('is free after release, and releasing twice frees nobody else', async () => {
    const first = await store.takeLock('pc1', mine);
    await first[Symbol.asyncDispose]();
    await store.takeLock('pc1', hers);
    await first[Symbol.asyncDispose]();
    await expect(store.takeLock('pc1', mine)).rejects.toMatchObject({ kind: 'refused' });
  });

  it('is held against another process, and free at once when that was killed', async () => {
    const child = await program('other', '100000');
    await expect(store.takeLock('pc-other', mine)).rejects.toThrow('locked by writer since');
    child.kill('SIGKILL');
    await endOf(child);
    await expect(store.takeLock('pc-other', mine)).resolves.toBeDefined();
  });

  it.each([
    ['whose number another process has now', { startTicks: '1' }],
    ['of an earlier start of the system', { bootId: 'another-boot' }],
    ['that is not there any more', { pid: 2 ** 22 + 1 }],
  ])('is not held by a process %s', async (_what, changes) => {
    await store.takeLock('pc1', mine);
    alterHolder(changes);
    await expect(store.takeLock('pc1', hers)).resolves.toBeDefined();
  });

  it('neither frees nor blocks anything when a clock is set back or ahead', async () => {
    await store.takeLock('past', { ...mine, since: '1999-01-01T00:00:00.000Z' });
    await store.takeLock('future', { ...mine, since: '2099-01-01T00:00:00.000Z' });
    for (const host of ['past', 'future'])
      await expect(store.takeLock(host, hers)).rejects.toMatchObject({ kind: 'refused' });
  });

  it('is given to exactly one of many that want to follow a dead process', async () => {
    await store.takeLock('pc1', mine);
    alterHolder({ bootId: 'another-boot' });
    const tries = Array.from({ length: 20 }, () => store.takeLock('pc1', hers));
    const results = await Promise.allSettled(tries);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  function alterHolder(changes: object): void {
    const sqlite = new DatabaseSync(join(folder, 'lab.sqlite'));
    const [row] = sqlite.prepare('SELECT process FROM locks').all();
    const process = { ...JSON.parse(String(row?.['process'])), ...changes };
    sqlite.prepare('UPDATE locks SET process = ?').run(JSON.stringify(process));
    sqlite.close();
  }
});

describe('facts', () => {
  it('are kept per host with the time they were found, newer ones in place of older', () => {
    store.saveFacts([
      { host: 'pc2', at, facts: { ram: 8 } },
      { host: 'pc1', at, facts: { ram: 4 } },
    ]);
    store.saveFacts([{ host: 'pc1', at: '2026-12-01T00:00:00.000Z', facts: { os: '麒麟' } }]);
    expect(store.loadFacts('pc1')).toEqual({
      host: 'pc1',
      at: '2026-12-01T00:00:00.000Z',
      facts: { os: '麒麟' },
    });
    expect(store.listFacts().map(({ host }) => host)).toEqual(['pc1', 'pc2']);
    expect(store.loadFacts('pc3')).toBeUndefined();
  });
});

describe('when a host was last seen', () => {
  const ends = (host: string, reached: boolean): RunEventBody => ({
    ...{ type: 'host.finished', host, outcome: 'failed', durationMs: 1 },
    ...(reached ? { reached } : {}),
  });

  it('is the end of the last run that reached it, or when it last told its facts', () => {
    append('r1', begun, ends('pc1', true), ends('pc2', false), ended);
    store.append({ ...ends('pc1', true), run: 'r0', seq: 1, at: '2026-01-01T00:00:00.000Z' });
    store.saveFacts([
      { host: 'pc1', at: '2026-02-01T00:00:00.000Z', facts: {} },
      { host: 'pc3', at: '2026-03-01T00:00:00.000Z', facts: {} },
    ]);
    store.flush();
    expect(store.listSeen()).toEqual(
      new Map([
        ['pc1', at],
        ['pc3', '2026-03-01T00:00:00.000Z'],
      ]),
    );
  });
});

describe('the state folder', () => {
  it('is private', () => {
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    append('r1', begun);
    for (const name of ['lab.sqlite', 'lab.sqlite-wal'])
      expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
  });

  it('that is damaged, no database or no folder is an error of the environment with a way out', async () => {
    const broken = join(folder, '../broken');
    mkdirSync(broken);
    writeFileSync(
      join(broken, 'lab.sqlite'),
      'this is no database, and it is long enough to see that',
    );
    await expect(openStore(broken)).rejects.toMatchObject({
      kind: 'environment',
      message: expect.stringContaining('lab.sqlite is not a Labkit database'),
      hint: expect.stringContaining('move it aside'),
    });
    writeFileSync(join(folder, '../file'), '');
    await expect(openStore(join(folder, '../file/state'))).rejects.toMatchObject({
      kind: 'environment',
    });
  });

  it.runIf(process.getuid?.() === 0)(
    'that cannot be made is an error of the environment, also where the system gives odd answers',
    async () => {
      const still = join(folder, '../read-only');
      mkdirSync(still);
      const mount = spawnSync('mount', ['-t', 'tmpfs', '-o', 'ro', 'labkit-test', still]);
      expect(mount.status).toBe(0);
      try {
        for (const place of [join(still, '.lab'), '/proc/labkit/.lab'])
          await expect(openStore(place)).rejects.toMatchObject({ kind: 'environment' });
      } finally {
        spawnSync('umount', [still]);
      }
    },
  );

  it('whose pages were overwritten is called damaged, not a bug', async () => {
    append(
      'r1',
      begun,
      ...Array.from({ length: 600 }, (_, index) => line(`${index}`.repeat(50))),
      ended,
    );
    store.close();
    const path = join(folder, 'lab.sqlite');
    const { size } = statSync(path);
    spawnSync('dd', [
      'if=/dev/urandom',
      `of=${path}`,
      'bs=4096',
      'seek=1',
      `count=${Math.floor(size / 4096) - 1}`,
      'conv=notrunc',
    ]);
    const read = async () => {
      store = await openStore(folder);
      store.loadEvents('r1');
    };
    await expect(read()).rejects.toMatchObject({
      kind: 'environment',
      message: expect.stringContaining('is damaged'),
    });
  });

  it('of a newer Labkit is left alone', async () => {
    const sqlite = new DatabaseSync(join(folder, 'lab.sqlite'));
    sqlite.exec('PRAGMA user_version = 99');
    sqlite.close();
    await expect(openStore(folder)).rejects.toMatchObject({
      kind: 'environment',
      message: expect.stringContaining('newer Labkit'),
    });
  });

  it('can be opened by ten at once when it is new', async () => {
    const fresh = join(folder, '../fresh');
    const stores = await Promise.all(Array.from({ length: 10 }, () => openStore(fresh)));
    for (const each of stores) each.close();
    expect(existsSync(join(fresh, 'lab.sqlite'))).toBe(true);
  });

  it.runIf(process.getuid?.() === 0)(
    'on a full disk says so, keeps what it has, and goes on when there is space again',
    async () => {
      const small = join(folder, '../small');
      mkdirSync(small);
      expect(
        spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=512k', 'labkit-test', small]).status,
      ).toBe(0);
      try {
        const full = await openStore(small);
        const filler = join(small, 'filler');
        const events = stamp('r1', [
          begun,
          ...Array.from({ length: 2_000 }, (_, index) => line(`${index}`.padEnd(400))),
        ]);
        writeFileSync(filler, 'x'.repeat(100_000));
        let taken = 0;
        const fill = () => {
          for (const event of events) {
            taken = event.seq;
            full.append(event);
          }
          full.flush();
        };
        expect(fill).toThrow(
          expect.objectContaining({
            kind: 'environment',
            message: expect.stringContaining('the disk is full'),
          }),
        );
        const kept = full.loadEvents('r1').map(({ seq }) => seq);
        expect(kept).toEqual(kept.map((_, index) => index + 1));
        expect(kept.length).toBeLessThan(taken);
        rmSync(filler);
        spawnSync('mount', ['-o', 'remount,size=20m', small]);
        full.flush();
        expect(full.loadEvents('r1').map(({ seq }) => seq)).toEqual(
          Array.from({ length: taken }, (_, index) => index + 1),
        );
        full.close();
      } finally {
        spawnSync('umount', [small]);
      }
    },
  );
});

describe('renderRunId', () => {
  it('is the local time and three letters that are not misread', () => {
    const noon = new Date(2026, 10, 23, 13, 45, 12);
    expect(renderRunId(noon, 0)).toBe('20261123-134512-000');
    expect(renderRunId(noon, 0.999999999)).toBe('20261123-134512-zzz');
    expect(renderRunId(new Date(2026, 0, 2, 3, 4, 5), 0.5)).toBe('20260102-030405-g00');
  });
});

describe.runIf(process.getuid?.() === 0)('a disk that is full at any point', () => {
  it('is either enough or an error of the environment, and never leaves a run that cannot be read', async () => {
    const small = join(folder, '../tight');
    mkdirSync(small);
    const outcomes = new Set<string>();
    for (let kibibytes = 8; kibibytes <= 400; kibibytes += 24) {
      const size = `size=${kibibytes}k`;
      spawnSync('mount', ['-t', 'tmpfs', '-o', size, 'labkit-test', small]);
      try {
        outcomes.add(await useDisk(join(small, 'state')));
      } finally {
        spawnSync('umount', [small]);
      }
    }
    expect([...outcomes].sort()).toEqual(['enough', 'environment']);
  });

  async function useDisk(state: string): Promise<string> {
    const texts = Array.from({ length: 300 }, (_, index) => line(`${index}`.padEnd(200)));
    const events = stamp('r1', [begun, ...texts, ended]);
    let tight: Store | undefined;
    try {
      tight = await openStore(state);
      for (const event of events) tight.append(event);
      tight.close();
      return 'enough';
    } catch (error) {
      const kept = tight?.loadEvents('r1') ?? [];
      expect(kept).toEqual(events.slice(0, kept.length));
      expect(error).toBeInstanceOf(LabError);
      return error instanceof LabError ? error.kind : 'bug';
    } finally {
      try {
        tight?.close();
      } catch (error) {
        expect(error).toMatchObject({ kind: 'environment' });
      }
    }
  }
});
