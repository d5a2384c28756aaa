import { bool, float, int } from '../model/arguments.ts';
import { entryOf, type Located, type LocatedMap } from '../model/located.ts';
import { isTemplate, type PlayValue } from '../model/play-value.ts';
import type { Value } from '../model/value.ts';
import { isNothing, type PlayLoading, readValue, reportTo } from './loading.ts';

/** The value of a keyword; undefined when it is not written or nothing. */
export function readKeyword(
  node: LocatedMap,
  word: string,
  play: PlayLoading,
): { readonly value: PlayValue; readonly node: Located } | undefined {
  const entry = entryOf(node, word);
  if (!entry || isNothing(entry.value)) return undefined;
  return { value: readValue(entry.value, play), node: entry.value };
}

/** A keyword that is yes or no; a boolean unless it is a template. */
export function readTruth(
  node: LocatedMap,
  word: string,
  play: PlayLoading,
): PlayValue | undefined {
  return readAs(node, word, play, (value) => bool().read(value));
}

/** A keyword that is a number; a number unless it is a template. */
export function readNumber(
  node: LocatedMap,
  word: string,
  play: PlayLoading,
  allowsFraction = false,
): PlayValue | undefined {
  return readAs(node, word, play, (value) => (allowsFraction ? float() : int()).read(value));
}

function readAs(
  node: LocatedMap,
  word: string,
  play: PlayLoading,
  read: (value: Value) => { readonly value: PlayValue | undefined } | { readonly problem: string },
): PlayValue | undefined {
  const found = readKeyword(node, word, play);
  if (found === undefined || isTemplate(found.value)) return found?.value;
  const result = read(
    typeof found.value === 'object' && found.value !== null ? '' : (found.value as Value),
  );
  if ('value' in result) return result.value;
  reportTo(play.loading)(
    found.node,
    'bad-value',
    `"${word}": ${result.problem}`,
    'correct the value',
  );
  return undefined;
}

/** A keyword that is text. */
export function readWord(node: LocatedMap, word: string, play: PlayLoading): PlayValue | undefined {
  const found = readKeyword(node, word, play);
  if (found === undefined || isTemplate(found.value)) return found?.value;
  if (typeof found.value !== 'object') return String(found.value);
  reportTo(play.loading)(found.node, 'bad-value', `"${word}" must be text`, 'write one word');
  return undefined;
}
