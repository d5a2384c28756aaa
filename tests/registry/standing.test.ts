import { describe, expect, it } from 'vitest';
import type { Owner } from '../../src/model/host.ts';
import type { LedgerEntry, LedgerRow, Registration } from '../../src/model/registration.ts';
import { makeEntry, startingReason } from '../../src/registry/reconcile.ts';
import { selectStandings } from '../../src/registry/standing.ts';

const who = 'li@office-7';
const zhang: Owner = { name: '张伟', id: '0117', department: '', phone: '' };
const wang: Owner = { name: '王芳', id: '0118', department: '', phone: '' };

function state(owner: Owner, more: Partial<Registration> = {}): Registration {
  return { host: 'a01', room: 'lab_a', seat: '1', ip: '10.1.1.1', macs: [], owner, ...more };
}

/** The ledger's rows, one for each day of January 2026. */
function rowsOf(entries: readonly [LedgerEntry['kind'], Partial<LedgerEntry>][]): LedgerRow[] {
  return entries.map(([kind, said], index) => {
    const at = `2026-01-${String(index + 1).padStart(2, '0')}T00:00:00.000Z`;
    const entry = makeEntry({ at, who }, kind, { host: 'a01', ...said });
    return { ...entry, seq: index + 1, previous: '', hash: '' };
  });
}

const day = (number: number) => `2026-01-0${number}T00:00:00.000Z`;
const standingAfter = (...entries: [LedgerEntry['kind'], Partial<LedgerEntry>][]) =>
  selectStandings(rowsOf(entries)).get('a01');

describe('who answers for a host now', () => {
  it('has done so since the registration, through a new seat, a new address and a yearly confirmation', () => {
    expect(
      standingAfter(
        ['register', { after: state(zhang) }],
        ['edit', { before: state(zhang), after: state(zhang, { seat: '2' }) }],
        ['confirm', { before: state(zhang), after: state(zhang) }],
        ['register', { before: state(zhang), after: state(zhang, { ip: '10.1.1.9' }) }],
      ),
    ).toEqual({ owner: zhang, since: day(1), lastConfirmed: day(4) });
  });

  it('is the one who took it over, and what was confirmed for another does not count', () => {
    expect(
      standingAfter(
        ['register', { after: state(zhang) }],
        ['confirm', { before: state(zhang), after: state(zhang) }],
        ['transfer', { before: state(zhang), after: state(wang) }],
      ),
    ).toEqual({ owner: wang, since: day(3), lastConfirmed: day(3) });
    expect(
      standingAfter(
        ['register', { after: state(zhang) }],
        ['edit', { before: state(zhang), after: state(wang) }],
      ),
    ).toEqual({ owner: wang, since: day(2), lastConfirmed: '' });
  });

  it('begins anew after a release or an absence from the inventory', () => {
    const nobody = { name: '', id: '', department: '', phone: '' };
    expect(
      standingAfter(
        ['register', { after: state(zhang) }],
        ['release', { before: state(zhang), after: state(nobody) }],
        ['register', { after: state(zhang) }],
      )?.since,
    ).toBe(day(3));
    expect(
      standingAfter(
        ['register', { after: state(zhang) }],
        ['edit', { before: state(zhang), after: null }],
        ['edit', { after: state(zhang) }],
      )?.since,
    ).toBe(day(3));
  });

  it('was confirmed by nobody where the ledger only began with what the inventory said', () => {
    expect(standingAfter(['register', { after: state(zhang), reason: startingReason }])).toEqual({
      owner: zhang,
      since: day(1),
      lastConfirmed: '',
    });
  });

  it('is the corrected one where a row was corrected', () => {
    expect(
      standingAfter(
        ['register', { after: state(zhang) }],
        ['correct', { before: state(zhang), after: state(wang), cites: 1 }],
      ),
    ).toMatchObject({ owner: wang, since: day(1) });
  });

  it('is told apart by number, and by name where a number is missing', () => {
    const married = { ...zhang, name: '张卫' };
    const unnumbered = { ...zhang, id: '' };
    for (const other of [married, unnumbered])
      expect(
        standingAfter(
          ['register', { after: state(zhang) }],
          ['edit', { before: state(zhang), after: state(other) }],
        )?.since,
      ).toBe(day(1));
  });

  it('is nobody for a host that is gone, and requests change nothing', () => {
    expect(
      standingAfter(
        ['register', { after: state(zhang) }],
        ['edit', { before: state(zhang), after: null }],
      ),
    ).toBeUndefined();
    expect(
      standingAfter(
        ['register', { after: state(zhang) }],
        ['request', { before: state(zhang), after: state(wang) }],
        ['reject', {}],
      ),
    ).toEqual({ owner: zhang, since: day(1), lastConfirmed: day(1) });
  });

  it('keeps its date through a purge that carried it over', () => {
    expect(
      standingAfter(
        ['purge', { host: '' }],
        ['purge', { after: state(zhang), since: '2024-09-01T00:00:00.000Z', cites: 1 }],
      )?.since,
    ).toBe('2024-09-01T00:00:00.000Z');
  });
});
