import { type Located, type LocatedScalar, positionAt, positionOf } from '../model/located.ts';
import { holdsJinja, makeFloat, makeTemplate, type PlayValue } from '../model/play-value.ts';
import type { Position } from '../model/problem.ts';
import { keyOf, typeValue } from '../model/yaml-value.ts';

/** Turns an Ansible vault text into what it holds; throws LabError when no password fits. */
export type Decrypt = (vaultText: string, at: Position) => string;

/** The value of a playbook as Ansible has it: PyYAML's types, text with Jinja2 as a template with its place, `!unsafe` as plain data, `!vault` decrypted (null without `decrypt`). */
export function typePlayValue(node: Located, decrypt?: Decrypt): PlayValue {
  return contentOf(node, decrypt, false);
}

function contentOf(node: Located, decrypt: Decrypt | undefined, isData: boolean): PlayValue {
  const asData = isData || node.tag === '!unsafe';
  if (node.kind === 'list') return node.items.map((item) => contentOf(item, decrypt, asData));
  if (node.kind === 'scalar') return scalarOf(node, decrypt, asData);
  const values: Record<string, PlayValue> = Object.create(null);
  for (const { key, value } of node.entries) values[keyOf(key)] = contentOf(value, decrypt, asData);
  return values;
}

function scalarOf(node: LocatedScalar, decrypt: Decrypt | undefined, isData: boolean): PlayValue {
  if (isVault(node)) return decrypt ? decrypt(node.text, positionOf(node)) : null;
  if (node.tag === '!unsafe') return node.text;
  const value = typeValue(node);
  if (typeof value === 'string')
    return !isData && holdsJinja(value) ? makeTemplate(value, textPosition(node)) : value;
  if (typeof value === 'number' && isFloatText(node)) return makeFloat(value);
  return value as PlayValue;
}

/** Whether a scalar is encrypted with Ansible's vault. */
export function isVault(node: Located): boolean {
  return node.tag === '!vault' || node.tag === '!vault-encrypted';
}

/** Where the text of a scalar begins: behind its quote, or on the line below the mark of a block. */
export function textPosition(node: LocatedScalar): Position {
  const { text } = node.source;
  const first = text[node.start];
  if (node.plain || first === undefined) return positionOf(node);
  if (first === '"' || first === "'") return positionAt(node.source, node.start + 1);
  const lineEnd = text.indexOf('\n', node.start);
  const begin = lineEnd === -1 ? -1 : text.slice(lineEnd).search(/\S/);
  return begin === -1 ? positionOf(node) : positionAt(node.source, lineEnd + begin);
}

function isFloatText({ text, tag }: LocatedScalar): boolean {
  return tag === 'tag:yaml.org,2002:float' || text.includes('.');
}
