import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { listEntries, loadEntry } from '../../src/cli/catalog.ts';
import type { Import, ImportRow } from '../../src/model/import.ts';

/**
 * Drives every import over its fixtures: `tests/fixtures/imports/<name>/<case>/` holds one `source.*` (any bytes) and `expected.yaml`:
 *   about: one sentence, what the case shows
 *   sheet: optional, as `--sheet`
 *   rows: in order, each `{ row, name: a01, mac: ..., cells: { mac: C7 }, notes: { mac: text }, seenAt: ..., expiresAt: ..., refused: { cell, reason, hint } }`;
 *         fields not named must be absent, `cells` and `notes` list only what the case is about (a note not listed must not be there),
 *         and texts of `refused` are parts of the real ones
 *   problems: optional, each with the fields to compare (line, rule, message ...); texts are parts of the real ones
 */
const program = join(import.meta.dirname, '..', '..', 'src');
const fixtures = join(import.meta.dirname, '..', 'fixtures', 'imports');

type Parts = { readonly [key: string]: string | number };
interface Case {
  readonly about: string;
  readonly sheet?: string;
  readonly rows: readonly ExpectedRow[];
  readonly problems?: readonly Parts[];
}
interface ExpectedRow {
  readonly row: number;
  readonly cells?: { readonly [field: string]: string };
  readonly notes?: { readonly [field: string]: string };
  readonly seenAt?: string;
  readonly expiresAt?: string;
  readonly refused?: Parts;
  readonly [field: string]: unknown;
}

/** What a row says, in the form of `expected.yaml`, cells left out. */
function flatten({ row, fields, seenAt, expiresAt, refused }: ImportRow): Record<string, unknown> {
  const cells = Object.entries(fields);
  const noted = cells.filter(([, cell]) => cell.note !== '');
  return {
    row,
    ...Object.fromEntries(cells.map(([field, { text }]) => [field, text])),
    ...(noted.length === 0
      ? {}
      : { notes: Object.fromEntries(noted.map(([field, { note }]) => [field, note])) }),
    ...(seenAt === undefined ? {} : { seenAt }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
    ...(refused === undefined ? {} : { refused }),
  };
}

/** Texts need only be part of the real one. */
function partly(expected: Parts): unknown {
  return Object.fromEntries(
    Object.entries(expected).map(([key, value]) => [
      key,
      typeof value === 'string' ? expect.stringContaining(value) : value,
    ]),
  );
}

const names = await listEntries(program, 'catalog/imports');

describe('the imports', () => {
  it('were really found', () => {
    expect(names.length).toBeGreaterThan(1);
  });
});

describe.each(names)('import %s', (name) => {
  const folder = join(fixtures, name);
  const cases = existsSync(folder) ? readdirSync(folder).sort() : [];

  it('has a fixture', () => {
    expect(cases.length, folder).toBeGreaterThan(0);
  });

  it.each(cases)('%s', async (each) => {
    const entry = await loadEntry<Import>(program, 'catalog/imports', name);
    const expected = parse(readFileSync(join(folder, each, 'expected.yaml'), 'utf8')) as Case;
    const file = readdirSync(join(folder, each)).find((found) => found.startsWith('source.')) ?? '';
    const bytes = new Uint8Array(readFileSync(join(folder, each, file)));
    const { sheet } = expected;
    const read = entry.read({ file, bytes, ...(sheet === undefined ? {} : { sheet }) });
    expect(read.rows.map(flatten)).toEqual(
      expected.rows.map(({ cells: _, refused, ...row }) => ({
        ...row,
        ...(refused === undefined ? {} : { refused: expect.objectContaining(partly(refused)) }),
      })),
    );
    for (const [index, { cells = {} }] of expected.rows.entries())
      for (const [field, cell] of Object.entries(cells))
        expect(read.rows[index]?.fields, `${field} of row ${index}`).toHaveProperty(
          [field, 'cell'],
          cell,
        );
    expect(read.problems).toEqual(
      (expected.problems ?? []).map((problem) => expect.objectContaining(partly(problem))),
    );
    expect(read.rows.every((row) => row.file === file)).toBe(true);
  });

  it('never throws, whatever bytes it gets', async () => {
    const entry = await loadEntry<Import>(program, 'catalog/imports', name);
    const junk = [
      new Uint8Array(),
      Uint8Array.of(0),
      Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0),
      Uint8Array.from({ length: 4096 }, (_, index) => (index * 31) % 256),
      new TextEncoder().encode('\ufeff,,,\r\n"open quote'),
      new TextEncoder().encode(`${'a'.repeat(100_000)}\n`),
    ];
    for (const bytes of junk) {
      const { rows, problems } = entry.read({ file: 'junk', bytes });
      const usable = rows.filter(({ refused }) => refused === undefined);
      expect(usable).toEqual([]);
      expect(rows.length + problems.length).toBeGreaterThan(0);
    }
  });
});
