import { entryOf, type Located, type LocatedMap } from '../model/located.ts';
import type { PlayValue, PlayVars } from '../model/play-value.ts';
import { keyOf } from '../model/yaml-value.ts';
import { isNothing, type PlayLoading, readValue, reportTo } from './loading.ts';

/** Whether a word can be the name of a variable: a Python identifier that is no word of Python. */
export function isVariableName(word: string): boolean {
  return /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(word) && !pythonWords.has(word);
}

const pythonWords = new Set(
  'False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield'.split(
    ' ',
  ),
);

/** `vars:` of a mapping; undefined when there is none. */
export function readVars(node: LocatedMap, play: PlayLoading): PlayVars | undefined {
  const entry = entryOf(node, 'vars');
  return entry && readVariables(entry.value, play, 'vars', 'error');
}

/** A mapping of variables, or a list of mappings as older versions had it. A name that templates cannot use is an error where Ansible refuses it, and a warning in files, where it does not. */
export function readVariables(
  node: Located,
  play: PlayLoading,
  what: string,
  badName: 'error' | 'warning' = 'warning',
): PlayVars {
  const vars: Record<string, PlayValue> = Object.create(null);
  if (isNothing(node)) return vars;
  const report = reportTo(play.loading);
  const maps = node.kind === 'list' ? node.items : [node];
  for (const map of maps) {
    if (map.kind !== 'map') {
      report(map, 'bad-vars', `"${what}" must be a mapping`, 'write name: value below it');
      continue;
    }
    for (const { key, value } of map.entries) {
      const name = keyOf(key);
      if (!isVariableName(name))
        report(
          key,
          'variable-name',
          `"${key.text}" cannot be the name of a variable`,
          nameHint,
          badName,
        );
      vars[name] = readValue(value, play);
    }
  }
  return vars;
}

/** What names of variables look like. */
export const nameHint = 'use letters, digits and _, and begin with a letter';
