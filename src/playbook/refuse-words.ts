import { entryOf, type LocatedMap } from '../model/located.ts';
import { hintFor, listWords } from './hint-for.ts';
import { isNothing, type PlayLoading, reportTo } from './loading.ts';
import { removedWords } from './words.ts';

/** Refuses every key that is no keyword here, with the one that was probably meant. */
export function refuseUnknown(
  node: LocatedMap,
  known: ReadonlySet<string>,
  what: string,
  play: PlayLoading,
): void {
  const report = reportTo(play.loading);
  for (const { key } of node.entries) {
    if (known.has(key.text)) continue;
    const instead = removedWords.get(key.text);
    if (instead !== undefined)
      report(key, 'removed-word', `"${key.text}" is no longer a keyword`, instead);
    else
      report(
        key,
        'unknown-keyword',
        `"${key.text}" is no keyword of ${what}`,
        hintFor(key.text, known, listWords(known)),
      );
  }
}

/** Refuses keywords that Ansible has and Labkit does not follow. */
export function refuseUnsupported(node: LocatedMap, play: PlayLoading): void {
  const report = reportTo(play.loading);
  const unsupported = [
    ['debugger', 'there is no debugger', 'leave it out; -v shows what a task did'],
    ['become_exe', 'another program than sudo cannot be chosen', 'leave become_exe out'],
  ] as const;
  for (const [word, message, hint] of unsupported) {
    const entry = entryOf(node, word);
    if (entry && !isNothing(entry.value)) report(entry.key, 'unsupported-keyword', message, hint);
  }
}
