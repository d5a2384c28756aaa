import { decodeText } from '../../model/display.ts';
import { defineImport, type ImportRow, type ImportSource } from '../../model/import.ts';
import { isMapping, type Value } from '../../model/value.ts';
import { readAddressTable } from '../address-table.ts';
import { importProblem } from '../import-lines.ts';

export default defineImport({
  name: 'ip-neigh',
  summary: 'What `ip neigh` or `ip -j neigh` prints on Linux (ip-neighbour(8)).',
  read(source) {
    const { text } = decodeText(source.bytes);
    return /^\s*\[/.test(text) ? readJson(source, text) : readText(source);
  },
});

function readText(source: ImportSource) {
  return readAddressTable(source, {
    what: '`ip neigh`',
    entries: [
      /^(?<ip>[0-9a-f.:]+) dev \S+ lladdr (?<mac>[0-9a-f]{2}(?::[0-9a-f]{2}){5}) (?!FAILED|INCOMPLETE)[\w /]+$/i,
    ],
    unanswered: [/^[0-9a-f.:]+ dev \S+\s.*\b(?:FAILED|INCOMPLETE)$/i],
    rest: [/^(?:.*[$#] ?)?ip (?:-\S+ )*(?:neigh|neighbou?r|n)\b/, /^.*[$#] ?$/],
  });
}

/** The JSON form as the text form it stands for, one entry a line: what counts and what does not is decided in one place. */
function readJson(source: ImportSource, text: string) {
  let entries: Value;
  try {
    entries = JSON.parse(text) as Value;
  } catch {
    entries = null;
  }
  if (!Array.isArray(entries)) return { rows: [], problems: [notJson(source.file)] };
  const lines = (entries as Value[]).map(lineOf);
  const read = readText({
    file: source.file,
    bytes: new TextEncoder().encode(lines.join('\n')),
  });
  return { ...read, rows: read.rows.map(nameEntry) };
}

function lineOf(entry: Value): string {
  if (!isMapping(entry)) return JSON.stringify(entry);
  const { dst, dev, lladdr, state } = entry;
  const states = Array.isArray(state) ? state.join(' ') : '';
  const link = typeof lladdr === 'string' ? `lladdr ${lladdr} ` : '';
  return `${String(dst)} dev ${String(dev)} ${link}${states || 'NONE'}`;
}

// `ip -j` prints one line for all, so a line number would lead nowhere.
function nameEntry(row: ImportRow): ImportRow {
  const cell = `entry ${row.row}`;
  const fields = Object.fromEntries(
    Object.entries(row.fields).map(([field, told]) => [field, { ...told, cell }]),
  );
  return row.refused ? { ...row, fields, refused: { ...row.refused, cell } } : { ...row, fields };
}

function notJson(file: string) {
  return importProblem(file, 1, {
    severity: 'error',
    rule: 'other-format',
    message: 'the file begins as JSON and is none',
    hint: 'save the output of `ip -j neigh` again, whole',
  });
}
