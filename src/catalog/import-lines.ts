import { decodeText } from '../model/display.ts';
import type { ImportCell, ImportField, ImportRow, ImportSource } from '../model/import.ts';
import type { Problem } from '../model/problem.ts';

/** One line of a text, counted from 1, without its line break. */
export interface TextLine {
  readonly number: number;
  readonly text: string;
}

// What a terminal's log keeps of a pager: its prompt, and the control sequences or backspaces that wiped it (ECMA-48, 5.4).
const pagerPrompt =
  /(?:-{2,4} ?More ?-{2,4}|<--- More --->)(?: ?\([^()\r\n]{0,60}\))?(?: ?-{2,4})?/i;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
const controlSequence = /\u001b(?:\[[0-9;?]*[ -/]*[@-~]|[@-_])|(?!\t)\p{Cc}/gu;

/** The lines of a text as a person saw them: decoded (UTF-8, else GB18030; UTF-16 with its mark, as PowerShell's `>` writes it), without what pagers and terminals leave in a log. */
export function readLines({ bytes }: ImportSource): TextLine[] {
  const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  const text = isUtf16 ? new TextDecoder('utf-16le').decode(bytes) : decodeText(bytes).text;
  return text.split(/\r*\n/).map((line, index) => ({ number: index + 1, text: tidyLine(line) }));
}

function tidyLine(line: string): string {
  const shown = line.replace(pagerPrompt, '').replace(controlSequence, '').trimEnd();
  // What wiped the prompt were blanks before the next line.
  return shown.length < line.trimEnd().length && pagerPrompt.test(line) ? shown.trimStart() : shown;
}

/** One value with the line it stands in. */
export function cellOn(line: number, text: string, note = ''): ImportCell {
  return { text, cell: `line ${line}`, note };
}

/** What a row says, by field; empty texts say nothing. */
export type Told = { readonly [F in ImportField]?: string | undefined };

/** A row of a text whose values all stand in one line. */
export function rowOn(file: string, line: number, told: Told, notes: Told = {}): ImportRow {
  const fields: { [F in ImportField]?: ImportCell } = {};
  for (const [field, text] of Object.entries(told) as [ImportField, string | undefined][])
    if (text !== undefined && text !== '') fields[field] = cellOn(line, text, notes[field] ?? '');
  return { file, row: line, fields };
}

/** A row that cannot be used, and why. */
export function refusedOn(file: string, line: number, reason: string, hint: string): ImportRow {
  return { file, row: line, fields: {}, refused: { cell: `line ${line}`, reason, hint } };
}

/** A problem of an imported file, at a line. */
export function importProblem(
  file: string,
  line: number,
  found: {
    readonly severity: Problem['severity'];
    readonly rule: string;
    readonly message: string;
    readonly hint: string;
  },
): Problem {
  return { ...found, file, line, column: 1, path: '' };
}

/** A file with nothing in it is told, so that an empty answer is never taken for an empty room. */
export function emptyFile(file: string): Problem {
  return importProblem(file, 1, {
    severity: 'warning',
    rule: 'empty',
    message: 'the file is empty',
    hint: '',
  });
}

/** Says once, for all lines of a kind, what was left out and why; nothing for none. */
export function tellSkipped(file: string, lines: readonly number[], why: string): Problem[] {
  const [first] = lines;
  if (first === undefined) return [];
  const shown = lines.slice(0, 10).join(', ');
  const rest = lines.length > 10 ? ` and ${lines.length - 10} more` : '';
  const message = `skipped ${lines.length === 1 ? 'an entry' : `${lines.length} entries`} (line ${shown}${rest}): ${why}`;
  return [importProblem(file, first, { severity: 'warning', rule: 'skipped', message, hint: '' })];
}
