import { type LocatedScalar, makeSource, positionOf, type SourceText } from '../model/located.ts';
import type { Problem } from '../model/problem.ts';
import { addGroup, type Draft, linkGroups, report, setVariable } from './draft.ts';
import { readIniHosts } from './ini-hosts.ts';
import { listIniLines, makeIniScalar, readIniValue } from './ini-lines.ts';

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
  for (const line of listIniLines(reading.source)) readLine(reading, line);
  reportUndeclared(reading);
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
  else if (reading.kind === 'hosts')
    readIniHosts(reading.draft, reading.source, reading.group, line);
}

function refuse({ draft }: Reading, at: LocatedScalar, words: Words): void {
  report(draft, at, '', words);
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
      message: 'the line sets no variable: there is no = in it',
      hint: 'write name=value',
    });
    return;
  }
  const name = line.text.slice(0, equals).trim();
  const text = line.text.slice(equals + 1).trim();
  const key = makeIniScalar(source, name, line.start, line.start + name.length);
  const read = readIniValue(source, text, line.end - text.length, line.end);
  setVariable(draft, group, { variable: name, key, ...read, path: `[${group}:vars].${name}` });
}
