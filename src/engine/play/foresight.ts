import { PendingValue } from '../../model/play-scope.ts';
import type { Task } from '../../model/playbook.ts';
import { TemplateError } from '../../model/template-error.ts';
import { makeVars, type Value } from '../../model/value.ts';
import type { ReadyCall } from './hands.ts';
import { findItems } from './loop-items.ts';
import { loopVars } from './loop-vars.ts';
import type { HostRun, PlayRun } from './play-run.ts';
import { loadSources, type PreparedItem, prepareItem } from './prepare-item.ts';

/** What will be asked of a host after the call that is running, as far as it can be known by now. */
export interface Foresight {
  /** The n-th call after the present one. */
  ahead(n: number): ReadyCall | undefined;
  /** Says which task and item (-1: no loop) comes to its turn; answers what was prepared for it. */
  arrive(task: number, item: number): PreparedItem | undefined;
}

interface Foreseen {
  readonly task: number;
  readonly item: number;
  readonly prepared: PreparedItem;
}

// as much as may travel in one round trip
const horizon = 32;

/**
 * Prepares the calls of a course of tasks before their turn. What an unfinished task will set throws PendingValue when it is looked up, and
 * looking ahead ends there; so it does where facts come in, where something is done again until it succeeds, and where a failure is certain.
 */
export function makeForesight(run: PlayRun, host: HostRun, tasks: readonly Task[]): Foresight {
  let present = { task: 0, item: -1 };
  let next: { task: number; item: number; items?: readonly Value[] } = { task: 0, item: -1 };
  let seen: Foreseen[] = [];
  let isClear = false;

  const look = (wanted: number): void => {
    try {
      while (isClear && calls(seen).length < wanted && seen.length < horizon) isClear = step();
    } catch (error) {
      if (!(error instanceof PendingValue) && !(error instanceof TemplateError)) throw error;
      isClear = false;
    }
  };
  const step = (): boolean => {
    const task = tasks[next.task];
    if (!task || !canBePassed(task) || tasks.slice(present.task, next.task).some(bringsFacts))
      return false;
    if (next.items === undefined && !enter(task)) return false;
    const { items } = next;
    if (items !== undefined && next.item >= items.length) return leave(task);
    const local = items && task.loop ? loopVars(task.loop, items, next.item) : makeVars();
    const pending = pendingNames(tasks.slice(present.task, next.task + 1));
    const prepared = prepareItem(run, { host, task, local, pending });
    if (prepared.kind === 'wants') {
      void loadSources(run, prepared).catch(() => {});
      return false;
    }
    if (!isSure(prepared) || isRecorded(run, host, task, next.item, next.task === present.task))
      return false;
    seen.push({ task: next.task, item: next.item, prepared });
    if (items === undefined) return leave(task);
    next = { ...next, item: next.item + 1 };
    return true;
  };
  const enter = (task: Task): boolean => {
    if (!task.loop) return true;
    const found = findItems(run, host, task, pendingNames(tasks.slice(present.task, next.task)));
    if (!('items' in found) || found.items === undefined) return false;
    next = { task: next.task, item: 0, items: found.items };
    return true;
  };
  const leave = (task: Task): boolean => {
    next = { task: next.task + 1, item: -1 };
    return !bringsFacts(task);
  };
  return {
    ahead(n) {
      look(n);
      const found = calls(seen)[n - 1];
      return found?.prepared.kind === 'call' ? found.prepared.ready : undefined;
    },
    arrive(task, item) {
      present = { task, item };
      const index = seen.findIndex((one) => one.task === task && one.item === item);
      const found = seen[index];
      seen = found ? seen.slice(index + 1) : [];
      if (!found) next = { task, item: item + 1, ...(item >= 0 && reopened(task)) };
      if (!found && item < 0) next = { task: task + 1, item: -1 };
      isClear = canBePassed(tasks[task]) && !(item < 0 && bringsFacts(tasks[task]));
      return found?.prepared;
    },
  };

  function reopened(task: number): { items?: readonly Value[] } {
    const found = tasks[task]?.loop ? findItems(run, host, tasks[task] as Task) : undefined;
    return found && 'items' in found && found.items ? { items: found.items } : {};
  }
}

function calls(seen: readonly Foreseen[]): readonly Foreseen[] {
  return seen.filter(({ prepared }) => prepared.kind === 'call');
}

function canBePassed(task: Task | undefined): boolean {
  return (
    task !== undefined &&
    task.until.length === 0 &&
    task.async === undefined &&
    task.loop?.pause === undefined
  );
}

function bringsFacts(task: Task | undefined): boolean {
  const name = task?.action.slice(task.action.lastIndexOf('.') + 1) ?? '';
  return name.endsWith('_facts') || ['setup', 'getent', 'hostname', 'include_vars'].includes(name);
}

function isSure(prepared: PreparedItem): boolean {
  if (prepared.kind === 'end') return prepared.result['failed'] !== true;
  if (prepared.kind === 'call') return prepared.fields.delegateTo === undefined;
  return prepared.kind === 'decide' && ['debug', 'set_fact'].includes(prepared.module.name);
}

// what the journal knows is not sent again
function isRecorded(
  run: PlayRun,
  host: HostRun,
  task: Task,
  item: number,
  isRunning: boolean,
): boolean {
  const occurrence = (host.occurrences.get(task.id) ?? 0) + (isRunning ? 0 : 1);
  const { play, batch } = run;
  const key = { play: play.index, batch, task: task.id, occurrence, host: host.name, item };
  return run.rim.journal.recall(key) !== undefined;
}

/** What tasks will set, by name. */
function pendingNames(tasks: readonly Task[]): ReadonlySet<string> {
  return new Set(tasks.flatMap(namesSetBy));
}

/** Names that a task sets when it is done. */
export function namesSetBy({ register, does, action }: Task): readonly string[] {
  const own = register === undefined ? [] : [register];
  if (does.kind !== 'module' || !action.endsWith('.set_fact')) return own;
  return [...own, ...Object.keys(does.args)];
}
