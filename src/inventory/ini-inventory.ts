import { type LocatedScalar, makeSource, positionOf, type SourceText } from '../model/located.ts';
import type { Problem } from '../model/problem.ts';
import type { Value } from '../model/value.ts';
import { addGroup, addHost, type Draft, linkGroups, report, setVariable } from './draft.ts';
import { expandHosts } from './host-ranges.ts';
import { readPythonLiteral } from './python-literal.ts';
import { type ShellWord, splitShellWords } from './shell-words.ts';

/** The section that the lines being read belong to, and groups named before they were declared. */
interface Reading {
  readonly draft: Draft;
  readonly source: SourceText;
  group: string;
  kind: string;
  /** Groups named as children, with those that name them, until their own section comes. */
  readonly children: Map<string, { parents: string[]; at: LocatedScalar }>;
  /** Groups of which only a `[name:vars]` was seen. */
  readonly vars: Map<string, LocatedScalar>;
}

type Words = Pick<Problem, 'rule' | 'message' | 'hint'>;

// biome-ignore lint/suspicious/noControlCharactersInRegex: where Python's str.splitlines ends a line
const lineEnd = /\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/;
const section = /^\[([^:\]\s]+)(?::([\p{L}\p{N}_]+))?\]\s*(?:#.*)?$/u;
const groupName = /^([^:\]\s]+)\s*(?:#.*)?$/;

/** Reads one INI inventory file into the draft, as Ansible's `ini` inventory plugin does, but goes on after a problem. */
export function readIniInventory(draft: Draft, file: string, text: string): void {
  const reading: Reading = {
    draft,
    source: makeSource(file, text),
    group: 'ungrouped',
    kind: 'hosts',
    children: new Map(),
    vars: new Map(),
  };
  for (const line of linesOf(reading.source)) readLine(reading, line);
  reportUndeclared(reading);
}

/** The lines that say something, each without the blanks around it. */
function linesOf(source: SourceText): LocatedScalar[] {
  const lines: LocatedScalar[] = [];
  let at = source.text.startsWith('\ufeff') ? 1 : 0;
  for (const part of source.text.slice(at).split(new RegExp(`(${lineEnd.source})`))) {
    const start = at + part.length - part.trimStart().length;
    const line = part.trim();
    if (line !== '' && !/^[;#]/.test(line))
      lines.push(scalar(source, line, start, start + line.length));
    at += part.length;
  }
  return lines;
}

function scalar(source: SourceText, text: string, start: number, end: number): LocatedScalar {
  return { kind: 'scalar', text, plain: false, source, start, end };
}

function readLine(reading: Reading, line: LocatedScalar): void {
  const header = section.exec(line.text);
  if (header) openSection(reading, line, header[1] ?? '', header[2] ?? 'hosts');
  else if (/^\[.*\]$/.test(line.text))
    refuse(reading, line, {
      rule: 'ini-section',
      message: `${line.text} is not a section`,
      hint: 'write [group], [group:vars] or [group:children], without spaces',
    });
  else if (reading.kind === 'vars') readGroupVariable(reading, line);
  else if (reading.kind === 'children') readChild(reading, line);
  else if (reading.kind === 'hosts') readHosts(reading, line);
}

function refuse({ draft }: Reading, at: LocatedScalar, words: Words, path = ''): void {
  report(draft, at, path, words);
}

function openSection(reading: Reading, line: LocatedScalar, group: string, kind: string): void {
  const { draft, children, vars } = reading;
  reading.group = group;
  reading.kind = kind;
  if (!['hosts', 'children', 'vars'].includes(kind)) {
    refuse(reading, line, {
      rule: 'ini-section',
      message: `[${group}:${kind}] is of an unknown kind`,
      hint: 'write [group], [group:vars] or [group:children]',
    });
    return;
  }
  const isNew = !draft.groups.has(group);
  if (isNew && kind === 'vars' && !children.has(group)) vars.set(group, line);
  const mention = { name: group, at: positionOf(line), path: line.text };
  addGroup(draft, group, mention);
  if (kind === 'vars') return;
  vars.delete(group);
  adopt(reading, group);
}

/** Gives a group, now that it is declared, to the groups that named it as child before. */
function adopt(reading: Reading, child: string): void {
  const pending = reading.children.get(child);
  reading.children.delete(child);
  for (const parent of pending?.parents ?? []) {
    if (pending) link(reading, parent, child, pending.at);
  }
}

function link(reading: Reading, parent: string, child: string, at: LocatedScalar): void {
  const { draft } = reading;
  if (linkGroups(addGroup(draft, parent), addGroup(draft, child))) return;
  refuse(reading, at, {
    rule: 'group-cycle',
    message: `the group "${child}" would be inside itself: "${parent}" is already below it`,
    hint: 'take one of the two out of the other',
  });
}

function readChild(reading: Reading, line: LocatedScalar): void {
  const child = groupName.exec(line.text)?.[1];
  const { draft, children, group } = reading;
  if (child === undefined)
    refuse(reading, line, {
      rule: 'ini-line',
      message: `"${line.text}" is not the name of a group`,
      hint: 'write one group a line below [group:children]',
    });
  else if (draft.groups.has(child)) link(reading, group, child, line);
  else {
    const pending = children.get(child) ?? { parents: [], at: line };
    pending.parents.push(group);
    children.set(child, pending);
  }
}

function reportUndeclared(reading: Reading): void {
  for (const [child, { parents, at }] of reading.children)
    refuse(reading, at, {
      rule: 'unknown-group',
      message: `[${parents.at(-1)}:children] names "${child}", which is no group`,
      hint: `add a section [${child}], or correct the name`,
    });
  for (const [group, at] of reading.vars)
    refuse(reading, at, {
      rule: 'unknown-group',
      message: `[${group}:vars] is for "${group}", which is no group`,
      hint: `add a section [${group}], or correct the name`,
    });
}

function readGroupVariable(reading: Reading, line: LocatedScalar): void {
  const { draft, source, group } = reading;
  const equals = line.text.indexOf('=');
  if (equals === -1) {
    refuse(reading, line, {
      rule: 'ini-line',
      message: `"${line.text}" sets no variable`,
      hint: 'write name=value',
    });
    return;
  }
  const name = line.text.slice(0, equals).trim();
  const text = line.text.slice(equals + 1).trim();
  const key = scalar(source, name, line.start, line.start + name.length);
  const value = readPythonLiteral(text);
  const node = scalar(source, shownText(value, text), line.end - text.length, line.end);
  const path = `[${group}:vars].${name}`;
  setVariable(draft, group, { variable: name, node, key, value, path });
}

/** What was typed, with Python's quotes taken off a text. */
function shownText(value: Value, typed: string): string {
  return typeof value === 'string' ? value : typed;
}

function readHosts(reading: Reading, line: LocatedScalar): void {
  const words = splitShellWords(line.text);
  if ('problem' in words) {
    refuse(reading, line, {
      rule: 'ini-line',
      message: `the line cannot be split into words: ${words.problem}`,
      hint: 'put values with blanks, quotes or # between quotes',
    });
    return;
  }
  const [pattern, ...settings] = words;
  if (!pattern) return;
  const at = scalar(
    reading.source,
    pattern.text,
    line.start,
    line.start + (pattern.offsets.at(-1) ?? 0),
  );
  const expanded = expandHosts(pattern.text);
  const refusal = 'problem' in expanded ? expanded : refusePattern(pattern.text, expanded.port);
  if ('problem' in expanded || refusal) {
    refuse(reading, at, {
      rule: 'bad-range',
      message: refusal?.problem ?? '',
      hint: refusal?.hint ?? '',
    });
    return;
  }
  const path = `[${reading.group}].${pattern.text}`;
  const place = {
    at: positionOf(at),
    path,
    ...(pattern.text.includes('[') ? { range: pattern.text } : {}),
  };
  const group = addGroup(reading.draft, reading.group);
  const port = expanded.port
    ? { variable: 'ansible_port', node: at, key: at, value: expanded.port, path }
    : undefined;
  const variables = settings.flatMap((word) => readSetting(reading, line, word, path) ?? []);
  for (const name of expanded.names) {
    addHost(reading.draft, group, { name, ...place }, port);
    for (const setting of variables) setVariable(reading.draft, name, setting);
  }
}

function refusePattern(
  text: string,
  port: number | undefined,
): { problem: string; hint: string } | undefined {
  if (text === '') return { problem: 'a host has no name', hint: 'write its name' };
  if (text.trim() === '---')
    return { problem: 'the file begins like YAML', hint: 'give it a name that ends in .yaml' };
  if (text.trim().endsWith(':') && port === undefined)
    return {
      problem: `"${text}" ends in a colon but names no port`,
      hint: 'write name:port, or take the colon away',
    };
  return undefined;
}

function readSetting(reading: Reading, line: LocatedScalar, word: ShellWord, above: string) {
  const equals = word.text.indexOf('=');
  const offset = (index: number) => line.start + (word.offsets[index] ?? 0);
  if (equals === -1) {
    const at = scalar(reading.source, word.text, offset(0), offset(word.text.length));
    refuse(reading, at, {
      rule: 'ini-line',
      message: `"${word.text}" sets no variable`,
      hint: 'write name=value after the host, values with blanks between quotes',
    });
    return undefined;
  }
  const variable = word.text.slice(0, equals);
  const text = word.text.slice(equals + 1);
  const value = readPythonLiteral(text);
  const key = scalar(reading.source, variable, offset(0), offset(equals));
  const node = scalar(
    reading.source,
    shownText(value, text),
    offset(equals + 1),
    offset(word.text.length),
  );
  return { variable, node, key, value, path: `${above}.${variable}` };
}
