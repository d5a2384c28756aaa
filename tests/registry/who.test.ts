import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LedgerRow, Registration } from '../../src/model/registration.ts';
import { makeEntry } from '../../src/registry/reconcile.ts';
import { answerWho } from '../../src/registry/who.ts';
import { histories, hour, readUp, registration } from './random-history.ts';

const later = hour(10_000);

function ask(rows: readonly LedgerRow[], address: string, at: string, to = at) {
  const kind = address.includes(':') ? ('mac' as const) : ('ip' as const);
  return answerWho(
    { address, kind, moment: { from: at, to } },
    { rows, knownFrom: rows[0]?.at ?? '', knownFromReason: 'first-row', now: later },
  );
}

/** The register as it was at a moment: every row up to it, one after the other, and nothing clever. */
function replay(rows: readonly LedgerRow[], at: string): Registration[] {
  const state = new Map<string, Registration | null>();
  for (const row of rows)
    if (row.at <= at && ['register', 'transfer', 'release', 'edit'].includes(row.kind))
      state.set(row.host, row.after);
  return [...state.values()].filter((each) => each !== null);
}

describe('who', () => {
  it('answers as a plain replay of the rows does, for any history, address and moment', () => {
    const addresses = ['10.1.1.1', '10.1.1.2', '10.1.1.3', '00:e0:4c:00:00:01'];
    fc.assert(
      fc.property(
        histories,
        fc.constantFrom(...addresses),
        fc.integer({ min: -10, max: 900 }),
        (entries, address, hours) => {
          const rows = readUp(entries);
          const at = hour(hours);
          const found = ask(rows, address, at);
          const expected = replay(rows, at).filter(
            ({ ip, macs }) => ip === address || macs.some(({ addr }) => addr === address),
          );
          const isUnknown = rows[0] === undefined || at < rows[0].at;
          expect(found.answer).toBe(
            isUnknown ? 'unknown' : (['nobody', 'one'][expected.length] ?? 'several'),
          );
          expect(new Set(found.holders.map(({ state }) => state))).toEqual(new Set(expected));
          for (const { rows: evidence, state } of found.holders)
            expect(evidence[0]?.after).toEqual(state);
        },
      ),
      { numRuns: 1000 },
    );
  });

  const occasion = (hours: number) => ({ at: hour(hours), who: 'zhang@office-7' });
  const first = registration('a1', 1, 1, 1);
  const second = registration('a1', 2, 1, 1);

  it('names both where the address changed hands within the minute or day that was asked for', () => {
    const rows = readUp([
      makeEntry(occasion(1), 'register', { host: 'a1', after: first }),
      makeEntry(occasion(5), 'transfer', { host: 'a1', before: first, after: second }),
    ]);
    expect(ask(rows, '10.1.1.1', hour(4), hour(6))).toMatchObject({
      answer: 'several',
      holders: [
        { state: first, from: hour(1), to: hour(5) },
        { state: second, from: hour(5), to: '' },
      ],
    });
    expect(ask(rows, '10.1.1.1', hour(5))).toMatchObject({
      answer: 'one',
      holders: [{ state: second }],
    });
  });

  it('counts one person at one host once, whatever else changed meanwhile', () => {
    const rows = readUp([
      makeEntry(occasion(1), 'register', { host: 'a1', after: first }),
      makeEntry(occasion(5), 'edit', { host: 'a1', before: first, after: { ...first, seat: '9' } }),
    ]);
    expect(ask(rows, '10.1.1.1', hour(4), hour(6))).toMatchObject({ answer: 'one' });
  });

  it('shows the rows around a moment in which nobody had the address', () => {
    const rows = readUp([
      makeEntry(occasion(1), 'register', { host: 'a1', after: first }),
      makeEntry(occasion(5), 'edit', { host: 'a1', before: first, after: null }),
      makeEntry(occasion(9), 'register', { host: 'a1', after: second }),
    ]);
    const found = ask(rows, '10.1.1.1', hour(7));
    expect(found).toMatchObject({ answer: 'nobody', holders: [] });
    expect(found.near.map(({ seq }) => seq)).toEqual([1, 3]);
  });

  it('answers with a correction for all the time the corrected row is about, and cites both', () => {
    const rows = readUp([
      makeEntry(occasion(1), 'register', { host: 'a1', after: first }),
      makeEntry(occasion(5), 'transfer', { host: 'a1', before: first, after: second }),
      makeEntry(occasion(8), 'correct', {
        host: 'a1',
        before: first,
        after: registration('a1', 3, 1, 1),
        cites: 1,
      }),
    ]);
    const found = ask(rows, '10.1.1.1', hour(3));
    expect(found.holders[0]?.state.owner.name).toBe('韩梅梅');
    expect(found.holders[0]?.rows.map(({ seq }) => seq)).toEqual([1, 3]);
    expect(ask(rows, '10.1.1.1', hour(9)).holders[0]?.state.owner.name).toBe('李雷');
  });

  it('goes by the order of the rows where the clock went back', () => {
    const rows = readUp([
      makeEntry(occasion(1), 'register', { host: 'a1', after: first }),
      makeEntry(occasion(900), 'transfer', {
        host: 'a1',
        before: first,
        after: registration('a1', 3, 1, 1),
      }),
      makeEntry(occasion(5), 'transfer', { host: 'a1', before: first, after: second }),
    ]);
    expect(ask(rows, '10.1.1.1', hour(6)).holders[0]?.state).toEqual(second);
    expect(ask(rows, '10.1.1.1', hour(950)).holders[0]?.state).toEqual(second);
  });

  it('knows nothing of moments to come, and nothing from an empty ledger', () => {
    const rows = readUp([makeEntry(occasion(1), 'register', { host: 'a1', after: first })]);
    expect(ask(rows, '10.1.1.1', hour(20_000))).toMatchObject({
      answer: 'unknown',
      reason: 'in-future',
    });
    expect(ask([], '10.1.1.1', hour(1))).toMatchObject({ answer: 'unknown', reason: 'no-rows' });
  });
});
