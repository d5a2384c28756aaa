import type { MetaWord, Work } from '../model/playbook.ts';
import type { WrittenAction } from './action.ts';
import { hintFor, listWords } from './hint-for.ts';
import { type Place, reportTo } from './loading.ts';
import type { WrittenArgs } from './written-args.ts';

const metaWords: ReadonlySet<string> = new Set<MetaWord>([
  'flush_handlers',
  'end_play',
  'end_batch',
  'end_host',
  'end_role',
  'clear_facts',
  'clear_host_errors',
  'reset_connection',
  'refresh_inventory',
  'noop',
]);

/** What a `meta:` task asks of the run. */
export function readMeta(
  { text }: WrittenArgs,
  action: WrittenAction,
  place: Place,
): Work | undefined {
  const word = text?.value;
  if (typeof word === 'string' && metaWords.has(word))
    return { kind: 'meta', what: word as MetaWord };
  const typed = typeof word === 'string' ? word : '';
  const hint = hintFor(typed, metaWords, listWords(metaWords));
  reportTo(place.play.loading)(
    text?.at ?? action.at,
    'unknown-meta',
    `meta knows no "${typed}"`,
    hint,
  );
  return undefined;
}
