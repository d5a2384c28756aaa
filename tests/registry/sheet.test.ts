import { describe, expect, it } from 'vitest';
import type { Host } from '../../src/model/host.ts';
import type { SheetRemark } from '../../src/model/registry-sheet.ts';
import { makeSheet, type SheetSources, type SheetTerms } from '../../src/registry/sheet.ts';
import type { Standing } from '../../src/registry/standing.ts';
import { makeHost } from '../helpers/make-host.ts';

const owner = { name: '张伟', id: '0117', department: '', phone: '' };
const macs = [{ addr: '00:e0:4c:01:00:01', role: 'wired', primary: true }] as const;
const good: Partial<Host> = { owner, macs, ip: '10.1.1.1' };
const terms: SheetTerms = {
  head: { unit: '', filingNumbers: [], citation: '' },
  at: '2026-09-01T00:00:00.000Z',
  madeBy: 'li@office-7',
  confirmDays: 365,
  unseenDays: 30,
};
const standing: Standing = {
  owner,
  since: '2020-09-01T00:00:00.000Z',
  lastConfirmed: '2026-03-01T00:00:00.000Z',
};

function remarksOf(
  host: Partial<Host>,
  known: Partial<Standing> | null = {},
  seen: readonly [string, string][] = [['pc', '2026-08-31T00:00:00.000Z']],
): readonly SheetRemark[] {
  const sources: SheetSources = {
    standings: new Map(known === null ? [] : [['pc', { ...standing, ...known }]]),
    seen: new Map(seen),
    knownFrom: '2020-09-01T00:00:00.000Z',
  };
  return makeSheet([makeHost('pc', { ...good, ...host })], sources, terms).rows[0]?.remarks ?? [];
}

describe('a row of the sheet', () => {
  it('has no remark when it is complete, confirmed within the year and seen within the month', () => {
    expect(remarksOf({})).toEqual([]);
  });

  it('is incomplete without an owner, a MAC or an IP, and names what is missing', () => {
    const sources: SheetSources = { standings: new Map(), seen: new Map(), knownFrom: '' };
    const hosts = [
      makeHost('a', { ...good, ip: '' }),
      makeHost('b'),
      makeHost('c', { status: 'spare' }),
    ];
    const { rows } = makeSheet(hosts, sources, terms);
    expect(rows.map(({ missing }) => missing)).toEqual([['ip'], ['owner', 'mac', 'ip'], []]);
    expect(rows.map(({ remarks }) => remarks.includes('incomplete'))).toEqual([true, true, false]);
  });

  it('is overdue a year after the last confirmation, or after the registration where nobody confirmed it', () => {
    expect(remarksOf({}, { lastConfirmed: '2025-09-01T00:00:00.000Z' })).toEqual([]);
    expect(remarksOf({}, { lastConfirmed: '2025-08-31T23:59:59.999Z' })).toEqual(['overdue']);
    expect(remarksOf({}, { lastConfirmed: '' })).toEqual(['overdue']);
    expect(remarksOf({}, { lastConfirmed: '', since: '2026-01-01T00:00:00.000Z' })).toEqual([]);
  });

  it('tells that a PC was not seen for a month, or never', () => {
    expect(remarksOf({}, {}, [['pc', '2026-08-01T00:00:00.000Z']])).toEqual(['unseen']);
    expect(remarksOf({}, {}, [['other', '2026-08-31T00:00:00.000Z']])).toEqual(['never-seen']);
  });

  it('says nothing of who was not seen where nobody ever looked, nor of PCs that cannot answer', () => {
    expect(remarksOf({}, {}, [])).toEqual([]);
    const seen: [string, string][] = [['other', '2026-08-31T00:00:00.000Z']];
    for (const host of [
      { status: 'broken' },
      { status: 'spare' },
      { status: 'loaned' },
      { class: 'printer' },
    ] as const)
      expect(remarksOf(host, {}, seen)).toEqual([]);
  });

  it('says when the ledger knows of another owner or of none, and takes no date from it', () => {
    expect(remarksOf({}, { owner: { ...owner, id: '0118' } })).toEqual(['not-filed']);
    expect(remarksOf({}, null)).toEqual(['not-filed']);
    expect(remarksOf({ owner: { ...owner, name: '', id: '' } })).toEqual(['incomplete']);
  });
});

describe('the sheet', () => {
  it('leaves retired PCs out and counts them', () => {
    const sources: SheetSources = { standings: new Map(), seen: new Map(), knownFrom: '' };
    const hosts = [makeHost('a', { status: 'retired' }), makeHost('b')];
    const { rows, retired, isAnySeen } = makeSheet(hosts, sources, terms);
    expect([rows.map(({ host }) => host), retired, isAnySeen]).toEqual([['b'], 1, false]);
  });
});
