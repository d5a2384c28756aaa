import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { layoutTable } from '../../src/catalog/table-layout.ts';
import { planWidths } from '../../src/catalog/table-widths.ts';
import { displayWidth } from '../../src/model/display.ts';
import type { Column, ReportTable } from '../../src/model/report.ts';

function tableOf(columns: readonly Column[], rows: readonly (readonly string[])[]): ReportTable {
  return { title: '', columns, rows, notes: [] };
}
const two: readonly Column[] = [
  { key: 'name', title: 'name' },
  { key: 'owner', title: '责任人', flexible: true },
];
const textsOf = (table: ReportTable, columns: number): string[] =>
  layoutTable(table, columns).map(({ text }) => text);

describe('layoutTable', () => {
  test('aligns Chinese names, emoji and rare characters by display width', () => {
    const rows = [
      ['a', '王小明'],
      ['计算机', 'x'],
      ['❤️‍🔥', 'heart'],
      ['葛󠄀', 'rare'],
      ['กำ', 'thai'],
    ];
    expect(textsOf(tableOf(two, rows), 80)).toEqual([
      'name    责任人',
      '──────  ──────',
      'a       王小明',
      '计算机  x',
      '❤️‍🔥      heart',
      '葛󠄀      rare',
      `กำ${' '.repeat(8 - displayWidth('กำ'))}thai`,
    ]);
  });

  test('wraps the flexible column first and keeps the others whole', () => {
    const table = tableOf(two, [['52:54:00:00:00:01', '计算机实验室的管理员 王小明']]);
    expect(textsOf(table, 36)).toEqual([
      'name               责任人',
      '─────────────────  ─────────────────',
      '52:54:00:00:00:01  计算机实验室的管',
      '                   理员 王小明',
    ]);
  });

  test('lets a fixed column run over the edge instead of breaking what people copy', () => {
    const columns: readonly Column[] = [
      { key: 'a', title: '' },
      { key: 'b', title: '', fixed: true },
    ];
    expect(
      textsOf(tableOf(columns, [['error', 'inventories/school.yaml:14:10  a message']]), 20),
    ).toEqual(['error  inventories/school.yaml:14:10  a message']);
  });

  test('shows escape sequences of hosts instead of obeying them', () => {
    expect(textsOf(tableOf(two, [['\x1b[2J', '\u202eevil\x07']]), 80).join('\n')).toContain(
      '\\x1b[2J  \\u202eevil\\x07',
    );
  });

  test('no line is wider than the terminal, whatever the cells', () => {
    const cell = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'grapheme', maxLength: 60 }),
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 30, max: 90 }),
        (rows, columns) => {
          for (const line of textsOf(tableOf(two, rows), columns))
            expect(displayWidth(line)).toBeLessThanOrEqual(columns);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('every row starts its second column at the same place', () => {
    const cell = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 6 }),
      fc.constantFrom('❤️‍🔥', '葛󠄀', '🫨', 'नमस्ते', '王'),
    );
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1, maxLength: 8 }), (names) => {
        const rows = layoutTable(
          tableOf(
            two,
            names.map((name) => [name, '#']),
          ),
          200,
        ).filter(({ part }) => part === 'row');
        const starts = rows
          .filter(({ text }) => text.endsWith('#'))
          .map(({ text }) => displayWidth(text.slice(0, -1)));
        expect(new Set(starts).size).toBe(1);
      }),
      { numRuns: 500 },
    );
  });

  test('tables of any length are drawn without seams', () => {
    const rows = Array.from({ length: 1234 }, (_, index) => [
      `pc${index}`,
      index % 7 === 0 ? '❤️‍🔥' : '王',
    ]);
    const lines = textsOf(tableOf(two, rows), 80);
    expect(lines).toHaveLength(1236);
    expect(lines.slice(2).map((line) => line.split(/ +/)[0])).toEqual(rows.map(([name]) => name));
  });
});

test('small tables (drawn by cli-table3) and long ones look the same', () => {
  const cell = fc.oneof(
    fc.string({ unit: 'grapheme-ascii', maxLength: 50 }),
    fc.constantFrom('王小明', '计算机实验室的管理员', ''),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(cell, cell), { minLength: 2, maxLength: 6 }), (rows) => {
      const long = Array.from({ length: 110 }, () => rows).flat();
      const few = textsOf(tableOf(two, rows), 60);
      expect(textsOf(tableOf(two, long), 60).slice(0, few.length)).toEqual(few);
    }),
    { numRuns: 200 },
  );
});

test('planWidths shrinks flexible columns before others, the widest first, and never a fixed one', () => {
  const first = { natural: 40, shrinks: 'first' } as const;
  const late = { natural: 17, shrinks: 'late' } as const;
  expect(planWidths([late, first], 80)).toEqual([17, 40]);
  expect(planWidths([late, first, first], 61)).toEqual([17, 20, 20]);
  expect(planWidths([late, first], 27)).toEqual([17, 8]);
  expect(planWidths([late, first], 22)).toEqual([14, 6]);
  expect(planWidths([late, first], 10)).toEqual([4, 4]);
  expect(planWidths([{ natural: 50, shrinks: 'never' }, late], 20)).toEqual([50, 17]);
});
