import type { Task } from '../../model/playbook.ts';
import { makeVars, type Value } from '../../model/value.ts';
import type { Course } from './course.ts';
import type { ItemEnd } from './item-end.ts';
import type { JournalKey } from './journal.ts';
import { findItems } from './loop-items.ts';
import { labelOf, loopVars, withLoopVars } from './loop-vars.ts';
import type { HostRun, PlayRun } from './play-run.ts';
import { type ItemWish, plainFields, type ReadyItem, scopeOf } from './prepared-item.ts';
import { failure, foldItems, type Result } from './result-shape.ts';
import { runItem } from './run-item.ts';

/** What a task came to on one host: its items' ends (one, where it has no loop) and the result that is registered. */
export interface TaskEnd {
  readonly result: Result;
  readonly items: readonly ItemEnd[];
  readonly isLoop: boolean;
  readonly isIgnored: boolean;
}

/** What is handed in for one task on one host. */
export interface TaskTurn {
  readonly host: HostRun;
  readonly task: Task;
  readonly course: Course;
  /** An item that was prepared before its turn came. */
  ahead(item: number): ReadyItem | undefined;
  /** Told of every item of a loop as it ends, with its label. */
  onItem(end: ItemEnd, label: string): void;
}

/** Runs a task on one host: all items of its loop, each with its condition. */
export async function runTask(run: PlayRun, turn: TaskTurn): Promise<TaskEnd> {
  const { host, task } = turn;
  const occurrence = (host.occurrences.get(task.id) ?? 0) + 1;
  host.occurrences.set(task.id, occurrence);
  const key = {
    play: run.play.index,
    task: task.id,
    occurrence,
    host: host.name,
    item: -1,
  };
  const found = findItems(run, host, task);
  const trouble = 'trouble' in found ? found.trouble : undefined;
  const items = 'items' in found ? found.items : undefined;
  if (items === undefined) {
    const wish = { host, task, local: {}, ...(trouble && { loopTrouble: trouble }) };
    return plainEnd(await runItem(run, wish, key, turn.course, turn.ahead(-1)));
  }
  return runLoop(run, turn, key, items);
}

function plainEnd(end: ItemEnd): TaskEnd {
  const isIgnored = end.lost
    ? end.fields.ignoreUnreachable
    : end.result['failed'] === true && end.fields.ignoreErrors;
  return { result: end.result, items: [end], isLoop: false, isIgnored };
}

async function runLoop(
  run: PlayRun,
  turn: TaskTurn,
  key: JournalKey,
  items: readonly Value[],
): Promise<TaskEnd> {
  const { host, task, course } = turn;
  const ends: ItemEnd[] = [];
  let local: Record<string, Value> = makeVars();
  const pauseMs = items.length > 1 ? pauseMsOf(run, turn) : 0;
  for (const index of items.keys()) {
    if (task.loop === undefined || run.rim.signal.aborted) break;
    local = { ...local, ...loopVars(task.loop, items, index) };
    if (pauseMs > 0 && index > 0) await run.rim.sleep(pauseMs, run.rim.signal);
    const wish = { host, task, local };
    const bare = await runItem(run, wish, { ...key, item: index }, course, turn.ahead(index));
    if (bare.isTrouble) return troubledEnd(ends, bare);
    const end = labelled(run, turn, wish, bare);
    ends.push(end);
    if (end.lost || end.isCancelled || end.isInDoubt) break;
    local = { ...local, ...seenLater(task, end.result) };
  }
  return foldEnds(ends);
}

function pauseMsOf(run: PlayRun, { host, task }: TaskTurn): number {
  if (task.loop?.pause === undefined) return 0;
  return (
    Number(run.rim.templar.render(task.loop.pause, scopeOf(run, { host, task, local: {} }))) * 1000
  );
}

/** An item's result is there for the next one, under the registered name and as facts that were set. */
function seenLater(task: Task, result: Result): Record<string, Value> {
  const facts =
    task.action.endsWith('.set_fact') && result['failed'] !== true
      ? result['ansible_facts']
      : undefined;
  return makeVars([
    ...Object.entries((facts ?? {}) as Record<string, Value>),
    ...(task.register === undefined ? [] : [[task.register, result] as const]),
  ]);
}

function labelled(run: PlayRun, turn: TaskTurn, wish: ItemWish, bare: ItemEnd): ItemEnd {
  const result = withLoopVars(bare.result, wish.local, turn.task);
  const found = labelOf(run, wish);
  const end =
    'trouble' in found
      ? { ...bare, result: { ...result, ...failure(found.trouble) } }
      : { ...bare, result };
  turn.onItem(end, 'label' in found ? found.label : '');
  return end;
}

// what could not be prepared is the whole loop's failure, without the results of the items before
function troubledEnd(ends: readonly ItemEnd[], trouble: ItemEnd): TaskEnd {
  const { result, fields } = trouble;
  return { result, items: [...ends, trouble], isLoop: true, isIgnored: fields.ignoreErrors };
}

function foldEnds(ends: readonly ItemEnd[]): TaskEnd {
  const result = foldItems(ends.map((end) => end.result));
  const failed = ends.filter((end) => end.result['failed'] === true);
  const lost = ends.find((end) => end.lost);
  if (lost) result['unreachable'] = true;
  const isIgnored = lost
    ? lost.fields.ignoreUnreachable
    : failed.length > 0 && failed.every((end) => end.fields.ignoreErrors);
  return { result, items: ends, isLoop: true, isIgnored };
}

/** The keywords that hold for a task as a whole: those of its last item, or none where it had no item. */
export function fieldsOf({ items }: TaskEnd): ItemEnd['fields'] {
  return items.at(-1)?.fields ?? plainFields;
}
