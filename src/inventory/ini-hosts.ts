import { type LocatedScalar, positionOf, type SourceText } from '../model/located.ts';
import { addGroup, addHost, type Draft, report, type Setting, setVariable } from './draft.ts';
import { type ExpandedHosts, expandHosts } from './host-ranges.ts';
import { makeIniScalar, readIniValue } from './ini-lines.ts';
import { type ShellWord, splitShellWords } from './shell-words.ts';

/** A line of hosts on its way into the draft. */
interface Reading {
  readonly draft: Draft;
  readonly source: SourceText;
  readonly group: string;
  readonly line: LocatedScalar;
}

/** Reads a line of an INI section of hosts: a host or range of hosts, then `name=value` words. */
export function readIniHosts(
  draft: Draft,
  source: SourceText,
  group: string,
  line: LocatedScalar,
): void {
  const words = splitShellWords(line.text);
  if ('problem' in words)
    report(draft, line, '', {
      rule: 'ini-line',
      message: `the line cannot be split into words: ${words.problem}`,
      hint: 'put values with blanks, quotes or # between quotes',
    });
  else addWords({ draft, source, group, line }, words);
}

function addWords(
  { draft, source, group, line }: Reading,
  [pattern, ...settings]: readonly ShellWord[],
): void {
  if (!pattern) return;
  const { text } = pattern;
  const at = makeIniScalar(source, text, line.start, line.start + (pattern.offsets.at(-1) ?? 0));
  const expanded = expandPattern(text);
  if ('problem' in expanded) {
    report(draft, at, '', { rule: 'bad-range', message: expanded.problem, hint: expanded.hint });
    return;
  }
  const path = `[${group}].${text}`;
  const mention = { at: positionOf(at), path, ...(text.includes('[') ? { range: text } : {}) };
  const port = expanded.port
    ? { variable: 'ansible_port', node: at, key: at, value: expanded.port, path }
    : undefined;
  const variables = settings.flatMap(
    (word) => readSetting({ draft, source, group, line }, word, path) ?? [],
  );
  for (const name of expanded.names) {
    addHost(draft, addGroup(draft, group), { name, ...mention }, port);
    for (const setting of variables) setVariable(draft, name, setting);
  }
}

function expandPattern(text: string): ExpandedHosts {
  if (text === '') return { problem: 'a host has no name', hint: 'write its name' };
  if (text.trim() === '---')
    return { problem: 'the file begins like YAML', hint: 'give it a name that ends in .yaml' };
  const expanded = expandHosts(text);
  if (text.trim().endsWith(':') && 'names' in expanded && expanded.port === undefined)
    return {
      problem: `"${text}" ends in a colon but names no port`,
      hint: 'write name:port, or take the colon away',
    };
  return expanded;
}

/** The word is not shown when it is no setting: it may be the rest of a password. */
function readSetting(
  { draft, source, line }: Reading,
  word: ShellWord,
  above: string,
): Setting | undefined {
  const equals = word.text.indexOf('=');
  const offset = (index: number) => line.start + (word.offsets[index] ?? 0);
  const end = offset(word.text.length);
  if (equals === -1) {
    report(draft, makeIniScalar(source, word.text, offset(0), end), '', {
      rule: 'ini-line',
      message: 'a word behind the host sets no variable: there is no = in it',
      hint: 'write name=value after the host, values with blanks between quotes',
    });
    return undefined;
  }
  const variable = word.text.slice(0, equals);
  const key = makeIniScalar(source, variable, offset(0), offset(equals));
  const read = readIniValue(source, word.text.slice(equals + 1), offset(equals + 1), end);
  return { variable, key, ...read, path: `${above}.${variable}` };
}
