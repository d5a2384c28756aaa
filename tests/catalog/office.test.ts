import { describe, expect, it } from 'vitest';
import csv from '../../src/catalog/exports/csv.ts';
import xlsx from '../../src/catalog/exports/xlsx.ts';
import report from '../../src/catalog/formats/xlsx.ts';
import { registerColumns } from '../../src/catalog/register-columns.ts';
import { readWorkbook } from '../../src/catalog/xlsx-reader.ts';
import { convertByOffice, hasOffice, readFlatSheet } from '../helpers/office.ts';
import { makeFile, resolveTexts } from '../inventory/load-raw.ts';

const { inventory } = resolveTexts(
  makeFile(`
all:
  children:
    lab_a:
      vars: {room: {title: 计算机室一}, class: student}
      hosts:
        a01:
          mac: [{addr: "00:e0:4c:01:00:01"}, {addr: "00:e0:4c:01:01:01", role: wifi}]
          ip: 10.1.1.1
          seat: "007"
          owner: {name: 㛃䶮, id: "0117", department: "=1+1", phone: "+8653212345678"}
          asset: "-1"
          serial: "123456789012345678901"
          model: "@SUM(A1)"
          switch_port: 1/1/24
        a02: {mac: "00:12:34:56:78:90", seat: "1e5", owner: {name: "<b>&\\"'", id: "20150117"}, serial: "5E12"}
`),
);
const expected = {
  a01: {
    mac: '00:e0:4c:01:00:01\n00:e0:4c:01:01:01 (wifi)',
    seat: '007',
    'owner.name': '㛃䶮',
    'owner.id': '0117',
    'owner.department': '=1+1',
    'owner.phone': '+8653212345678',
    asset: '-1',
    serial: '123456789012345678901',
    model: '@SUM(A1)',
    switch_port: '1/1/24',
  },
  a02: {
    mac: '00:12:34:56:78:90',
    seat: '1e5',
    'owner.name': `<b>&"'`,
    'owner.id': '20150117',
    serial: '5E12',
  },
};
const context = { inventory, at: '2026-09-01T00:00:00.000Z' };

/** The cells of the two PCs by field. */
function byField(rows: readonly (readonly string[])[]): Record<string, Record<string, string>> {
  return Object.fromEntries(
    rows
      .filter(([name]) => name === 'a01' || name === 'a02')
      .map((row) => [
        row[0],
        Object.fromEntries(registerColumns.map(({ field }, index) => [field, row[index] ?? ''])),
      ]),
  );
}

describe.skipIf(!hasOffice())('LibreOffice', () => {
  it('finds in our workbook the texts that were written, and nothing else', {
    timeout: 120_000,
  }, async () => {
    const bytes = xlsx.write(inventory.hosts, { lang: 'zh-CN' }, context) as Uint8Array;
    const cells = readFlatSheet(String(await convertByOffice('register.xlsx', bytes, 'fods')));
    expect(cells.length).toBe(3);
    const filled = cells.flat().filter(({ type }) => type !== '');
    expect(new Set(filled.map(({ type }) => type))).toEqual(new Set(['string']));
    expect(filled.every(({ formula }) => formula === '')).toBe(true);
    expect(byField(cells.map((row) => row.map(({ text }) => text)))).toMatchObject(expected);
  });

  it('finds in our CSV the same texts, with an apostrophe before those it would take for formulas', {
    timeout: 120_000,
  }, async () => {
    const text = csv.write(inventory.hosts, { lang: 'en', encoding: 'utf-8-bom' }, context);
    const filter = 'CSV:44,34,76,1,,0,true';
    const cells = readFlatSheet(
      String(await convertByOffice('register.csv', text, 'fods', filter)),
    );
    const filled = cells.flat().filter(({ type }) => type !== '');
    expect(new Set(filled.map(({ type }) => type))).toEqual(new Set(['string']));
    expect(filled.every(({ formula }) => formula === '')).toBe(true);
    const guarded = structuredClone(expected);
    guarded.a01['owner.department'] = "'=1+1";
    guarded.a01['owner.phone'] = "'+8653212345678";
    guarded.a01.asset = "'-1";
    guarded.a01.model = "'@SUM(A1)";
    expect(byField(cells.map((row) => row.map(({ text: found }) => found)))).toMatchObject(guarded);
  });

  it('even when it guesses, makes no formula of our CSV', { timeout: 120_000 }, async () => {
    const text = csv.write(inventory.hosts, { lang: 'en', encoding: 'utf-8-bom' }, context);
    const cells = readFlatSheet(String(await convertByOffice('register.csv', text, 'fods')));
    expect(cells.length).toBe(3);
    expect(cells.flat().every(({ formula }) => formula === '')).toBe(true);
  });

  it('reads what we cannot foresee: its own workbook of a report comes back with every text', {
    timeout: 120_000,
  }, async () => {
    const bytes = report.write(
      {
        ...{ schema: 'x/1', title: '', startedAt: '', finishedAt: '', document: {} },
        tables: [
          {
            title: '机房',
            columns: [{ key: 'a', title: '主机' }],
            rows: [['00:11\nb'], ['=1']],
            notes: ['合计'],
          },
        ],
        records: { columns: [], rows: [] },
      },
      { columns: 80, color: false, lang: 'zh-CN' },
    );
    const again = readWorkbook(
      new Uint8Array(
        await convertByOffice('report.xlsx', bytes, 'ods').then((ods) =>
          convertByOffice('report.ods', ods, 'xlsx'),
        ),
      ),
    );
    expect(again.name).toBe('机房');
    expect(again.rows.map(({ cells }) => [...cells.values()].map(({ text }) => text))).toEqual([
      ['主机'],
      ['00:11\nb'],
      ['=1'],
      ['合计'],
    ]);
  });
});
