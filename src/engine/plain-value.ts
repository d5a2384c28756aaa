import type { Located } from '../model/located.ts';
import { makeVars, type Value } from '../model/value.ts';

/** A YAML value with its scalars typed by the YAML 1.2 core schema (10.3.2). */
export function plainValue(node: Located): Value {
  if (node.kind === 'list') return node.items.map(plainValue);
  if (node.kind === 'map')
    return makeVars(node.entries.map(({ key, value }) => [key.text, plainValue(value)]));
  if (!node.plain) return node.text;
  if (/^(?:~|null|Null|NULL|)$/.test(node.text)) return null;
  if (/^(?:true|True|TRUE|false|False|FALSE)$/.test(node.text)) return /^t/i.test(node.text);
  return /^[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?$/i.test(node.text)
    ? Number(node.text)
    : node.text;
}
