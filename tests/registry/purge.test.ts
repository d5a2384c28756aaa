import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LedgerEntry } from '../../src/model/registration.ts';
import { openRows, type StoredRow, verifyChain } from '../../src/registry/chain.ts';
import { knownFrom } from '../../src/registry/known-from.ts';
import { judgePurgeDate, planPurge } from '../../src/registry/purge.ts';
import { makeEntry } from '../../src/registry/reconcile.ts';
import { selectOpen } from '../../src/registry/requests.ts';
import { selectStandings } from '../../src/registry/standing.ts';
import { selectPresent, setsState } from '../../src/registry/states.ts';
import { answerWho } from '../../src/registry/who.ts';
import { chainUp, histories, hour, registration, sha256 } from './random-history.ts';

const occasion = { at: hour(5000), who: 'zhang@office-7' };

/** Carries a purge out as the store does. */
function purge(rows: readonly StoredRow[], before: string, at = occasion): StoredRow[] {
  const read = openRows(rows);
  const open = new Set(selectOpen(read, Date.parse(at.at)).map(({ row }) => row.seq));
  const { seqs, entries } = planPurge(read, open, before, at, sha256);
  const emptied = rows.map((row) =>
    seqs.includes(row.seq)
      ? { ...row, at: '', kind: 'purged', host: '', content: null, addresses: [] }
      : row,
  );
  return chainUp(entries, emptied);
}

function who(rows: readonly StoredRow[], ip: string, at: string) {
  const read = openRows(rows);
  const purges = read.filter(({ kind }) => kind === 'purge');
  const { from, reason } = knownFrom(rows[0], purges);
  return answerWho(
    { address: ip, kind: 'ip', moment: { from: at, to: at } },
    { rows: read, knownFrom: from, knownFromReason: reason, now: hour(9000) },
  );
}

function presentOf(rows: readonly StoredRow[]) {
  const read = openRows(rows);
  const isLatest = (seq: number, host: string) =>
    !read.some(
      (row) => row.host === host && row.seq > seq && setsState(row) && row.kind !== 'purge',
    );
  const latest = read.filter(
    (row) => setsState(row) && row.kind !== 'purge' && isLatest(row.seq, row.host),
  );
  const others = read.filter(({ kind }) => kind === 'purge' || kind === 'correct');
  return selectPresent(latest, others);
}

function expectSameSince(rows: readonly StoredRow[], purged: readonly StoredRow[], since: number) {
  expect(verifyChain(purged, purged.at(-1), sha256)).toBeUndefined();
  expect(new Map(presentOf(purged))).toEqual(new Map(presentOf(rows)));
  for (const ip of ['10.1.1.1', '10.1.1.2'])
    for (const at of [since, since + 1, since + 7, since + 300]) {
      const then = who(rows, ip, hour(at));
      const now = who(purged, ip, hour(at));
      if (then.answer === 'unknown') continue;
      expect(now.answer).toBe(then.answer);
      expect(now.holders.map(({ state }) => state)).toEqual(then.holders.map(({ state }) => state));
    }
}

describe('a purge', () => {
  it('leaves a chain that verifies, and the same answers for every moment since its date, also twice', () => {
    fc.assert(
      fc.property(
        histories,
        fc.integer({ min: 0, max: 500 }),
        fc.integer({ min: 0, max: 400 }),
        (entries, first, more) => {
          const rows = chainUp(entries);
          const once = purge(rows, hour(first));
          const twice = purge(once, hour(first + more), { ...occasion, at: hour(6000) });
          expectSameSince(rows, once, first);
          expectSameSince(rows, twice, first + more);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('forgets neither since when the present owners answer for their PCs nor when they last confirmed it', () => {
    fc.assert(
      fc.property(
        histories,
        fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 3 }),
        (entries, dates) => {
          const rows = chainUp(entries);
          let purged = rows;
          // Half hours: a row written in the very millisecond of the date would count as after it.
          for (const [index, date] of dates.sort((a, b) => a - b).entries())
            purged = purge(purged, hour(date + 0.5), { ...occasion, at: hour(5000 + index) });
          const standings = selectStandings(openRows(rows));
          expect(new Map(selectStandings(openRows(purged)))).toEqual(new Map(standings));
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('keeps no content from before its date but what still held then and requests that wait', () => {
    const ask = {
      verb: 'register' as const,
      host: 'a9',
      owner: registration('a9', 3, 3, 3).owner,
      mac: '',
      ip: '',
      seat: '',
      room: '',
      status: '' as const,
    };
    const at = (hours: number) => ({ at: hour(hours), who: 'li@office-2' });
    const entries: LedgerEntry[] = [
      makeEntry(at(1), 'register', { host: 'a1', after: registration('a1', 1, 1, 1) }),
      makeEntry(at(2), 'request', { host: 'a9', after: registration('a9', 3, 3, 3), asks: ask }),
      makeEntry(at(3), 'transfer', {
        host: 'a1',
        before: registration('a1', 1, 1, 1),
        after: registration('a1', 2, 1, 1),
      }),
    ];
    const rows = purge(chainUp(entries), hour(10));
    const text = rows.map(({ content }) => content ?? '').join('\n');
    expect(text).not.toContain('张伟');
    expect(rows.map(({ content }) => content !== null)).toEqual([false, true, false, true, true]);
    const read = openRows(rows);
    expect(read[1]?.receipt).toMatchObject({
      before: hour(10),
      from: 1,
      to: 3,
      count: 2,
      kept: [2],
    });
    expect(read[2]).toMatchObject({ host: 'a1', since: hour(3), cites: 3, at: occasion.at });
    expect(selectOpen(read, Date.parse(hour(20)))).toHaveLength(1);
    expect(who(rows, '10.1.1.1', hour(12))).toMatchObject({
      answer: 'one',
      holders: [{ from: hour(3), state: { owner: { name: '李雷' } } }],
    });
    expect(who(rows, '10.1.1.1', hour(9))).toMatchObject({ answer: 'unknown', reason: 'purged' });
  });

  it('is noticed when it took more, or less, than its receipt says', () => {
    const entries = [1, 2, 3].map((hours) =>
      makeEntry({ at: hour(hours), who: 'x@y' }, 'register', { host: `a${hours}` }),
    );
    const rows = purge(chainUp(entries), hour(3));
    const again = { ...(rows[2] as StoredRow), content: null };
    expect(verifyChain(rows.with(2, again), undefined, sha256)).toMatchObject({
      seq: 3,
      what: 'purge',
    });
    const [first] = chainUp(entries);
    expect(verifyChain(rows.with(0, first as StoredRow), undefined, sha256)).toMatchObject({
      what: 'purge',
    });
  });

  it('is refused below 60 days, warned about below 184', () => {
    const now = '2026-11-23T12:00:00.000Z';
    expect(() => judgePurgeDate('2026-09-25T00:00:00.000Z', now)).toThrow('60 days');
    expect(judgePurgeDate('2026-09-24T00:00:00.000Z', now)).toContain('60 days will be left');
    expect(judgePurgeDate('2026-05-23T00:00:00.000Z', now)).toBe('');
    expect(judgePurgeDate('2026-05-24T00:00:00.000Z', now)).not.toBe('');
  });
});
