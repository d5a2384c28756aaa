import {
  type Dict,
  type DictSource,
  defined,
  fail,
  type Key,
  kindOf,
  numberIn,
  type Py,
  typeName,
} from './values.ts';

export function makeDict(entries: Iterable<readonly [Key, Py]> = []): Dict {
  return { kind: 'dict', map: new Map(entries), source: undefined };
}

/** A mapping whose values are made when asked for, each once. */
export function makeSourceDict(source: DictSource): Dict {
  const made = new Map<string, Py>();
  const get = (key: string): Py | undefined => {
    const before = made.get(key);
    if (before !== undefined) return before;
    const value = source.get(key);
    if (value !== undefined) made.set(key, value);
    return value;
  };
  return { kind: 'dict', map: undefined, source: { ...source, get } };
}

/** The key a value is in a mapping; lists and mappings cannot be keys. */
export function keyOf(value: Py): Key {
  const known = defined(value);
  if (known === null || typeof known !== 'object') return known;
  const number = numberIn(known);
  if (number !== undefined) return number;
  if (kindOf(known) === 'tuple') return fail('a tuple as the key of a dict is not supported');
  return fail(`unhashable type: '${typeName(known)}'`);
}

export function dictGet(dict: Dict, key: Key): Py | undefined {
  if (dict.map) return dict.map.get(key);
  // YAML's keys that are numbers are text in variables
  return typeof key === 'string' || typeof key === 'number'
    ? dict.source?.get(String(key))
    : undefined;
}

export function dictKeys(dict: Dict): Key[] {
  return dict.map ? [...dict.map.keys()] : [...(dict.source?.keys() ?? [])];
}

export function dictEntries(dict: Dict): [Key, Py][] {
  if (dict.map) return [...dict.map];
  return dictKeys(dict).flatMap((key): [Key, Py][] => {
    const value = dictGet(dict, key);
    return value === undefined ? [] : [[key, value]];
  });
}

export function dictValues(dict: Dict): Py[] {
  return dict.map ? [...dict.map.values()] : dictEntries(dict).map(([, value]) => value);
}

export function dictSize(dict: Dict): number {
  return dict.map ? dict.map.size : (dict.source?.keys().length ?? 0);
}

export function dictHas(dict: Dict, key: Key): boolean {
  return dict.map ? dict.map.has(key) : dictGet(dict, key) !== undefined;
}

/** The mapping's own entries, ready to be altered. */
export function ownMap(dict: Dict): Map<Key, Py> {
  dict.map ??= new Map(dictEntries(dict));
  return dict.map;
}
