import { type Command, sh } from '../../../model/command.ts';
import { isMapping, type Value } from '../../../model/value.ts';

/** Arguments of `alternatives`, by Ansible's names. */
export interface AlternativeArgs {
  name: string;
  path: string;
  link: string | undefined;
  priority: number | undefined;
  state: string;
  subcommands: readonly Value[] | undefined;
}

/** A link that follows the choice: man pages and the like. */
export interface Subcommand {
  readonly name: string;
  readonly link: string;
  readonly path: string;
}

/** One program a name can stand for. */
export interface Alternative {
  readonly path: string;
  readonly priority: number;
  readonly subcommands: readonly Subcommand[];
}

/** What a host knows of a name. */
export interface AlternativesFound {
  readonly isAuto: boolean;
  /** Where the chosen one is; '' when the name is unknown. */
  readonly current: string;
  readonly link: string;
  readonly choices: readonly Alternative[];
  readonly hasProgram: boolean;
  /** The name of the command on this host. */
  readonly command: string;
}

/** Reads the argument `subcommands`; undefined leaves those that are there alone. */
export function readSubcommands(
  value: readonly Value[] | undefined,
): { readonly list: readonly Subcommand[] | undefined } | { readonly problem: string } {
  if (value === undefined) return { list: undefined };
  const subcommands: Subcommand[] = [];
  for (const item of value) {
    if (!isMapping(item)) return { problem: 'subcommands holds mappings of name, link and path' };
    const { name, link, path } = item;
    if (typeof name !== 'string' || typeof link !== 'string' || typeof path !== 'string')
      return { problem: 'each of subcommands needs name, link and path' };
    subcommands.push({ name, link, path });
  }
  return { list: subcommands };
}

/** Prints what update-alternatives(1) knows (`--query`; `--display` where that is not understood, as on Red Hat). */
export function alternativesLook(name: string, program: string): Command {
  return sh`c=$(command -v update-alternatives || command -v alternatives) || { echo "update-alternatives is not installed on this host" >&2; exit 1; }
echo "@@command $c"
[ ! -e ${program} ] || echo @@program
"$c" --query ${name} 2>/dev/null && exit 0
echo @@display
"$c" --display ${name} 2>/dev/null
exit 0`;
}

/** Reads what `alternativesLook` printed. */
export function parseAlternatives(stdout: string): AlternativesFound {
  const [, display] = stdout.split('@@display\n');
  const head = {
    command: /^@@command (.*)$/m.exec(stdout)?.[1] ?? 'update-alternatives',
    hasProgram: /^@@program$/m.test(stdout),
  };
  return display === undefined || display.trim() === ''
    ? { ...head, ...parseQuery(stdout) }
    : { ...head, ...parseDisplay(display) };
}

type Body = Omit<AlternativesFound, 'command' | 'hasProgram'>;

/** Debian's `--query`: paragraphs of fields; the first is of the name, the others of its choices. */
function parseQuery(text: string): Body {
  const [first = '', ...rest] = text.split('\n\n');
  const field = (paragraph: string, name: string) =>
    new RegExp(`^${name}: (.*)$`, 'm').exec(paragraph)?.[1] ?? '';
  const pairs = (paragraph: string): string[][] => {
    const lines = /^Slaves:\n((?: .*\n?)+)/m.exec(paragraph)?.[1] ?? '';
    return lines
      .split('\n')
      .map((line) => /^ (\S+) (.*)$/.exec(line)?.slice(1) ?? [])
      .filter((pair) => pair.length > 0);
  };
  const links = new Map(pairs(first).map(([name = '', link = '']) => [name, link]));
  return {
    isAuto: field(first, 'Status') === 'auto',
    current: field(first, 'Value').replace(/^none$/, ''),
    link: field(first, 'Link'),
    choices: rest
      .filter((paragraph) => field(paragraph, 'Alternative') !== '')
      .map((paragraph) => ({
        path: field(paragraph, 'Alternative'),
        priority: Number(field(paragraph, 'Priority')),
        subcommands: pairs(paragraph).map(([name = '', path = '']) => ({
          name,
          link: links.get(name) ?? '',
          path,
        })),
      })),
  };
}

/** Red Hat's `--display`: `/usr/bin/x - priority 50`, then ` follower name: path`. */
function parseDisplay(text: string): Body {
  const choices: { path: string; priority: number; subcommands: Subcommand[] }[] = [];
  for (const line of text.split('\n')) {
    const [, path, priority] = /^(\/.*?) - (?:family \S+ )?priority (-?\d+)/.exec(line) ?? [];
    if (path !== undefined) choices.push({ path, priority: Number(priority), subcommands: [] });
    const [, name, target] = /^\s+(?:slave|follower) (\S+): (.*)$/.exec(line) ?? [];
    if (name !== undefined && target !== undefined && target !== '(null)')
      choices.at(-1)?.subcommands.push({ name, link: '', path: target });
  }
  return {
    isAuto: /status is auto/.test(text),
    current: /^\s*link currently points to (.*)$/m.exec(text)?.[1] ?? '',
    link: '',
    choices,
  };
}
