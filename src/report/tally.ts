import { type Words, wordFor } from './words.ts';

// What is well first; outcomes and states never come together.
const order = [
  ...['ok', 'changed', 'skipped', 'failed', 'unreachable', 'cancelled'],
  ...['ready', 'attention', 'broken', 'off', 'unknown'],
];

/** How often each name comes, in the order they first come. */
export function countNames(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

/** Numbers of hosts by outcome or state, a text each, what is well first; a name that no report knows comes last, as it is. */
export function renderTally(counts: { readonly [name: string]: number }, words: Words): string[] {
  const rankOf = (name: string): number => order.indexOf(name) + 1 || order.length + 1;
  return Object.entries(counts)
    .filter(([, count]) => count > 0)
    .sort(([a], [b]) => rankOf(a) - rankOf(b))
    .map(([name, count]) => words.counted(count, wordFor(name, words)));
}
