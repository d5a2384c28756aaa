import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderCanonical } from '../../src/registry/canonical.ts';
import { openRows, type StoredRow, verifyChain } from '../../src/registry/chain.ts';
import { chainUp, histories, hour, registration, sha256 } from './random-history.ts';

const entry = histories.filter((entries) => entries.length > 0);

describe('the chain of the ledger', () => {
  it('accepts whatever was appended, and gives it back as it was', () => {
    fc.assert(
      fc.property(histories, (entries) => {
        const rows = chainUp(entries);
        const last = rows.at(-1);
        expect(verifyChain(rows, last, sha256)).toBeUndefined();
        const read = openRows(rows).map(({ seq: _, previous: __, hash: ___, ...rest }) => rest);
        expect(read).toEqual(entries);
      }),
    );
  });

  it('names the row of any flipped character, and never a later one', () => {
    const fields = ['content', 'hash', 'previous', 'at', 'kind', 'host'] as const;
    fc.assert(
      fc.property(
        entry,
        fc.nat(),
        fc.constantFrom(...fields),
        fc.nat(),
        fc.integer({ min: 1, max: 127 }),
        (entries, which, field, where, bits) => {
          const rows = chainUp(entries);
          const index = which % rows.length;
          const row = rows[index] as StoredRow;
          const text = row[field] ?? '';
          const at = where % text.length;
          const flipped = String.fromCharCode(text.charCodeAt(at) ^ bits);
          const altered = { ...row, [field]: text.slice(0, at) + flipped + text.slice(at + 1) };
          const found = verifyChain(rows.with(index, altered), rows.at(-1), sha256);
          expect(found?.seq).toBe(row.seq);
        },
      ),
      { numRuns: 500 },
    );
  });

  it.each([
    ['content', 3, (rows: StoredRow[]) => rows.with(2, rewrite(rows, 2))],
    ['gap', 3, (rows: StoredRow[]) => rows.toSpliced(2, 1)],
    [
      'order',
      2,
      (rows: StoredRow[]) => rows.with(1, renumber(rows, 2, 2)).with(2, renumber(rows, 1, 3)),
    ],
    ['index', 2, (rows: StoredRow[]) => rows.with(1, { ...(rows[1] as StoredRow), addresses: [] })],
    ['tail', 4, (rows: StoredRow[]) => rows.slice(0, 3)],
    ['purge', 2, (rows: StoredRow[]) => rows.with(1, { ...(rows[1] as StoredRow), content: null })],
  ] as const)('says what is wrong: %s, at row %i', (what, seq, alter) => {
    const rows = chainUp(
      [1, 2, 3, 1, 2].map((ip) => ({
        ...blank(),
        after: registration('a1', 1, ip, 1),
      })),
    );
    expect(verifyChain(alter(rows), rows.at(-1), sha256)).toMatchObject({ what, seq });
  });

  it('notices a ledger that was made anew from some row on, by its anchor', () => {
    const rows = chainUp([blank(), blank(), blank()]);
    const anew = chainUp([blank(), { ...blank(), reason: 'x' }, blank()]);
    expect(verifyChain(anew, undefined, sha256)).toBeUndefined();
    expect(verifyChain(anew, rows.at(-1), sha256)).toMatchObject({ seq: 3 });
  });
});

function blank() {
  return {
    ...{ at: hour(1), kind: 'register' as const, host: 'a1', who: 'zhang@office-7' },
    ...{ before: null, after: null, reason: '', approvedBy: '', appliedBy: '', reference: '' },
    cites: 0,
  };
}

/** A row with another owner. */
function rewrite(rows: readonly StoredRow[], index: number): StoredRow {
  const row = rows[index] as StoredRow;
  return { ...row, content: String(row.content).replace('张伟', '李雷') };
}

function renumber(rows: readonly StoredRow[], index: number, seq: number): StoredRow {
  return { ...(rows[index] as StoredRow), seq };
}

describe('canonical JSON', () => {
  it('is the same text in whatever order an object was made, and reads back as the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = renderCanonical(value);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(renderCanonical(reverseKeys(value))).toBe(text);
      }),
    );
  });
});

function reverseKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reverseKeys);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).reverse();
  return Object.fromEntries(entries.map(([key, field]) => [key, reverseKeys(field)]));
}
