import { intArgument } from './arguments.ts';
import { compare, isTrue } from './compare.ts';
import { dictEntries, dictGet } from './dict.ts';
import { renderFloat } from './number-text.ts';
import { textOf } from './text.ts';
import {
  type Dict,
  defined,
  fail,
  isDict,
  isText,
  isTuple,
  type Key,
  kindOf,
  numberIn,
  type Py,
  type Thing,
  typeName,
  type View,
} from './values.ts';
import { stylesOf } from './yaml-scalar.ts';
import {
  makeWriter,
  putBreak,
  putIndent,
  putPlain,
  putSign,
  putText,
  type YamlWriter,
} from './yaml-writer.ts';

interface Dump {
  readonly writer: YamlWriter;
  readonly sortKeys: boolean;
  /** Brackets: always, never, or (undefined) where nothing is nested inside. */
  readonly flowStyle: boolean | undefined;
}

const maxDepth = 100;

/** Writes a value as PyYAML's `dump` does for Ansible's `to_yaml` and `to_nice_yaml`. */
export function renderYaml(value: Py, named: Dict, nice: boolean, indent = 2): string {
  const get = (name: string): Py => dictGet(named, name) ?? null;
  const number = (name: string, other: number): number =>
    get(name) === null ? other : intArgument(get(name));
  const step = number('indent', indent);
  const usedStep = step > 1 && step < 10 ? step : 2;
  const width = number('width', 80);
  const flow = get('default_flow_style');
  const sort = dictGet(named, 'sort_keys');
  const dump: Dump = {
    writer: makeWriter(width > usedStep * 2 ? width : 80, usedStep),
    sortKeys: sort === undefined || isTrue(sort),
    flowStyle: nice ? false : flow === null ? undefined : isTrue(flow),
  };
  if (isTrue(get('explicit_start'))) putSign(dump.writer, '---', true);
  writeRoot(value, dump);
  return dump.writer.parts.join('');
}

function writeRoot(value: Py, dump: Dump): void {
  const { writer } = dump;
  if (writer.column > 0 && isCollection(value) && !isFlow(value, dump)) putBreak(writer);
  if (!isCollection(value)) {
    writer.indent = 0;
    writeScalar(value, dump, false);
    putBreak(writer);
    return;
  }
  writeNode(value, dump, 0, false);
  if (writer.column > 0) putBreak(writer);
}

function isCollection(value: Py): boolean {
  return ['list', 'tuple', 'dict', 'view'].includes(kindOf(value));
}

function membersOf(value: Py): readonly Py[] {
  if (Array.isArray(value)) return value;
  return isTuple(value) ? value.items : (value as View).items;
}

function isFlow(value: Py, dump: Dump): boolean {
  const members = isDict(value) ? dictEntries(value).map(([, item]) => item) : membersOf(value);
  if (dump.writer.flow > 0 || members.length === 0) return true;
  return dump.flowStyle ?? !members.some(isCollection);
}

function writeNode(value: Py, dump: Dump, depth: number, inMapping: boolean): void {
  if (depth > maxDepth) fail('values nested that deep cannot be written as YAML');
  const entries = isDict(value) ? sortedEntries(value, dump) : undefined;
  if (!isCollection(value)) writeScalar(value, dump, false);
  else if (isFlow(value, dump)) writeFlow(value, entries, dump, depth);
  else writeBlock(value, entries, dump, depth, inMapping);
}

function writeBlock(
  value: Py,
  entries: readonly [Key, Py][] | undefined,
  dump: Dump,
  depth: number,
  inMapping: boolean,
): void {
  const { writer } = dump;
  const before = writer.indent;
  // a list inside a mapping is not indented; at the root nothing is
  const isIndentless = depth === 0 || (entries === undefined && inMapping && !writer.isIndention);
  if (!isIndentless) writer.indent += writer.step;
  if (entries) writeMapping(entries, dump, depth);
  else writeList(membersOf(value), dump, depth);
  writer.indent = before;
}

function writeList(items: readonly Py[], dump: Dump, depth: number): void {
  for (const item of items) {
    putIndent(dump.writer);
    putSign(dump.writer, '-', true, true);
    writeNode(item, dump, depth + 1, false);
  }
}

function writeMapping(entries: readonly [Key, Py][], dump: Dump, depth: number): void {
  const { writer } = dump;
  for (const [key, item] of entries) {
    putIndent(writer);
    const isSimple = !isText(key) || (key.length <= 128 && !stylesOf(key).isMultiline);
    if (!isSimple) putSign(writer, '?', true, true);
    writeScalar(key, dump, isSimple);
    if (!isSimple) putIndent(writer);
    putSign(writer, ':', false, !isSimple);
    writeNode(item, dump, depth + 1, true);
  }
}

function writeFlow(
  value: Py,
  entries: readonly [Key, Py][] | undefined,
  dump: Dump,
  depth: number,
): void {
  const { writer } = dump;
  const [open, close] = entries ? ['{', '}'] : ['[', ']'];
  const before = writer.indent;
  putSign(writer, open, true);
  writer.isSpace = true;
  writer.flow++;
  if (depth > 0) writer.indent += writer.step;
  else writer.indent = writer.step;
  const members = entries ?? membersOf(value).map((item): [undefined, Py] => [undefined, item]);
  for (const [index, [key, item]] of members.entries()) {
    if (index > 0) putSign(writer, ',', false);
    if (writer.column > writer.width) putIndent(writer);
    if (key !== undefined) {
      writeScalar(key, dump, true);
      putSign(writer, ':', false);
    }
    writeNode(item, dump, depth + 1, key !== undefined);
  }
  writer.flow--;
  writer.indent = before;
  putSign(writer, close, false);
}

function sortedEntries(dict: Dict, { sortKeys }: Dump): [Key, Py][] {
  const entries = dictEntries(dict);
  if (!sortKeys) return entries;
  // PyYAML leaves keys of several types in their order
  const types = new Set(entries.map(([key]) => typeof key));
  if (types.size > 1) return entries;
  return entries.sort(([a], [b]) => compare(a, b) ?? 0);
}

function writeScalar(value: Py, { writer }: Dump, isKey: boolean): void {
  const known = defined(value);
  if (isText(known)) putText(writer, known, isKey);
  else putPlain(writer, wordFor(known), false, 0);
}

function wordFor(value: Py): string {
  switch (kindOf(value)) {
    case 'none':
      return 'null';
    case 'bool':
    case 'int':
      return String(value);
    case 'float':
      return yamlFloat(numberIn(value) ?? 0);
    default:
      if ((value as Thing).type === 'datetime') return textOf(value);
      return fail(`to_yaml - cannot represent a ${typeName(value)}`);
  }
}

function yamlFloat(number: number): string {
  if (Number.isNaN(number)) return '.nan';
  if (!Number.isFinite(number)) return number > 0 ? '.inf' : '-.inf';
  const text = renderFloat(number);
  return text.includes('e') && !text.includes('.') ? text.replace('e', '.0e') : text;
}
