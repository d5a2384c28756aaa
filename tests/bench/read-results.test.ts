import { describe, expect, test } from 'vitest';
import { readChecks } from '../../bench/comparisons/check.ts';
import { readFaultRun } from '../../bench/comparisons/faults.ts';
import { parseTimes } from '../../bench/measure.ts';
import { parseCpuTimes } from '../../bench/quiet.ts';
import { renderTable, renderVerdict } from '../../bench/render.ts';
import { renderSchool } from '../../bench/school-text.ts';
import { lintInventory } from '../../src/inventory/lint.ts';
import { makeFile, resolveTexts } from '../inventory/load-raw.ts';

describe('what was measured', () => {
  test('is read from bash and GNU time; user and system time are one figure', () => {
    expect(parseTimes('1.250 0.300 0.125\n', '51200\n')).toEqual({
      wallSeconds: 1.25,
      cpuSeconds: 0.425,
      peakMiB: 50,
    });
  });
  test('is an error when it cannot be read, never a zero', () => {
    expect(() => parseTimes('', '51200')).toThrow('unreadable');
    expect(() => parseTimes('1.0 0.1 0.1', 'Command terminated')).toThrow('unreadable');
  });
  test('waiting for a disk is not work of others', () => {
    expect(parseCpuTimes('cpu  10 1 4 100 50 2 3 0 9 9\ncpu0 1 1 1 1\n')).toEqual({
      busy: 20,
      all: 170,
    });
  });
});

describe('a run over faulty hosts', () => {
  const expected = { a03: { reasons: ['timeout', 'no-route'] } };
  const report = (a03: object, a02: object = { outcome: 'ok', durationMs: 250 }) =>
    JSON.stringify({
      hosts: [
        { host: 'a01', outcome: 'ok', durationMs: 900 },
        { host: 'a02', ...a02 },
        { host: 'a03', durationMs: 5000, ...a03 },
      ],
    });

  test('is read as the time of the last healthy host and the number of misnamed faults', () => {
    expect(readFaultRun(report({ outcome: 'unreachable', reason: 'timeout' }), expected)).toEqual({
      lastHealthySeconds: 0.9,
      misnamed: 0,
    });
  });
  test('counts a fault under a wrong word, and one that was taken for success', () => {
    const misnamed = (a03: object) => readFaultRun(report(a03), expected).misnamed;
    expect(misnamed({ outcome: 'unreachable', reason: 'auth-failed' })).toBe(1);
    expect(misnamed({ outcome: 'ok' })).toBe(1);
  });
  test('counts for nothing when a healthy host was not reached', () => {
    const lost = report(
      { outcome: 'unreachable', reason: 'timeout' },
      { outcome: 'failed', durationMs: 1 },
    );
    expect(() => readFaultRun(lost, expected)).toThrow('healthy but not ok: a02');
  });
});

describe('a check run', () => {
  const rows = [
    { host: 'a01', check: 'reach' },
    { host: 'a01', check: 'disk-free' },
    { host: 'a02', check: 'reach' },
    { host: 'a02', check: 'reach' },
  ];
  test('is counted by the host with the fewest different checks', () => {
    expect(readChecks(JSON.stringify({ rows }), 2)).toEqual({ checks: 1 });
  });
  test('is an error when a host has no row at all', () => {
    expect(() => readChecks(JSON.stringify({ rows }), 3)).toThrow('2 hosts instead of 3');
  });
});

describe('what is printed', () => {
  test('lines numbers up at the right', () => {
    expect(
      renderTable([
        ['name', 's'],
        ['a', '10.5'],
        ['bcd', '1.0'],
      ]),
    ).toBe(['  name     s', '  ----  ----', '  a     10.5', '  bcd    1.0'].join('\n'));
  });
  test('says of every goal what was reached', () => {
    const goal = { what: 'wall', atMost: 0.4, unit: 'x' } as const;
    expect(renderVerdict({ ...goal, verdict: 'not met', reached: 0.4321 })).toBe(
      'NOT MET: wall: 0.432 x, goal at most 0.4 x',
    );
    expect(renderVerdict({ ...goal, verdict: 'not measured', reached: undefined })).toBe(
      'NOT MEASURED: wall: goal at most 0.4 x',
    );
  });
});

describe('the made-up school', () => {
  test('has as many hosts as wished and nothing to complain about, so that only reading is measured', () => {
    const { raw, inventory, problems } = resolveTexts(makeFile(renderSchool(120)));
    expect(inventory.hosts).toHaveLength(120);
    expect([...problems, ...lintInventory(raw, inventory)]).toEqual([]);
  });
  test('takes some 500 bytes a host', () => {
    const bytes = Buffer.byteLength(renderSchool(1000)) / 1000;
    expect(bytes).toBeGreaterThan(400);
    expect(bytes).toBeLessThan(700);
  });
});
