import type { Located } from '../model/located.ts';
import { nearest } from '../model/nearest.ts';

/** Notes one problem of a site's profile at a place of its text; `path` is where it is in the mapping, such as `assets.vmlinuz.sha256`. */
export type ReportProblem = (node: Located, path: string, message: string, hint: string) => void;

/** What was probably meant, else all that is known. */
export function hintFor(typed: string, known: readonly string[]): string {
  const meant = nearest(typed, known);
  if (meant !== undefined) return `did you mean "${meant}"?`;
  return known.length === 0 ? 'there are none' : `known are ${known.join(', ')}`;
}
