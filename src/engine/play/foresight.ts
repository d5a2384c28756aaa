import type { Host } from '../../model/host.ts';
import { PendingValue } from '../../model/play-scope.ts';
import type { Task } from '../../model/playbook.ts';
import { TemplateError } from '../../model/template-error.ts';
import { makeVars, type Value } from '../../model/value.ts';
import type { ReadyCall } from './hands.ts';
import { findItems } from './loop-items.ts';
import { loopVars } from './loop-vars.ts';
import type { HostRun, PlayRun } from './play-run.ts';
import { prepareItem } from './prepare-item.ts';
import type { ReadyItem } from './prepared-item.ts';
import { loadSources } from './sources.ts';
import { bringsFacts, isRepeated, namesSetBy } from './task-traits.ts';

/** What will be asked of a host after the call that is running, as far as it can be known by now. */
export interface Foresight {
  /** The n-th call after the present one, as long as all of them go the same way into the host. */
  ahead(n: number, onto: Host): ReadyCall | undefined;
  /** Says which task and item (-1: no loop) comes to its turn; answers what was prepared for it. */
  arrive(task: number, item: number): ReadyItem | undefined;
}

interface Foreseen {
  readonly task: number;
  readonly item: number;
  readonly prepared: ReadyItem;
  /** Names it could not see yet; emptied when its turn comes. */
  readonly pending: Set<string>;
}

/** Where looking ahead has come to; `items` are those of the task's loop, once it was worked out. */
interface Gaze {
  readonly task: number;
  readonly item: number;
  readonly items?: readonly Value[] | undefined;
}

interface Outlook {
  readonly run: PlayRun;
  readonly host: HostRun;
  readonly tasks: readonly Task[];
}

// as much as may travel in one round trip
const horizon = 32;

/**
 * Prepares the calls of a course of tasks before their turn. What an unfinished task will set throws PendingValue when it is looked up, and
 * looking ahead ends there; so it does where facts come in, where something is done again until it succeeds, and where a failure is certain.
 */
export function makeForesight(run: PlayRun, host: HostRun, tasks: readonly Task[]): Foresight {
  const outlook = { run, host, tasks };
  let present = 0;
  let gaze: Gaze = { task: 0, item: -1 };
  let seen: readonly Foreseen[] = [];
  let isClear = false;
  return {
    ahead(n, onto) {
      while (isClear && countCalls(seen) < n && seen.length < horizon) {
        const found = look(outlook, gaze, present);
        isClear = found !== undefined;
        if (found?.seen) seen = [...seen, found.seen];
        gaze = found?.next ?? gaze;
      }
      const calls = seen.flatMap(({ prepared }) => (prepared.kind === 'call' ? [prepared] : []));
      const isSameWay = calls.slice(0, n).every(({ way }) => way.host === onto);
      return isSameWay ? calls[n - 1]?.ready : undefined;
    },
    arrive(task, item) {
      const index = seen.findIndex((one) => one.task === task && one.item === item);
      const found = seen[index];
      seen = found ? seen.slice(index + 1) : [];
      if (!found) gaze = item < 0 ? { task: task + 1, item: -1 } : { task, item: item + 1 };
      found?.pending.clear();
      present = task;
      isClear = !isRepeated(tasks[task]) && !(item < 0 && bringsFacts(tasks[task]));
      return found?.prepared;
    },
  };
}

function countCalls(seen: readonly Foreseen[]): number {
  return seen.filter(({ prepared }) => prepared.kind === 'call').length;
}

/** One step ahead: what is there, if anything, and where to look next; undefined when no more can be known now. */
function look(
  outlook: Outlook,
  gaze: Gaze,
  present: number,
): { seen?: Foreseen; next: Gaze } | undefined {
  const task = outlook.tasks[gaze.task];
  const isHidden = outlook.tasks.slice(present, gaze.task).some(bringsFacts);
  if (!task || isRepeated(task) || isHidden) return undefined;
  try {
    return task.loop ? lookAtItem(outlook, gaze, present) : lookAt(outlook, gaze, present);
  } catch (error) {
    if (error instanceof PendingValue || error instanceof TemplateError) return undefined;
    throw error;
  }
}

function lookAtItem(outlook: Outlook, gaze: Gaze, present: number) {
  const { run, host, tasks } = outlook;
  const task = tasks[gaze.task] as Task;
  const found = gaze.items
    ? { items: gaze.items }
    : findItems(run, host, task, pendingNames(tasks.slice(present, gaze.task)));
  const items = 'items' in found ? found.items : undefined;
  if (!items) return undefined;
  const item = Math.max(0, gaze.item);
  if (item >= items.length) return { next: { task: gaze.task + 1, item: -1 } };
  const seen = lookAt(outlook, { ...gaze, item, items }, present);
  return seen && { ...seen, next: { task: gaze.task, item: item + 1, items } };
}

function lookAt(
  { run, host, tasks }: Outlook,
  { task: index, item, items }: Gaze,
  present: number,
) {
  const task = tasks[index] as Task;
  const local = items && task.loop ? loopVars(task.loop, items, item) : makeVars();
  const pending = pendingNames(tasks.slice(present, index + 1));
  const prepared = prepareItem(run, { host, task, local, pending });
  if (prepared.kind === 'wants') {
    void loadSources(run, prepared).catch(() => {});
    return undefined;
  }
  if (!isSure(prepared) || isRecorded(run, host, task, { item, isRunning: index === present }))
    return undefined;
  return { seen: { task: index, item, prepared, pending }, next: { task: index + 1, item: -1 } };
}

function isSure(prepared: ReadyItem): boolean {
  if (prepared.kind === 'end') return prepared.result['failed'] !== true;
  if (prepared.kind === 'call') return prepared.fields.delegateTo === undefined;
  return prepared.kind === 'decide' && ['debug', 'set_fact'].includes(prepared.module.name);
}

// what the journal knows is not sent again
function isRecorded(
  run: PlayRun,
  host: HostRun,
  task: Task,
  { item, isRunning }: { readonly item: number; readonly isRunning: boolean },
): boolean {
  const occurrence = (host.occurrences.get(task.id) ?? 0) + (isRunning ? 0 : 1);
  const key = { play: run.play.index, task: task.id, occurrence, host: host.name, item };
  return run.rim.journal.recall(key) !== undefined;
}

/** What tasks will set, by name. */
function pendingNames(tasks: readonly Task[]): Set<string> {
  return new Set(tasks.flatMap(namesSetBy));
}
