import { LabError } from '../../model/lab-error.ts';
import { makeVars } from '../../model/value.ts';
import type { Course } from './course.ts';
import type { ItemEnd, Runnable } from './item-end.ts';
import type { JournalKey } from './journal.ts';
import { delayMsOf, isOver, triesOf } from './judge-result.ts';
import type { PlayRun } from './play-run.ts';
import { prepareItem } from './prepare-item.ts';
import type { ItemWish, ReadyItem } from './prepared-item.ts';
import { countAsChanged, recall, settleDoubt, withJournal } from './recall.ts';
import { failure } from './result-shape.ts';
import { loadSources } from './sources.ts';
import { tryOnce } from './try-once.ts';

/** Runs one item: prepared ahead or now, taken from the journal where it was done before. */
export async function runItem(
  run: PlayRun,
  wish: ItemWish,
  key: JournalKey,
  course: Course,
  ahead: ReadyItem | undefined,
): Promise<ItemEnd> {
  const item = ahead ?? (await prepare(run, wish));
  const base = { fields: item.fields, changes: [], durationMs: 0, isReplayed: false, secrets: [] };
  if (item.kind === 'end')
    return { ...base, result: item.result, ...(item.isTrouble && { isTrouble: true }) };
  if (item.kind === 'include')
    return { ...base, result: makeVars([['changed', false]]), include: item.rendered };
  const known = recall(run, key);
  if (known) return { ...base, ...known, secrets: item.ready.secrets };
  const settled = await settleDoubt(run, wish, key, item);
  if (settled?.['failed'] === true)
    return {
      ...base,
      fields: { ...item.fields, ignoreErrors: false },
      result: settled,
      isInDoubt: true,
    };
  if (settled) return { ...base, result: settled };
  return attempt(run, wish, key, { course, item });
}

/** Prepares an item with the files it wants. */
async function prepare(run: PlayRun, wish: ItemWish): Promise<ReadyItem> {
  for (let turn = 0; turn < 3; turn++) {
    const item = prepareItem(run, wish);
    if (item.kind !== 'wants') return item;
    try {
      await loadSources(run, item);
    } catch (error) {
      if (!(error instanceof LabError)) throw error;
      return { kind: 'end', fields: item.fields, result: failure(error.message) };
    }
  }
  throw new Error('the files of a task change with every look at it');
}

interface Attempt {
  readonly course: Course;
  readonly item: Runnable;
}

/** Tries until `until` holds, as often as `retries` allows, and writes down what came of it. */
async function attempt(
  run: PlayRun,
  wish: ItemWish,
  key: JournalKey,
  { course, item }: Attempt,
): Promise<ItemEnd> {
  const { journal, sleep, signal } = run.rim;
  const tries = triesOf(run, wish);
  const wasBegun = journal.recall(key) === 'begun';
  const told = item.kind === 'call' ? withJournal(run, key, item) : item;
  for (let turn = 1; ; turn++) {
    const end = await tryOnce(run, told, course, wish);
    if (end.lost || end.isCancelled) return end;
    if (wasBegun) countAsChanged(end.result);
    if (isOver(run, wish, end.result, { turn, tries })) {
      const isKept = item.kind === 'call' || item.module.name === 'set_fact';
      if (isKept) journal.end(key, { result: end.result, changes: end.changes });
      return end;
    }
    await sleep(delayMsOf(run, wish), signal);
  }
}
