import { isTemplate, type PlayValue, textOf } from '../../model/play-value.ts';
import type { Entry, Task } from '../../model/playbook.ts';
import type { HostRun, PlayRun } from './play-run.ts';
import { bringsFacts, namesSetBy } from './task-traits.ts';

/**
 * How many tasks from `at` on each host may go through on its own, without waiting for the others after every task (at least 1). Under
 * the linear strategy a playbook cannot see the difference: the tasks read and alter nothing but their own host; none is delegated, run once
 * or throttled; no failure of one host ends the work of others before the whole batch is lost; none asks who else is still in the play; and
 * where one looks at variables of other hosts, none of the others sets any. Hosts that are one and the same machine go in lock step.
 */
export function measureSegment(
  run: PlayRun,
  entries: readonly Entry[],
  at: number,
  hosts: readonly HostRun[],
): number {
  if (hosts.length < 2) return freeLength(entries.slice(at));
  if (isGuarded(run) || sharesMachine(hosts)) return 1;
  let reads = false;
  let writes = false;
  const free = entries.slice(at, at + freeLength(entries.slice(at)));
  const end = free.findIndex((entry) => {
    if (entry.kind !== 'task') return true;
    reads ||= looksAtOthers(entry);
    writes ||= bringsFacts(entry) || namesSetBy(entry).length > 0;
    return reads && writes;
  });
  return Math.max(1, end < 0 ? free.length : end);
}

/** Tasks that need nothing of the play as a whole; all of which one host alone may go through at once. */
function freeLength(entries: readonly Entry[]): number {
  const end = entries.findIndex(
    (entry) => entry.kind !== 'task' || !isFree(entry) || looksAround(entry),
  );
  return Math.max(1, end < 0 ? entries.length : end);
}

function isGuarded({ play, rim }: PlayRun): boolean {
  return (
    play.anyErrorsFatal ||
    play.maxFailPercentage !== undefined ||
    play.throttle !== undefined ||
    rim.chooseStep !== undefined
  );
}

function sharesMachine(hosts: readonly HostRun[]): boolean {
  const addresses = hosts.map(({ memory: { host } }) =>
    host.connection.kind === 'local' ? 'localhost' : host.connection.address,
  );
  return new Set(addresses).size < addresses.length;
}

function isFree(task: Task): boolean {
  const { does, keywords } = task;
  if (does.kind !== 'module') return false;
  const isOwn = 'isLocal' in does.module ? does.module.isLocal : isHarmless(does.module.name);
  if (!isOwn || task.async !== undefined || task.until.length > 0) return false;
  const joint = [keywords.delegateTo, keywords.runOnce, keywords.throttle, keywords.anyErrorsFatal];
  return (
    joint.every((value) => value === undefined || value === false) &&
    keywords.connection === undefined
  );
}

function isHarmless(name: string): boolean {
  return ['debug', 'set_fact', 'assert', 'fail'].includes(name);
}

const around = /\b(?:ansible_)?play_(?:hosts|batch)\b|\bgroups\b|\bgroup_names\b|\bvars\b/;
const others = /\bhostvars\b/;

function looksAround(task: Task): boolean {
  return textsIn(task).some((text) => around.test(text));
}

function looksAtOthers(task: Task): boolean {
  return textsIn(task).some((text) => others.test(text));
}

function textsIn(task: Task): readonly string[] {
  const { does, keywords, loop } = task;
  const values: PlayValue[] = [...keywords.environment, ...keywords.vars, ...task.notify];
  if (does.kind === 'module') values.push(does.args, does.argsTemplate ?? null);
  if (loop) values.push(loop.value, loop.label ?? null);
  const conditions = [...keywords.when, ...task.changedWhen, ...task.failedWhen];
  return [
    ...conditions.map(({ expression }) => String(expression)),
    ...values.flatMap(templatesIn),
  ];
}

function templatesIn(value: PlayValue): readonly string[] {
  if (isTemplate(value)) return [textOf(value)];
  // plain texts count as well: an argument such as `that` or `var` is an expression without braces
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null
    ? Object.values(value).flatMap(templatesIn)
    : [];
}
