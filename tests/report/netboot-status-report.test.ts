import { expect, it } from 'vitest';
import type { Arming, ArmingState } from '../../src/model/boot.ts';
import { openArming } from '../../src/netboot/arming/open-arming.ts';
import { reportNetbootStatus } from '../../src/report/netboot-status-report.ts';

const arming = (host: string, state: ArmingState): Arming => ({
  ...openArming({
    ...{ id: host, run: 'r', host, macs: ['52:54:00:00:00:01'], uuid: '', serial: 'S' },
    ...{ profile: 'debian-12', profileDigest: '', disk: { by: 'only' }, armedAt: 0, expiresAt: 1 },
  }),
  state,
  progress: { doneBytes: 94, totalBytes: 100, bytesPerSecond: 1 },
});

it('counts by state, and tells progress of those alone that are written', () => {
  const armings = [
    arming('a01', 'writing'),
    arming('a02', 'installed'),
    arming('a03', 'installed'),
  ];
  const report = reportNetbootStatus({ armings, alerts: [], now: 1000 }, 'en');
  expect(report.document['totals']).toEqual({ writing: 1, installed: 2 });
  expect(report.tables[0]?.rows.map((row) => row[4])).toEqual(['94%', '', '']);
});
