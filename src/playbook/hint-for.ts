import { nearest } from '../model/nearest.ts';

/** What was probably meant, else what to do instead. */
export function hintFor(typed: string, known: Iterable<string>, otherwise: string): string {
  const meant = nearest(typed, known);
  return meant === undefined ? otherwise : `did you mean "${meant}"?`;
}

/** All that is known, for a hint. */
export function listWords(words: Iterable<string>): string {
  return `known are ${[...words].sort().join(', ')}`;
}
