import { createHash } from 'node:crypto';
import fc from 'fast-check';
import type { LedgerEntry, LedgerRow, Registration } from '../../src/model/registration.ts';
import { chainStart, openRows, type StoredRow, sealRow } from '../../src/registry/chain.ts';
import { makeEntry } from '../../src/registry/reconcile.ts';

/** SHA-256 as hex. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Seals entries one behind the other, as the store does. */
export function chainUp(entries: readonly LedgerEntry[], before: readonly StoredRow[] = []) {
  const rows: StoredRow[] = [...before];
  for (const entry of entries)
    rows.push(sealRow(entry, rows.length + 1, rows.at(-1)?.hash ?? chainStart, sha256));
  return rows;
}

/** Rows as they are read. */
export function readUp(entries: readonly LedgerEntry[]): LedgerRow[] {
  return openRows(chainUp(entries));
}

/** A moment that many hours after the first of March 2026, 0:00 UTC. */
export function hour(count: number): string {
  return new Date(Date.UTC(2026, 2, 1) + count * 3_600_000).toISOString();
}

const names = ['张伟', '李雷', '韩梅梅', 'Ann'];

/** A registration out of a few values, so that histories are full of swaps and collisions. */
export function registration(host: string, person: number, ip: number, mac: number): Registration {
  const addr = `00:e0:4c:00:00:0${mac}`;
  return {
    host,
    room: 'lab_a',
    seat: host,
    ip: ip === 0 ? '' : `10.1.1.${ip}`,
    macs: mac === 0 ? [] : [{ addr, role: 'wired', primary: true }],
    owner:
      person === 0
        ? { name: '', id: '', department: '', phone: '' }
        : { name: names[person - 1] ?? '', id: `00${person}`, department: '教务处', phone: '8600' },
  };
}

/** Entries in the order of time, several of them at one moment now and then. */
export const histories: fc.Arbitrary<LedgerEntry[]> = fc
  .array(
    fc.record({
      hoursLater: fc.integer({ min: 0, max: 30 }),
      host: fc.constantFrom('a1', 'a2', 'a3'),
      kind: fc.constantFrom('register', 'transfer', 'release', 'edit', 'confirm', 'request'),
      person: fc.integer({ min: 0, max: 4 }),
      ip: fc.integer({ min: 0, max: 3 }),
      mac: fc.integer({ min: 0, max: 3 }),
      isGone: fc.boolean(),
    }),
    { maxLength: 30 },
  )
  .map((steps) => {
    const states = new Map<string, Registration | null>();
    let at = 0;
    return steps.map(({ hoursLater, host, kind, person, ip, mac, isGone }) => {
      at += hoursLater;
      const before = states.get(host) ?? null;
      const wanted = isGone && kind === 'edit' ? null : registration(host, person, ip, mac);
      const after = kind === 'confirm' ? before : wanted;
      if (kind !== 'confirm' && kind !== 'request') states.set(host, after);
      const occasion = { at: hour(at), who: 'zhang@office-7' };
      return makeEntry(occasion, kind as LedgerEntry['kind'], { host, before, after });
    });
  });
