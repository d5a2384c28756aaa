import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { labIn } from '../helpers/lab.ts';
import { describeOnPcs, type Finished, openSim, type Sim } from '../helpers/sim.ts';

interface CheckReport {
  readonly schema: string;
  readonly run: string;
  readonly totals: Readonly<Record<string, number>>;
  readonly rows: readonly {
    host: string;
    check: string;
    verdict: string;
    found: string;
    reason?: string;
  }[];
  readonly hosts: readonly { host: string; room: string; seat: string; state: string }[];
  readonly rooms: readonly {
    room: string;
    total: number;
    inService: number;
    rate: number;
    off: number;
    broken: number;
  }[];
}

/** What each faulty PC must be told, and its state; every other PC must have none of these verdicts. */
const faulty: Readonly<
  Record<string, { check: string; verdict: string; reason?: string; state: string }>
> = {
  a07: { check: 'reach', verdict: 'unknown', reason: 'no-route', state: 'off' },
  a09: { check: 'reach', verdict: 'fail', reason: 'banner-timeout', state: 'broken' },
  a20: { check: 'mac-ip', verdict: 'fail', state: 'broken' },
  b03: { check: 'reach', verdict: 'fail', reason: 'host-key-changed', state: 'broken' },
  b05: { check: 'disk-free', verdict: 'fail', state: 'broken' },
  b10: { check: 'reach', verdict: 'fail', reason: 'auth-failed', state: 'broken' },
};

describeOnPcs('lab check on two rooms of 32 PCs with six different faults', () => {
  let sim: Sim;
  let state: string;
  let checked: Finished;
  let report: CheckReport;
  const lab = (...args: string[]) => labIn(sim, state)(args);

  beforeAll(async () => {
    state = mkdtempSync(join(tmpdir(), 'lab-e2e-'));
    sim = await openSim({
      rooms: [
        { name: 'a', pcs: 32 },
        { name: 'b', pcs: 32 },
      ],
    });
    // Every host key is known before one PC gets another.
    await lab('run', 'all', '-q', '--', 'true');
    await sim.setFault('a07', 'down');
    await sim.setFault('a09', 'silent');
    await sim.setFault('a20', 'wrong-mac');
    await sim.setFault('b03', 'other-host-key');
    await sim.setFault('b05', 'disk-full');
    await sim.setFault('b10', 'key-refused');
    checked = await lab('check', 'all', '--suite', 'preterm', '--timeout', '5', '-o', 'json');
    report = JSON.parse(checked.stdout);
  });
  afterAll(async () => {
    await sim?.close();
    rmSync(state, { recursive: true, force: true });
  });

  it('asks every PC every check of the suite', () => {
    const checks = new Set(report.rows.map(({ check }) => check));
    expect(report.schema).toBe('lab.check/1');
    expect(checks.size).toBeGreaterThanOrEqual(20);
    expect(report.rows.length).toBe(64 * checks.size);
    expect(report.hosts.length).toBe(64);
  });

  it.each(Object.entries(faulty))(
    'tells what is wrong with %s, and why',
    (host, { check, verdict, reason, state: wanted }) => {
      const row = report.rows.find((each) => each.host === host && each.check === check);
      expect(row).toMatchObject({ verdict, ...(reason === undefined ? {} : { reason }) });
      expect(report.hosts.find((each) => each.host === host)?.state).toBe(wanted);
    },
  );

  it('fails no other PC, and no other check of the faulty ones', () => {
    const failed = report.rows
      .filter(({ verdict }) => verdict === 'fail')
      .map(({ host, check }) => `${host} ${check}`);
    const wanted = Object.entries(faulty).filter(([, { verdict }]) => verdict === 'fail');
    expect(failed.sort()).toEqual(wanted.map(([host, { check }]) => `${host} ${check}`).sort());
    const unsure = new Set(
      report.rows.filter(({ verdict }) => verdict === 'unknown').map(({ host }) => host),
    );
    expect([...unsure].sort()).toEqual(['a07', 'a09', 'b03', 'b10']);
  });

  it('counts who is in service without counting the PC that is off as broken', () => {
    // One PC of each room is the teacher's and does not count.
    expect(report.rooms).toMatchObject([
      { room: 'lab_a', total: 31, inService: 28, broken: 2, off: 1, rate: 0.9333 },
      { room: 'lab_b', total: 31, inService: 28, broken: 3, off: 0, rate: 0.9032 },
    ]);
  });

  it('exits with 2 because checks failed', () => {
    expect(checked.exitCode).toBe(2);
  });

  it('prints the same bytes again from the store, in every format', async () => {
    expect((await lab('runs', 'show', report.run)).stdout).toBe(checked.stdout);
    for (const format of ['table', 'csv', 'ndjson', 'markdown', 'junit']) {
      const first = await lab('runs', 'show', report.run, '-o', format);
      const again = await lab('runs', 'show', '-o', format);
      expect(first.exitCode, first.stderr).toBe(0);
      expect(first.stdout.length).toBeGreaterThan(100);
      expect(again.stdout).toBe(first.stdout);
    }
  });

  it('writes JUnit that the schema accepts, unreachable PCs as errors', async () => {
    const file = join(state, 'preterm.xml');
    const { stdout } = await lab('runs', 'show', report.run, '-o', 'junit');
    writeFileSync(file, stdout);
    const schema = join(import.meta.dirname, '..', 'fixtures', 'formats', 'junit.xsd');
    const checkedXml = spawnSync('xmllint', ['--noout', '--schema', schema, file], {
      encoding: 'utf8',
    });
    expect(checkedXml.stderr).toContain('validates');
    expect(checkedXml.status).toBe(0);
    expect(stdout).toMatch(/<testsuite name="a07"[^>]* failures="0" errors="[1-9]/);
  });

  it('names the changed host key with both fingerprints', () => {
    const found =
      report.rows.find(({ host, check }) => host === 'b03' && check === 'reach')?.found ?? '';
    expect(found.match(/SHA256:[A-Za-z0-9+/]{43}/g)?.length).toBe(2);
  });

  it('exits with 4 when PCs are only off, and with 0 when all is well', async () => {
    expect((await lab('check', 'a07', '--only', 'reach', '--suite', 'daily')).exitCode).toBe(4);
    expect(
      (await lab('check', 'a01,a02', '--only', 'reach,clock', '--suite', 'daily')).exitCode,
    ).toBe(0);
  });
});
