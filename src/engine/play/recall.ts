import { makeVars } from '../../model/value.ts';
import type { Runnable } from './item-end.ts';
import type { JournalKey, JournalResult } from './journal.ts';
import type { PlayRun } from './play-run.ts';
import type { ItemWish } from './prepared-item.ts';
import { failure, type Result, skippedResult } from './result-shape.ts';

/** What an earlier run left of a call. */
export function recall(
  run: PlayRun,
  key: JournalKey,
): { result: Result; changes: readonly string[]; isReplayed: true } | undefined {
  const kept = run.rim.journal.recall(key);
  if (kept === undefined || kept === 'begun') return undefined;
  const { result, changes } = kept;
  return {
    result: makeVars(Object.entries((result ?? {}) as JournalResult)),
    changes: (changes ?? []) as readonly string[],
    isReplayed: true,
  };
}

const doubt =
  'It was begun before the run was cut off, and nobody knows whether it was carried out. Look at the host, then: lab runs resume --in-doubt redo (run it again), or --in-doubt skip (go on without it)';

/** Asks what is to become of a call that was begun and may not simply be done again; answers its result, or nothing where it is to be run. */
export async function settleDoubt(
  run: PlayRun,
  { host, task }: ItemWish,
  key: JournalKey,
  item: Runnable,
): Promise<Result | undefined> {
  if (item.kind === 'decide' || item.fields.checkMode) return undefined;
  if (item.ready.module.repeats !== false || run.rim.journal.recall(key) !== 'begun')
    return undefined;
  const answer = (await run.rim.askInDoubt?.(host.name, task)) ?? 'fail';
  if (answer === 'redo') return undefined;
  if (answer === 'fail') return failure(doubt);
  const result = {
    ...skippedResult(),
    skip_reason: 'It was begun before the run was cut off, and was left as it is',
  };
  run.rim.journal.end(key, { result, changes: [] });
  return result;
}

/** The call is in the journal before it first alters anything, so that it is never done twice unasked. */
export function withJournal(
  { rim }: PlayRun,
  key: JournalKey,
  item: Extract<Runnable, { kind: 'call' }>,
): Runnable {
  let begun: Promise<void> | undefined;
  const begins = (): Promise<void> => {
    begun ??= rim.journal.begin(key, item.ready.module.repeats !== false);
    return begun;
  };
  return { ...item, ready: { ...item.ready, begins } };
}

/** Marks a result as changed: what was begun before the run was cut off may have been changed then: who waits for the change must not miss it. */
export function countAsChanged(result: Result): void {
  const isOver = ['failed', 'skipped'].some((name) => result[name] === true);
  if (!isOver) result['changed'] = true;
}
