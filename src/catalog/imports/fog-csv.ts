import { decodeText } from '../../model/display.ts';
import { defineImport, type ImportCell, type ImportRow } from '../../model/import.ts';
import { parseIp } from '../../model/ip.ts';
import { parseMac } from '../../model/mac.ts';
import { parseCsv } from '../csv-reader.ts';
import type { GridRow } from '../grid.ts';
import { emptyFile, importProblem } from '../import-lines.ts';

export default defineImport({
  name: 'fog-csv',
  summary:
    "FOG's host export: MACs (several with | between), name, description, IP and more, without headings; passwords and keys in it are not read.",
  read({ file, bytes }) {
    const { rows } = parseCsv(decodeText(bytes).text, ',');
    const [first] = rows;
    if (!first) return { rows: [], problems: [emptyFile(file)] };
    const hosts = /^(?:host )?(?:primary )?mac/i.test(textOf(first, 0)) ? rows.slice(1) : rows;
    const isFog = hosts.some((host) => 'mac' in parseMac(macsOf(host)[0] ?? ''));
    if (hosts.length > 0 && !isFog) return { rows: [], problems: [notFog(file, first)] };
    return { rows: hosts.map((host) => readHost(file, host)), problems: [] };
  },
});

function textOf({ cells }: GridRow, column: number): string {
  return cells.get(column)?.text.trim() ?? '';
}

function macsOf(row: GridRow): string[] {
  return (
    textOf(row, 0)
      .split('|')
      // A line break inside a quoted field would part one address from its note, where a line is an address.
      .map((mac) => mac.trim().replaceAll(/\s+/g, ' '))
  );
}

function readHost(file: string, row: GridRow): ImportRow {
  const macs = macsOf(row);
  for (const mac of macs) {
    const parsed = parseMac(mac);
    if ('problem' in parsed) return refuse(file, row, 'A', parsed.problem, parsed.hint);
  }
  if (textOf(row, 1) === '')
    return refuse(file, row, 'B', 'the host has no name', 'the second field is the name');
  // Before FOG 1.2 the IP came third; since then the description does, and the IP follows it.
  const ipColumn = [2, 3].find((column) => 'ip' in parseIp(textOf(row, column)));
  const cellOf = (column: string, text: string): ImportCell => ({
    text,
    cell: `${column}${row.number}`,
    note: '',
  });
  return {
    file,
    row: row.number,
    fields: {
      mac: cellOf('A', macs.join('\n')),
      name: cellOf('B', textOf(row, 1)),
      ...(ipColumn === undefined
        ? {}
        : { ip: cellOf(ipColumn === 2 ? 'C' : 'D', textOf(row, ipColumn)) }),
    },
  };
}

function refuse(
  file: string,
  { number }: GridRow,
  column: string,
  reason: string,
  hint: string,
): ImportRow {
  return { file, row: number, fields: {}, refused: { cell: `${column}${number}`, reason, hint } };
}

function notFog(file: string, row: GridRow) {
  return importProblem(file, row.number, {
    severity: 'error',
    rule: 'other-format',
    message: `the file is no host export of FOG: it begins "${textOf(row, 0).slice(0, 60)}"`,
    hint: 'each line of an export begins with a MAC address and a name',
  });
}
