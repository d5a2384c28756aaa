import { entryOf, type LocatedMap } from '../model/located.ts';
import { isTemplate, isWholeFloat, numberOf, type PlayValue } from '../model/play-value.ts';
import type { Play } from '../model/playbook.ts';
import { hintFor, listWords } from './hint-for.ts';
import { type PlayLoading, reportTo } from './loading.ts';
import { readKeyword, readNumber, readTruth, readWord } from './read-keyword.ts';

const orders = ['inventory', 'sorted', 'reverse_sorted', 'reverse_inventory', 'shuffle'] as const;
const strategies = ['linear', 'free'] as const;

/** `order:` of a play. */
export function readOrder(node: LocatedMap, play: PlayLoading): Play['order'] {
  return readChoice(node, 'order', orders, 'inventory', play);
}

/** `strategy:` of a play, with or without its collection. */
export function readStrategy(node: LocatedMap, play: PlayLoading): Play['strategy'] {
  return readChoice(node, 'strategy', strategies, 'linear', play);
}

function readChoice<T extends string>(
  node: LocatedMap,
  word: string,
  choices: readonly T[],
  fallback: T,
  play: PlayLoading,
): T {
  const value = readWord(node, word, play);
  if (value === undefined) return fallback;
  const short = typeof value === 'string' ? value.replace(/^ansible\.builtin\./, '') : '';
  const choice = choices.find((one) => one === short);
  if (choice !== undefined) return choice;
  const at = entryOf(node, word)?.value ?? node;
  const hints: { readonly [word: string]: string } = {
    host_pinned: 'write strategy: free, with serial: for the number of hosts at a time',
    debug: 'leave it out; -v shows what each task did',
    mitogen_linear: 'leave it out: one connection and one shell a host are held open anyway',
    mitogen_free: 'write strategy: free',
  };
  const hint =
    (Object.hasOwn(hints, short) ? hints[short] : undefined) ??
    hintFor(short, choices, listWords(choices));
  const what = typeof value === 'string' ? `"${value}"` : 'a template';
  reportTo(play.loading)(at, 'unknown-choice', `"${word}" cannot be ${what}`, hint);
  return fallback;
}

type PlayWords = Pick<
  Play,
  'gatherFacts' | 'gatherSubset' | 'gatherTimeout' | 'factPath' | 'maxFailPercentage' | 'serial'
>;

/** The other keywords that only a play has. */
export function readPlayWords(node: LocatedMap, play: PlayLoading): PlayWords {
  const gatherFacts = readTruth(node, 'gather_facts', play);
  const gatherSubset = readKeyword(node, 'gather_subset', play)?.value;
  const gatherTimeout = readNumber(node, 'gather_timeout', play);
  const factPath = readWord(node, 'fact_path', play);
  const maxFailPercentage = readNumber(node, 'max_fail_percentage', play, true);
  return {
    ...(gatherFacts !== undefined && { gatherFacts }),
    ...(gatherSubset !== undefined && { gatherSubset }),
    ...(gatherTimeout !== undefined && { gatherTimeout }),
    ...(factPath !== undefined && { factPath }),
    ...(maxFailPercentage !== undefined && { maxFailPercentage }),
    serial: readSerial(node, play),
  };
}

function readSerial(node: LocatedMap, play: PlayLoading): readonly PlayValue[] {
  const found = readKeyword(node, 'serial', play);
  if (found === undefined) return [];
  return readSizes(found, 'serial', play);
}

/** Sizes of batches or waves: numbers of hosts and percentages. */
export function readSizes(
  found: NonNullable<ReturnType<typeof readKeyword>>,
  word: string,
  play: PlayLoading,
): readonly PlayValue[] {
  const items = Array.isArray(found.value) ? (found.value as readonly PlayValue[]) : [found.value];
  const sizes = items.map((item) => (isWholeFloat(item) ? numberOf(item) : item));
  if (sizes.every(isSize)) return sizes;
  const hint = 'write a number of hosts, a percentage such as "30%", or a list of them';
  reportTo(play.loading)(found.node, 'bad-value', `"${word}" is no number of hosts`, hint);
  return [];
}

function isSize(value: PlayValue): boolean {
  if (isTemplate(value)) return true;
  if (typeof value === 'number') return Number.isInteger(value) && value >= 0;
  return typeof value === 'string' && /^\d+(?:\.\d+)?%?$/.test(value.trim());
}
