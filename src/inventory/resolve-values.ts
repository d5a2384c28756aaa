import { type Located, positionOf } from '../model/located.ts';
import type { Problem } from '../model/problem.ts';
import { isMapping, type Value } from '../model/value.ts';
import { keyOf } from '../model/yaml-value.ts';
import type { Assignment } from './raw.ts';

/** Reads the variables of one host or group; what is wrong goes to `problems`, once for each place however many hosts inherit it. */
export interface Reader {
  readonly effective: ReadonlyMap<string, Assignment>;
  readonly problems: Map<string, Problem>;
}

/** Notes something wrong with a value. */
export function reportValue(
  { problems }: Reader,
  path: string,
  node: Located,
  words: Pick<Problem, 'rule' | 'message' | 'hint'> & { severity?: Problem['severity'] },
): void {
  const at = positionOf(node);
  const key = `${at.file}\0${at.line}\0${at.column}\0${words.rule}`;
  if (!problems.has(key)) problems.set(key, { ...at, path, severity: 'error', ...words });
}

/** A value with the place of what was typed for it. */
export type Part = Pick<Assignment, 'node' | 'value'>;

/** The text of a scalar as typed: '' for nothing; undefined for lists, mappings and what is encrypted. */
export function textOf({ node, value }: Part): string | undefined {
  if (value === null) return '';
  if (Array.isArray(value)) return undefined;
  if (!isMapping(value)) return node.kind === 'scalar' ? node.text : String(value);
  const unsafe = value['__ansible_unsafe'];
  return typeof unsafe === 'string' ? unsafe : undefined;
}

/** True for a value that ansible-vault encrypted: what it says cannot be known here. */
export function isVault(value: Value): boolean {
  return isMapping(value) && typeof value['__ansible_vault'] === 'string';
}

/** A variable's text as typed; a list or mapping in its place is a problem. */
export function readText(reader: Reader, name: string): string {
  const assignment = reader.effective.get(name);
  if (!assignment) return '';
  const text = textOf(assignment);
  if (text === undefined && !isVault(assignment.value))
    reportValue(reader, assignment.path, assignment.node, {
      rule: ruleOf(name),
      message: `${name} takes a text, not a ${Array.isArray(assignment.value) ? 'list' : 'mapping'}`,
      hint: `write one value behind "${name}:"`,
    });
  return text ?? '';
}

/** A variable that is one of a few words. */
export function readWord<T extends string>(
  reader: Reader,
  name: string,
  words: readonly T[],
): T | '' {
  const text = readText(reader, name);
  const found = words.find((word) => word === text);
  const assignment = reader.effective.get(name);
  if (found === undefined && text !== '' && assignment)
    reportValue(reader, assignment.path, assignment.node, {
      rule: ruleOf(name),
      message: `"${shorten(text)}" is no ${name}`,
      hint: `write one of ${words.join(', ')}`,
    });
  return found ?? '';
}

/** A variable that is yes or no, by the words Ansible takes for it (`boolean` of its module_utils). */
export function readFlag(reader: Reader, name: string): boolean {
  const assignment = reader.effective.get(name);
  if (!assignment) return false;
  const flag = flagOf(assignment.value);
  if (flag !== undefined) return flag;
  reportValue(reader, assignment.path, assignment.node, {
    rule: 'bad-boolean',
    message: `${name} is neither true nor false`,
    hint: 'write true or false',
  });
  return false;
}

/** Reads yes or no; undefined when it is neither. */
export function flagOf(value: Value): boolean | undefined {
  if (value === null || value === '') return false;
  if (typeof value === 'boolean') return value;
  if (value === 1 || value === 0) return value === 1;
  if (typeof value !== 'string') return undefined;
  if (/^(?:y|yes|on|1|true|t|1\.0)$/i.test(value)) return true;
  return /^(?:n|no|off|0|false|f|0\.0)$/i.test(value) ? false : undefined;
}

function ruleOf(name: string): string {
  return name.startsWith('ansible_') ? 'bad-connection-value' : `bad-${name.replaceAll('_', '-')}`;
}

/** Keeps a message on one line whatever somebody wrote. */
export function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** The values of a mapping by key, or of a list by index. */
export function partsOf({ node, value }: Part): Map<string, Part> {
  const nodes = childNodes(node);
  const values = Array.isArray(value) || isMapping(value) ? Object.entries(value) : [];
  return new Map(
    values.map(([name, part]) => [
      name,
      { node: nodes.get(name) ?? textNode(node, part), value: part },
    ]),
  );
}

function childNodes(node: Located): Map<string, Located> {
  if (node.kind === 'list') return new Map(node.items.map((item, index) => [String(index), item]));
  if (node.kind === 'scalar') return new Map();
  return new Map(node.entries.map(({ key, value }) => [keyOf(key), value]));
}

/** Inside a value of an INI inventory, which is one text, every part is at the place of the whole. */
function textNode(whole: Located, value: Value): Located {
  const { source, start, end } = whole;
  const text = typeof value === 'object' ? '' : String(value);
  return { kind: 'scalar', text, plain: false, source, start, end };
}
