import { attributeOf } from '../access.ts';
import { anyText, textArgument } from '../arguments.ts';
import { compareText, isEqual, isTrue } from '../compare.ts';
import { dictEntries, makeDict } from '../dict.ts';
import { bytesOf, hexOf } from '../encode.ts';
import { type Plugins, plugin } from '../plugin.ts';
import { reprOf } from '../text.ts';
import {
  defined,
  fail,
  isDict,
  isText,
  isTuple,
  isUndefined,
  makeTuple,
  type Py,
  typeName,
} from '../values.ts';

const fallback = plugin(
  'value default_value= boolean=',
  (_, [value, other = '', replacesFalse = false]) => {
    if (isUndefined(value)) return other;
    return isTrue(replacesFalse) && !isTrue(value) ? other : value;
  },
);

const truths: readonly Py[] = ['yes', 'on', '1', 'true', 1];

function toBool(value: Py): Py {
  const known = defined(value);
  if (known === null || typeof known === 'boolean') return known;
  const folded = isText(known) ? known.toLowerCase() : known;
  return truths.some((word) => isEqual(word, folded));
}

/** The namespace Ansible makes its UUIDs in. */
const ansibleSpace = '361e6d51-faec-444a-9079-341386da8e2e';

/** A UUID of version 5 (RFC 9562) from a name in a namespace. */
function uuidOf(name: string, space: string, sha1: (bytes: Uint8Array) => Uint8Array): string {
  const hex = space.toLowerCase().replaceAll(/^urn:uuid:|[-{}]/g, '');
  if (!/^[0-9a-f]{32}$/.test(hex)) return fail(`Invalid value '${space}' for 'namespace'`);
  const begin = Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  const digest = sha1(Uint8Array.from([...begin, ...bytesOf(name)])).slice(0, 16);
  digest[6] = ((digest[6] ?? 0) & 0x0f) | 0x50;
  digest[8] = ((digest[8] ?? 0) & 0x3f) | 0x80;
  return hexOf(digest).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** Mappings with their keys in order, as Python's `pprint` shows them. */
function sorted(value: Py): Py {
  if (Array.isArray(value)) return value.map(sorted);
  if (isTuple(value)) return makeTuple(value.items.map(sorted));
  if (!isDict(value)) return value;
  const entries = dictEntries(value).map(([key, item]) => [key, sorted(item)] as const);
  return makeDict(entries.sort(([a], [b]) => compareText(String(a), String(b))));
}

/** Filters that choose between values or tell about one. */
export const choiceFilters: Plugins = {
  default: fallback,
  d: fallback,
  bool: plugin('value', (_, [value]) => toBool(value)),
  ternary: plugin('value true_val false_val none_val=', (_, [value, yes, no, none = null]) => {
    if (value === null && none !== null) return none;
    return isTrue(value) ? yes : no;
  }),
  mandatory: plugin('value msg=', (_, [value, message = null]) => {
    if (!isUndefined(value)) return value;
    if (message !== null) return fail(anyText(message));
    return fail(`Mandatory variable ${value.name ? `'${value.name}' ` : ''} not defined.`);
  }),
  type_debug: plugin('value', (_, [value]) => typeName(value)),
  to_uuid: plugin('value namespace=', (on, [value, space = ansibleSpace]) =>
    uuidOf(anyText(value), anyText(space), (bytes) => on.engine.effects.digest('sha1', bytes)),
  ),
  attr: plugin('value name', (on, [value, name]) => attributeOf(value, textArgument(name), on)),
  pprint: plugin('value', (_, [value]) => reprOf(sorted(value))),
};
