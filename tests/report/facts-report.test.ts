import { expect, test } from 'vitest';
import type { RunEvent, RunEventBody } from '../../src/model/event.ts';
import { foldFacts } from '../../src/report/facts-report.ts';

const facts = {
  ansible_distribution: 'Debian',
  ansible_distribution_version: '12',
  ansible_memtotal_mb: 7830,
  ansible_system_vendor: 'LENOVO',
  ansible_product_name: 'M720q',
  ansible_default_ipv4: { address: '10.1.1.1', macaddress: '52:54:00:00:00:01' },
};
const bodies: RunEventBody[] = [
  {
    type: 'run.started',
    kind: 'facts',
    title: 'facts lab_a',
    hosts: ['a01', 'a02', 'a03'].map((host) => ({ host, room: 'lab_a', seat: host })),
    steps: [{ id: 'facts', title: 'Facts' }],
    context: {},
  },
  {
    type: 'step.finished',
    host: 'a01',
    step: 'facts',
    outcome: 'ok',
    changes: [],
    data: { facts },
    durationMs: 5,
  },
  { type: 'host.finished', host: 'a01', outcome: 'ok', durationMs: 5 },
  {
    type: 'host.finished',
    host: 'a02',
    outcome: 'unreachable',
    reason: 'no-route',
    message: 'no answer',
    durationMs: 5,
  },
];
const events: RunEvent[] = bodies.map((body, index) => ({
  ...body,
  run: 'r1',
  seq: index + 1,
  at: '2026-09-01T00:30:00.000Z',
}));

test('leaves the place empty where the machine does not tell', () => {
  const unknown = { ...facts, ansible_system_vendor: 'NA', ansible_product_name: 'NA' };
  const untold = events.map((event) =>
    event.type === 'step.finished' ? { ...event, data: { facts: unknown } } : event,
  );
  const report = foldFacts(untold, 'en');
  expect(report.tables[0]?.rows[0]?.[2]).toBe('');
  expect(report.records.rows[0]).toMatchObject({ vendor: 'NA', model: 'NA' });
});

test('keeps all facts for scripts and a line for people; without facts it says why', () => {
  const report = foldFacts(events, 'en');
  expect(report.document['totals']).toEqual({ known: 1, unknown: 2 });
  expect(report.document['hosts']).toEqual([
    { host: 'a01', room: 'lab_a', seat: 'a01', facts, reason: null, message: '' },
    {
      host: 'a02',
      room: 'lab_a',
      seat: 'a02',
      facts: null,
      reason: 'no-route',
      message: 'no answer',
    },
    {
      host: 'a03',
      room: 'lab_a',
      seat: 'a03',
      facts: null,
      reason: null,
      message: 'was not asked',
    },
  ]);
  expect(report.tables[0]?.rows).toEqual([
    ['a01', 'Debian 12', 'LENOVO M720q', '7.6 GiB', '10.1.1.1', '52:54:00:00:00:01'],
    ['a02', 'no-route: no answer', '', '', '', ''],
    ['a03', 'was not asked', '', '', '', ''],
  ]);
  expect(report.records.rows[0]).toMatchObject({
    host: 'a01',
    system: 'Debian',
    memoryMiB: 7830,
    mac: '52:54:00:00:00:01',
  });
});
