import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCsv, type Separator, separators } from '../../src/catalog/csv-reader.ts';
import { decodeTable } from '../../src/catalog/decode-table.ts';
import { encodeTable } from '../../src/catalog/encode-table.ts';
import { guardFormula, unguardFormula } from '../../src/catalog/formula-guard.ts';
import { columnName, parseRef } from '../../src/catalog/grid.ts';
import { readCell } from '../../src/catalog/import-cell.ts';
import { registerColumns } from '../../src/catalog/register-columns.ts';

const bytesOf = (text: string | Uint8Array): Uint8Array =>
  typeof text === 'string' ? new TextEncoder().encode(text) : text;

describe('encodings', () => {
  const names = fc.array(
    fc.constantFrom('张', '伟', '㛃', '䶮', '𠮷', '€', 'é', 'a', ',', '\u3000'),
    {
      minLength: 1,
      maxLength: 12,
    },
  );

  it('GB18030 holds every name, and the reader gives it back', () => {
    fc.assert(
      fc.property(names, (letters) => {
        // A text of ASCII and whole UTF-8 sequences would be read as UTF-8, so one letter decides.
        const text = `责任人,${letters.join('')}\r\n`;
        const bytes = bytesOf(encodeTable(text, 'gb18030'));
        expect(new TextDecoder('gb18030', { fatal: true }).decode(bytes)).toBe(text);
        expect(decodeTable(bytes)).toBe(text);
      }),
      { numRuns: 500 },
    );
  });

  it('GBK refuses what it has no place for, by name, and puts nothing in its place', () => {
    expect(() => encodeTable('责任人,㛃䶮', 'gbk')).toThrow(
      /gbk has no place for 㛃 \(U\+36C3\), 䶮 \(U\+4DAE\)/,
    );
    expect(decodeTable(bytesOf(encodeTable('责任人,张伟', 'gbk')))).toBe('责任人,张伟');
  });

  it('takes "联通" in GBK for what it is, although it looks like UTF-8', () => {
    expect(decodeTable(Uint8Array.of(0xc1, 0xaa, 0xcd, 0xa8))).toBe('联通');
  });

  it('takes byte order marks at their word and off the text', () => {
    expect(decodeTable(bytesOf('\ufeff张'))).toBe('张');
    expect(decodeTable(Uint8Array.of(0xff, 0xfe, 0x20, 0x5f))).toBe('张');
    expect(decodeTable(Uint8Array.of(0xfe, 0xff, 0x5f, 0x20))).toBe('张');
  });

  it('refuses what is no text', () => {
    expect(() => decodeTable(Uint8Array.of(0, 1, 2))).toThrow('not a text');
    expect(() => decodeTable(Uint8Array.of(0x50, 0x4b, 3, 4))).toThrow('is a workbook');
  });
});

describe('separated values', () => {
  const field = fc.oneof(
    fc.string({ maxLength: 6 }),
    fc
      .array(fc.constantFrom('"', ',', ';', '\t', '\r', '\n', '张', 'a'), { maxLength: 6 })
      .map((all) => all.join('')),
  );

  it('come back as they were written by RFC 4180, with any separator and line break', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(field, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 4 }),
        fc.constantFrom<Separator>(...separators),
        fc.constantFrom('\r\n', '\n', '\r'),
        (records, separator, lineBreak) => {
          const text = records
            .map((fields) =>
              fields.map((each) => `"${each.replaceAll('"', '""')}"`).join(separator),
            )
            .join(lineBreak);
          const expected = records
            .map((fields, index) => ({
              number: index + 1,
              cells: fields.flatMap((each, column) => (each === '' ? [] : [[column, each]])),
            }))
            .filter(({ cells }) => cells.length > 0);
          const { rows } = parseCsv(text, separator);
          expect(
            rows.map(({ number, cells }) => ({
              number,
              cells: [...cells].map(([column, cell]) => [column, cell.text]),
            })),
          ).toEqual(expected);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('count rows as a spreadsheet does, empty ones too', () => {
    const { rows } = parseCsv('sep=;\r\n\r\na;"b\nc"\r\n\r\n;d', ';');
    expect(
      rows.map(({ number, cells }) => [number, ...[...cells.values()].map(({ ref }) => ref)]),
    ).toEqual([
      [3, 'A3', 'B3'],
      [5, 'B5'],
    ]);
  });
});

describe('places and guards', () => {
  it('columns have the letters that spreadsheets give them', () => {
    expect([0, 25, 26, 701, 702, 16_383].map(columnName)).toEqual([
      'A',
      'Z',
      'AA',
      'ZZ',
      'AAA',
      'XFD',
    ]);
    for (const column of [0, 25, 26, 701, 702, 16_383])
      expect(parseRef(`${columnName(column)}7`)).toEqual({ row: 7, column });
  });

  it('a guard taken off gives the text back, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.stringMatching(/^'{0,3}[=+\-@\t][a-z]{0,3}$/)),
        (text) => {
          expect(unguardFormula(guardFormula(text))).toBe(text);
          expect(guardFormula(text)).not.toMatch(/^[=+\-@\t\r\n]/);
        },
      ),
    );
  });
});

describe('MAC addresses in cells', () => {
  const column = registerColumns.find(({ field }) => field === 'mac');
  const octet = fc.nat(255);
  const separator = fc.constantFrom(':', '-', '.', ' ', '：', '－', '．', '', '–', '\u00a0', '_');
  const group = fc.constantFrom(1, 2, 3, 6);
  const spoil = fc.constantFrom(
    ...[
      '',
      '',
      '',
      ' ',
      '\u200b',
      '\u00a0',
      '（有线）',
      ' (eth0)',
      '\n',
      'O',
      'l',
      '\u202e',
      "'",
      '。',
    ],
  );
  const odd = fc
    .tuple(
      fc.array(octet, { minLength: 5, maxLength: 7 }),
      separator,
      group,
      spoil,
      fc.boolean(),
      fc.boolean(),
    )
    .map(([octets, between, size, more, upper, wide]) => {
      const pairs = octets.map((value) => value.toString(16).padStart(2, '0'));
      const groups: string[] = [];
      for (let at = 0; at < pairs.length; at += size)
        groups.push(pairs.slice(at, at + size).join(''));
      const plain = groups.join(between);
      const cased = upper ? plain.toUpperCase() : plain;
      const widened = wide
        ? cased.replaceAll(/[0-9A-Fa-f]/g, (digit) =>
            String.fromCharCode(digit.charCodeAt(0) + 0xfee0),
          )
        : cased;
      return { text: widened + more, octets };
    });

  it('100,000 odd spellings give the one address that was meant, or a refusal that says why', () => {
    if (!column) throw new Error('the register has no MAC column');
    let read = 0;
    fc.assert(
      fc.property(odd, ({ text, octets }) => {
        const cell = { text, ref: 'C7', note: '', damage: '', type: 'text' } as const;
        const result = readCell(cell, column, 'MAC');
        if ('problem' in result) {
          expect(result.problem).not.toBe('');
          return;
        }
        read += 1;
        const meant = octets.map((value) => value.toString(16).padStart(2, '0'));
        // A DHCP client id has its hardware type in front (RFC 2132, 9.14).
        expect([meant.join(':'), meant.slice(1).join(':')]).toContain(result.text);
        expect(readCell({ ...cell, text: result.text }, column, 'MAC')).toMatchObject({
          text: result.text,
        });
      }),
      { numRuns: 100_000 },
    );
    expect(read).toBeGreaterThan(10_000);
  }, 120_000);

  it('a number is refused even when it has all its digits', () => {
    if (!column) throw new Error('the register has no MAC column');
    for (const text of ['521234567890', '1234567890'])
      expect(
        readCell({ text, ref: 'C7', note: '', damage: '', type: 'number' }, column, 'MAC'),
      ).toMatchObject({
        problem: expect.stringContaining(`"${text}"`),
      });
  });
});
