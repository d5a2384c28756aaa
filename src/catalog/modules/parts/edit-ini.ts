import type { Editing } from './edit-file.ts';
import type { AttributeWish } from './path-attributes.ts';
import { binaryText, splitLines } from './text-lines.ts';

/** The arguments of `ini_file`. */
export interface IniArgs extends AttributeWish {
  readonly path: string;
  readonly section: string | undefined;
  readonly option: string | undefined;
  readonly value: string | undefined;
  readonly values: readonly string[] | undefined;
  readonly state: string;
  readonly exclusive: boolean;
  readonly no_extra_spaces: boolean;
  readonly allow_no_value: boolean;
  readonly create: boolean;
  readonly backup: boolean;
  readonly unsafe_writes: boolean;
}

/** One line of the section that is edited; a settled one is as it shall be. */
interface Line {
  text: string;
  settled: boolean;
}

/** A section while it is edited. The first line is its heading; for what comes before all sections it is a made-up one. */
interface Work {
  readonly args: IniArgs;
  readonly option: string | undefined;
  readonly lines: Line[];
  /** Values that no line holds yet. */
  readonly values: string[];
  changed: boolean;
  msg: string;
  /** A line names the option without a value, as wished. */
  hasBare: boolean;
}

/** Edits a file as Ansible's `ini_file` does; text is one character per byte. */
export function editIni(text: string, args: IniArgs): Editing {
  const plain = text.replace(/^\xef\xbb\xbf/, '').replace(/\r\n?/g, '\n');
  const all = splitLines(plain === '' ? '\n' : plain);
  const isOpen = !(all.at(-1) ?? '').endsWith('\n');
  if (isOpen) all.push(`${all.pop() ?? ''}\n`);
  const section = args.section ? binaryText(args.section) : undefined;
  const { before, inside, after } = splitSection(all, section);
  const work = startWork(args, inside, isOpen);
  if (args.state === 'absent') removeFrom(work, section);
  else if (inside.length > 0) keepIn(work);
  const kept = work.lines.map((line) => line.text);
  // the made-up heading of a file's beginning is not written
  if (section === undefined) kept.shift();
  const result = [...before, ...kept, ...after];
  if (args.state === 'present' && inside.length === 0) addSection(work, result, section ?? '');
  return { text: work.changed ? result.join('') : text, changed: work.changed, msg: work.msg };
}

function splitSection(all: readonly string[], section: string | undefined) {
  if (section === undefined) {
    const end = all.findIndex((line) => line.startsWith('['));
    const upTo = end === -1 ? all.length : end;
    return { before: [], inside: ['[', ...all.slice(0, upTo)], after: all.slice(upTo) };
  }
  const heading = `[${section}]`;
  let from = -1;
  for (const [index, line] of all.entries()) {
    if (line.startsWith(heading)) from = index;
    else if (from !== -1 && line.startsWith('['))
      return {
        before: all.slice(0, from),
        inside: all.slice(from, index),
        after: all.slice(index),
      };
  }
  if (from === -1) return { before: [], inside: [], after: all };
  return { before: all.slice(0, from), inside: all.slice(from), after: [] };
}

function startWork(args: IniArgs, inside: readonly string[], changed: boolean): Work {
  const written = args.value === undefined ? (args.values ?? []) : [args.value];
  return {
    args,
    option: args.option === undefined ? undefined : binaryText(args.option),
    lines: inside.map((text) => ({ text, settled: false })),
    values: [...new Set(written)].map(binaryText),
    changed,
    msg: 'OK',
    hasBare: false,
  };
}

/** The value that a line gives the option, undefined for another line; `#` or `;` before it may make it a comment. */
function valueIn(line: string, option: string, mayBeComment: boolean): string | undefined {
  const begin = (mayBeComment ? /^[#;]?[ \t]*/ : /^[ \t]*/).exec(line)?.[0].length ?? 0;
  const rest = line.replace(/\n$/, '').slice(begin);
  if (!rest.startsWith(option)) return undefined;
  return /^[ \t]*(?:=|$)[ \t]*(.*)$/s.exec(rest.slice(option.length))?.[1];
}

const assign = ({ option = '', args }: Work, value: string): string =>
  `${option}${args.no_extra_spaces ? '=' : ' = '}${value}\n`;

function settle(work: Work, line: Line, text: string): void {
  if (line.text !== text) {
    work.changed = true;
    work.msg = 'option changed';
  }
  line.text = text;
  line.settled = true;
}

function keepIn(work: Work): void {
  const { option, args } = work;
  if (option !== undefined) {
    settleMatching(work, option);
    if (args.exclusive && !args.allow_no_value) settleOthers(work, option);
    insertMissing(work, option);
  }
}

// lines that already hold one of the values, whether or not they are comments
function settleMatching(work: Work, option: string): void {
  for (const line of work.lines) {
    const value = valueIn(line.text, option, true);
    if (value === undefined) continue;
    const isBare = value === '' && work.args.allow_no_value;
    if (work.values.includes(value)) {
      work.hasBare ||= isBare;
      settle(work, line, isBare ? `${option}\n` : assign(work, value));
      work.values.splice(work.values.indexOf(value), 1);
    } else if (work.values.length === 0 && work.args.allow_no_value) {
      settle(work, line, `${option}\n`);
      work.hasBare = true;
      break;
    }
  }
}

// lines with another value take one that is still missing, or go
function settleOthers(work: Work, option: string): void {
  const isOther = (line: Line) => !line.settled && valueIn(line.text, option, true) !== undefined;
  for (const line of work.lines) {
    if (work.values.length === 0) break;
    if (isOther(line)) settle(work, line, assign(work, work.values.shift() ?? ''));
  }
  for (const line of work.lines.slice(1).filter(isOther)) {
    work.lines.splice(work.lines.indexOf(line), 1);
    work.changed = true;
    work.msg = 'option changed';
  }
}

function insertMissing(work: Work, option: string): void {
  const last = work.lines.findLastIndex(({ text }) => !/^[ \t]*([#;].*)?\n?$/.test(text));
  const isBareMissing = work.args.allow_no_value && !work.hasBare && work.values.length === 0;
  const added = isBareMissing ? [`${option}\n`] : work.values.map((value) => assign(work, value));
  if (last === -1 || added.length === 0) return;
  work.lines.splice(last + 1, 0, ...added.map((text) => ({ text, settled: true })));
  work.changed = true;
  work.msg = 'option added';
}

function removeFrom(work: Work, section: string | undefined): void {
  const { option, args, lines, values } = work;
  if (option === undefined) {
    if (lines.length === 0 || section === undefined) return;
    lines.splice(0);
    work.changed = true;
    work.msg = 'section removed';
    return;
  }
  const isMeant = ({ text }: Line): boolean => {
    const value = valueIn(text, option, false);
    return value !== undefined && (args.exclusive || values.includes(value));
  };
  for (const line of lines.filter(isMeant)) {
    lines.splice(lines.indexOf(line), 1);
    work.changed = true;
    work.msg = 'option changed';
  }
}

function addSection(work: Work, result: string[], section: string): void {
  const { option, values, args } = work;
  result.push(`[${section}]\n`);
  work.changed = true;
  work.msg = 'section and option added';
  if (option !== undefined && values.length > 0)
    result.push(...values.map((value) => assign(work, value)));
  else if (option !== undefined && args.allow_no_value) result.push(`${option}\n`);
  else work.msg = 'only section added';
}
