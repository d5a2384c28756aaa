import { compileRegex, compileReplacement, type PythonRegex } from '../../../model/python-regex.ts';
import type { Editing } from './edit-file.ts';
import type { AttributeWish } from './path-attributes.ts';
import { bareLine, binaryText, splitLines } from './text-lines.ts';

/** The arguments of `lineinfile`. */
export interface LineArgs extends AttributeWish {
  readonly path: string;
  readonly state: string;
  readonly regexp: string | undefined;
  readonly search_string: string | undefined;
  readonly line: string | undefined;
  readonly insertafter: string | undefined;
  readonly insertbefore: string | undefined;
  readonly backrefs: boolean;
  readonly create: boolean;
  readonly backup: boolean;
  readonly firstmatch: boolean;
  readonly validate: string | undefined;
  readonly unsafe_writes: boolean;
}

type LineTest = (line: string) => boolean;

/** Patterns as the host's bytes meet them. */
interface Patterns {
  readonly regexp: PythonRegex | undefined;
  /** The line after or before which a new one goes; undefined for the ends of the file. */
  readonly anchor: PythonRegex | undefined;
}

/** Edits the lines of a file as Ansible's `lineinfile` does; text is one character per byte. */
export function editLines(text: string, args: LineArgs): Editing {
  const patterns = compileAll(args);
  if ('failed' in patterns) return patterns;
  const lines = splitLines(text);
  const warnings = warn(args);
  const line = binaryText(args.line ?? '');
  const edited =
    args.state === 'absent'
      ? remove(lines, line, args, patterns)
      : keep(lines, line, args, patterns);
  if ('failed' in edited || warnings.length === 0) return edited;
  return { ...edited, warnings };
}

function compileAll(args: LineArgs): Patterns | { readonly failed: string } {
  const { insertafter, insertbefore } = args;
  const after = insertafter === 'EOF' || insertafter === 'BOF' ? undefined : insertafter;
  const before = insertbefore === 'BOF' ? undefined : insertbefore;
  const compiled = [args.regexp, after ?? before].map((pattern) =>
    pattern === undefined ? undefined : compileRegex(binaryText(pattern), { bytes: true }),
  );
  const problem = compiled.find((each) => each !== undefined && 'problem' in each);
  if (problem && 'problem' in problem)
    return { failed: `a pattern cannot be read: ${problem.problem}` };
  const [regexp, anchor] = compiled.map((each) => (each && 'regex' in each ? each : undefined));
  return { regexp, anchor };
}

function warn({ regexp, search_string }: LineArgs): string[] {
  if (regexp !== '' && search_string !== '') return [];
  const name = regexp === '' ? 'regular expression' : 'search string';
  const way =
    regexp === ''
      ? " If this is desired, use '^' to match every line in the file and avoid this warning."
      : '';
  return [
    `The ${name} is an empty string, which will match every line in the file. This may have unintended consequences, such as replacing the last line in the file rather than appending.${way}`,
  ];
}

/** What tells the line that is meant; undefined when only the line itself does. */
function testOf({ search_string }: LineArgs, { regexp }: Patterns): LineTest | undefined {
  if (regexp) return (line) => regexp.regex.test(line);
  if (search_string === undefined) return undefined;
  const wanted = binaryText(search_string);
  return (line) => line.includes(wanted);
}

function remove(
  lines: readonly string[],
  line: string,
  args: LineArgs,
  patterns: Patterns,
): Editing {
  const isMeant = testOf(args, patterns) ?? ((each: string) => bareLine(each) === line);
  const kept = lines.filter((each) => !isMeant(each));
  const found = lines.length - kept.length;
  const msg = found > 0 ? `${found} line(s) removed` : '';
  return { text: kept.join(''), changed: found > 0, msg, values: { found } };
}

function keep(lines: string[], line: string, args: LineArgs, patterns: Patterns): Editing {
  const test = testOf(args, patterns);
  const meant = test ? findLine(lines, test, args.firstmatch) : -1;
  if (meant !== -1) {
    const renewed = args.backrefs ? expand(lines[meant] ?? '', line, patterns) : line;
    return typeof renewed === 'string' ? renew(lines, meant, renewed) : renewed;
  }
  const { same, anchor } = findPlace(lines, line, args, patterns);
  if (same !== -1) return renew(lines, same, line);
  if (args.backrefs) return unchanged(lines);
  return insert(lines, line, args, anchor);
}

function findLine(lines: readonly string[], test: LineTest, first: boolean): number {
  return first ? lines.findIndex(test) : lines.findLastIndex(test);
}

function expand(line: string, template: string, { regexp }: Patterns): string | { failed: string } {
  const match = regexp?.regex.exec(line);
  if (!regexp || !match) return template;
  const replacement = compileReplacement(template, regexp);
  return 'problem' in replacement ? { failed: replacement.problem } : replacement.expand(match);
}

function renew(lines: readonly string[], at: number, line: string): Editing {
  const renewed = line.endsWith('\n') ? line : `${line}\n`;
  if (lines[at] === renewed) return unchanged(lines);
  return { text: lines.with(at, renewed).join(''), changed: true, msg: 'line replaced' };
}

const unchanged = (lines: readonly string[]): Editing => ({
  text: lines.join(''),
  changed: false,
  msg: '',
});

/** The last line that is just the one wished for, and the place that the anchor gives (a new line goes before the line of that number). */
function findPlace(
  lines: readonly string[],
  line: string,
  args: LineArgs,
  { anchor: pattern }: Patterns,
): { readonly same: number; readonly anchor: number } {
  let same = -1;
  let anchor = -1;
  for (const [number, each] of lines.entries()) {
    if (bareLine(each) === line) same = number;
    else if (pattern?.regex.test(each)) {
      anchor = args.insertbefore === undefined ? number + 1 : number;
      if (args.firstmatch) break;
    }
  }
  return { same, anchor };
}

function insert(lines: readonly string[], line: string, args: LineArgs, anchor: number): Editing {
  const { insertafter, insertbefore } = args;
  const added = `${line}\n`;
  const put = (at: number): Editing => {
    const above = lines.slice(0, at);
    const last = above.at(-1);
    const isOpen = at > 0 && at === lines.length && last !== undefined && !/[\r\n]$/.test(last);
    const parts = [...above, ...(isOpen ? ['\n'] : []), added, ...lines.slice(at)];
    return { text: parts.join(''), changed: true, msg: 'line added' };
  };
  if (insertafter === 'BOF' || insertbefore === 'BOF') return put(0);
  const atEnd = insertbefore === undefined && (insertafter ?? 'EOF') === 'EOF';
  if (atEnd || anchor === -1) return put(lines.length);
  // with firstmatch nobody looked whether the line stands there already
  const isThere = insertbefore === undefined && bareLine(lines[anchor] ?? '\n') === line;
  return isThere && anchor < lines.length ? unchanged(lines) : put(anchor);
}
