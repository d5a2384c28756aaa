import { LabError } from '../../model/lab-error.ts';
import type { LocatedEntry, LocatedMap } from '../../model/located.ts';
import { isFlow } from './host-entry.ts';
import { endOfLine, type Splice, startOfLine } from './splice.ts';

/** Entries to take out, by the mapping they stand in; `above` is the entry whose value that mapping is. */
export type Removals = Map<
  LocatedMap,
  { readonly entries: Set<LocatedEntry>; readonly above: LocatedEntry | undefined }
>;

/** Plans the cuts that take entries out with their lines. A mapping of which nothing would stay goes as a whole, except the host's own. */
export function planRemovals(removals: Removals): Splice[] {
  const splices: Splice[] = [];
  for (const [map, { entries, above }] of removals)
    if (above && entries.size === map.entries.length) {
      // The mapping around it is not known here, but a block entry needs only its own lines.
      if (isFlow(map) && !beginsLine(above)) throw byHand(above.key.text);
      splices.push(cutLines(above));
    } else if (isFlow(map)) splices.push(...cutFlow(map, entries));
    else splices.push(...[...entries].map(cutLines));
  return splices;
}

function cutLines(entry: LocatedEntry): Splice {
  if (!beginsLine(entry)) throw byHand(entry.key.text);
  const { text } = entry.key.source;
  const { end } = entry.value;
  const start = startOfLine(text, entry.key.start);
  const isPastBreak = end > entry.value.start && text[end - 1] === '\n';
  const lineEnd = isPastBreak ? end : endOfLine(text, end);
  const after = isPastBreak ? '' : (/^\r?\n/.exec(text.slice(lineEnd, lineEnd + 2))?.[0] ?? '');
  return { start, end: lineEnd + after.length, text: '' };
}

function beginsLine({ key }: LocatedEntry): boolean {
  const { text } = key.source;
  return text.slice(startOfLine(text, key.start), key.start).trim() === '';
}

function cutFlow(map: LocatedMap, entries: ReadonlySet<LocatedEntry>): Splice[] {
  const kept = map.entries.filter((entry) => !entries.has(entry));
  const first = map.entries[0];
  const last = map.entries.at(-1);
  if (kept.length === 0 && first && last)
    return [{ start: first.key.start, end: last.value.end, text: '' }];
  return [...entries].map((entry) => {
    const index = map.entries.indexOf(entry);
    const next = map.entries[index + 1];
    const before = map.entries.slice(0, index).findLast((other) => !entries.has(other));
    // From the first one on, what follows moves up; behind a kept one, the comma before goes.
    if (!before && next) return { start: entry.key.start, end: next.key.start, text: '' };
    const previous = map.entries[index - 1];
    return { start: previous?.value.end ?? entry.key.start, end: entry.value.end, text: '' };
  });
}

function byHand(key: string): LabError {
  return new LabError('refused', `${key} shares its line with other values`, 'take it out by hand');
}
