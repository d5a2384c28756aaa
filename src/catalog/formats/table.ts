import { paint, printable } from '../../model/display.ts';
import { defineFormat, type FormatSettings, type ReportTable } from '../../model/report.ts';
import { wrapWidth } from '../../model/wrap.ts';
import { layoutTable, type TableLine } from '../table-layout.ts';

export default defineFormat({
  name: 'table',
  summary: 'Tables for people at a terminal, as wide as it is.',
  extension: 'txt',
  write(report, settings) {
    const heading =
      report.title === '' ? [] : [[colored(printable(report.title), 'strong', settings)]];
    const blocks = [...heading, ...report.tables.map((table) => blockOf(table, settings))];
    return blocks
      .filter((lines) => lines.length > 0)
      .map((lines) => `${lines.join('\n')}\n`)
      .join('\n');
  },
});

function blockOf(table: ReportTable, settings: FormatSettings): string[] {
  const drawn = layoutTable(table, settings.columns).map((line) =>
    colored(line.text, lookOf(line), settings),
  );
  const title = table.title === '' ? [] : [colored(printable(table.title), 'strong', settings)];
  const wrap = (line: string): string[] => wrapWidth(printable(line), settings.columns);
  const above = (table.above ?? []).flatMap(wrap);
  const notes = table.notes.flatMap(wrap);
  return drawn.length + notes.length === 0 ? [] : [...title, ...above, ...drawn, ...notes];
}

function lookOf({ part, tone }: TableLine): Parameters<typeof paint>[1] {
  return part === 'head' ? 'strong' : tone;
}

function colored(
  text: string,
  tone: Parameters<typeof paint>[1],
  { color }: FormatSettings,
): string {
  return color ? paint(text, tone) : text;
}
