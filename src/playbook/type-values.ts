import { type Located, type LocatedScalar, positionOf } from '../model/located.ts';
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
    return !isData && holdsJinja(value) ? makeTemplate(value, positionOf(node)) : value;
  if (typeof value === 'number' && isFloatText(node)) return makeFloat(value);
  return value as PlayValue;
}

/** Whether a scalar is encrypted with Ansible's vault. */
export function isVault(node: Located): boolean {
  return node.tag === '!vault' || node.tag === '!vault-encrypted';
}

function isFloatText({ text, tag }: LocatedScalar): boolean {
  return tag === 'tag:yaml.org,2002:float' || text.includes('.');
}
