import type { TaskFinished } from '../../model/event.ts';
import type { HostMemory } from '../../model/play-scope.ts';
import { trustValue } from '../../model/play-value.ts';
import type { Task } from '../../model/playbook.ts';
import { isMapping, makeVars, type Value, type Vars } from '../../model/value.ts';
import { addHost, groupBy } from './inventory-effects.ts';
import { censor, maskText, maskValue } from './masking.ts';
import { notify } from './notify.ts';
import type { HostRun, PlayRun } from './play-run.ts';
import type { Result } from './result-shape.ts';
import type { ItemEnd } from './run-item.ts';
import { fieldsOf, type TaskEnd } from './run-task.ts';

/** Where a task stands among blocks. */
export interface Place {
  /** A failure here is taken over by a `rescue` of this or an outer block. */
  readonly isRescuable: boolean;
  readonly part: 'block' | 'rescue' | 'always';
}

/** A task that came to its end on a host. */
export interface Ended {
  readonly host: HostRun;
  readonly task: Task;
  /** The event's name of it. */
  readonly id: string;
  readonly place: Place;
  readonly end: TaskEnd;
  readonly durationMs: number;
}

/** Takes a task's end in: facts, registered variables, notified handlers, the recap, the host's standing, and the event. */
export function conclude(run: PlayRun, ended: Ended): void {
  const { host, task, end } = ended;
  const result = end.result;
  const isFailed = result['failed'] === true;
  const isDone = !isFailed && result['skipped'] !== true && result['unreachable'] !== true;
  if (isDone) {
    takeEffects(run, ended);
    const unknown = result['changed'] === true ? notify(run, host, task, end.items) : undefined;
    if (unknown !== undefined) {
      result['failed'] = true;
      result['msg'] = unknown;
    }
  }
  const outcome = settle(run, ended);
  const onceKey =
    outcome === 'skipped' || outcome === 'unreachable' ? undefined : task.role?.onceKey;
  if (onceKey !== undefined && task.role && !host.roles.has(onceKey))
    host.roles.set(onceKey, task.role);
  const isOnce = isRunOnce(run, ended);
  if (task.register !== undefined)
    for (const memory of isOnce ? memoriesOf(run) : [host.memory])
      remember(memory, makeVars([[task.register, result]]));
  run.rim.emit(rowOf(run, ended, outcome));
}

/** Whether a task is done by one host for all. */
export function isRunOnce(run: PlayRun, { task, host }: Pick<Ended, 'task' | 'host'>): boolean {
  if (task.does.kind === 'module' && 'once' in task.does.module && task.does.module.once)
    return true;
  const { runOnce } = task.keywords;
  if (runOnce === undefined || typeof runOnce === 'boolean') return runOnce === true;
  const scope = run.rim.makeScope({
    run: run.state,
    host: host.memory,
    play: run.memory,
    task,
    local: {},
  });
  return ['true', 'yes', '1', 'on'].includes(
    String(run.rim.templar.render(runOnce, scope)).toLowerCase(),
  );
}

function memoriesOf(run: PlayRun): readonly HostMemory[] {
  return run.hosts.filter(({ standing }) => standing !== 'lost').map(({ memory }) => memory);
}

function remember(memory: HostMemory, vars: Vars): void {
  memory.setFacts = makeVars([...Object.entries(memory.setFacts), ...Object.entries(vars)]);
}

function takeEffects(run: PlayRun, ended: Ended): void {
  const { host, task, end } = ended;
  for (const item of end.items) {
    if (item.result['skipped'] === true) continue;
    takeFacts(run, ended, item);
    const { effects } = item;
    if (effects?.includeVars)
      host.memory.includedVars = makeVars([
        ...Object.entries(host.memory.includedVars as Vars),
        ...Object.entries(trustValue(effects.includeVars, task.at) as Vars),
      ]);
    if (effects?.addHost) addHost(run, effects.addHost);
    if (effects?.groupBy) groupBy(run, host, effects.groupBy);
  }
}

function takeFacts(run: PlayRun, ended: Ended, { result, fields }: ItemEnd): void {
  const { host, task } = ended;
  const facts = result['ansible_facts'];
  if (!isMapping(facts) || task.action.endsWith('.debug') || task.action.endsWith('.include_vars'))
    return;
  const delegate =
    fields.delegateFacts && fields.delegateTo !== undefined
      ? run.state.hosts.get(fields.delegateTo)
      : undefined;
  const memories = delegate ? [delegate] : isRunOnce(run, ended) ? memoriesOf(run) : [host.memory];
  const isSetFact = task.action.endsWith('.set_fact');
  for (const memory of memories) {
    if (isSetFact) remember(memory, facts);
    if (!isSetFact || result['_ansible_facts_cacheable'] === true) addFacts(memory, facts);
  }
}

function addFacts(memory: HostMemory, facts: Vars): void {
  const entries = Object.entries(facts).map(
    ([name, value]) => [name.replace(/^ansible_(?!local$)/, ''), value] as const,
  );
  const local = entries.map(
    ([name, value]) => [name === 'ansible_local' ? 'local' : name, value] as const,
  );
  memory.facts = makeVars([...Object.entries(memory.facts), ...local]);
}

type Outcome = TaskFinished['outcome'];

/** Counts a result and moves the host to where it stands now. */
function settle(run: PlayRun, { host, task, place, end }: Ended): Outcome {
  const { counts } = host;
  const { result } = end;
  if (end.items.some((item) => item.isCancelled)) {
    host.standing = 'stopped';
    return 'cancelled';
  }
  if (result['unreachable'] === true) return settleLost(run, host, end);
  if (result['failed'] === true) {
    if (end.isIgnored) {
      counts.ok++;
      counts.ignored++;
      if (result['changed'] === true) counts.changed++;
      return 'failed';
    }
    host.standing = 'failed';
    if (place.isRescuable) {
      counts.rescued++;
      remember(host.memory, failedVars(task, result));
    } else counts.failures++;
    return 'failed';
  }
  if (result['skipped'] === true) {
    counts.skipped++;
    return 'skipped';
  }
  if (task.does.kind !== 'include_tasks' && task.does.kind !== 'include_role') counts.ok++;
  if (result['changed'] === true) counts.changed++;
  return result['changed'] === true ? 'changed' : 'ok';
}

function settleLost(run: PlayRun, host: HostRun, end: TaskEnd): Outcome {
  if (end.isIgnored) {
    host.counts.ok++;
    host.counts.ignored++;
    return 'unreachable';
  }
  host.counts.unreachable++;
  host.standing = 'lost';
  run.lost.add(host.name);
  const lost = end.items.find((item) => item.lost)?.lost;
  if (lost)
    run.rim.emit({
      type: 'host.unreachable',
      host: host.name,
      reason: lost.reason,
      message: lost.message,
      hint: lost.hint,
    });
  return 'unreachable';
}

function failedVars(task: Task, result: Result): Vars {
  return makeVars([
    [
      'ansible_failed_task',
      makeVars([
        ['name', typeof task.name === 'string' ? task.name : ''],
        ['action', task.action],
      ]),
    ],
    ['ansible_failed_result', result],
  ]);
}

function rowOf(
  run: PlayRun,
  { host, id, end, durationMs, place }: Ended,
  outcome: Outcome,
): TaskFinished {
  const fields = fieldsOf(end);
  const isHidden = end.items.some((item) => item.fields.noLog);
  const secrets = [...(run.rim.secrets?.() ?? []), ...end.items.flatMap((item) => item.secrets)];
  const changes = isHidden ? [] : end.items.flatMap((item) => item.changes);
  const isRescued = outcome === 'failed' && !end.isIgnored && place.isRescuable;
  return {
    type: 'task.finished',
    task: id,
    host: host.name,
    ...(fields.delegateTo !== undefined && { delegatedTo: maskText(fields.delegateTo, secrets) }),
    outcome,
    ...(end.isIgnored && { ignored: true }),
    ...(isRescued && { rescued: true }),
    result: showResult(end.result, isHidden, secrets),
    changes: changes.map((summary) => ({ summary: maskText(summary, secrets) })),
    durationMs,
    ...(end.items.length > 0 && end.items.every((item) => item.isReplayed) && { replayed: true }),
  };
}

/** The row of one item of a loop. */
export function itemRow(
  run: PlayRun,
  at: Pick<Ended, 'host' | 'id'>,
  end: ItemEnd,
  label: string,
): TaskFinished {
  const secrets = [...(run.rim.secrets?.() ?? []), ...end.secrets];
  const { noLog, delegateTo, ignoreErrors, ignoreUnreachable } = end.fields;
  const isIgnored = end.lost ? ignoreUnreachable : end.result['failed'] === true && ignoreErrors;
  return {
    type: 'task.finished',
    task: at.id,
    host: at.host.name,
    ...(delegateTo !== undefined && { delegatedTo: maskText(delegateTo, secrets) }),
    outcome: outcomeOf(end),
    ...(isIgnored && { ignored: true }),
    item: noLog ? '(censored due to no_log)' : maskText(label, secrets),
    result: showResult(end.result, noLog, secrets),
    changes: noLog ? [] : end.changes.map((summary) => ({ summary: maskText(summary, secrets) })),
    durationMs: end.durationMs,
    ...(end.isReplayed && { replayed: true }),
  };
}

function outcomeOf({ result, lost, isCancelled }: ItemEnd): Outcome {
  if (isCancelled) return 'cancelled';
  if (lost) return 'unreachable';
  if (result['failed'] === true) return 'failed';
  if (result['skipped'] === true) return 'skipped';
  return result['changed'] === true ? 'changed' : 'ok';
}

/** A result as Ansible's callbacks get it: no `failed: false` and `skipped: false` at the top, nothing internal, secrets masked. */
function showResult(result: Result, isHidden: boolean, secrets: readonly string[]): Vars {
  if (isHidden) return censor(result);
  const shown = Object.entries(result).filter(
    ([name, value]) =>
      !name.startsWith('_ansible_') &&
      !((name === 'failed' || name === 'skipped') && value === false),
  );
  return maskValue(makeVars(shown as (readonly [string, Value])[]), secrets) as Vars;
}
