import { isTemplate, type PlayValue, textOf } from '../../model/play-value.ts';
import type { Entry, Task } from '../../model/playbook.ts';
import { namesSetBy } from './foresight.ts';
import type { HostRun, PlayRun } from './play-run.ts';

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
  const first = entries[at];
  if (hosts.length < 2 || isGuarded(run) || sharesMachine(hosts))
    return hosts.length < 2 ? soloLength(entries, at) : 1;
  if (first?.kind !== 'task' || !isFree(first)) return 1;
  let length = 0;
  let reads = false;
  let writes = false;
  for (const entry of entries.slice(at)) {
    if (entry.kind !== 'task' || !isFree(entry) || looksAround(entry)) break;
    const readsOthers = looksAtOthers(entry);
    const writesOwn = namesSetBy(entry).length > 0;
    if ((reads || readsOthers) && (writes || writesOwn)) break;
    reads ||= readsOthers;
    writes ||= writesOwn;
    length++;
  }
  return Math.max(1, length);
}

// one host alone waits for nobody; only what the controller must do for the whole play ends its course
function soloLength(entries: readonly Entry[], at: number): number {
  const rest = entries.slice(at);
  const end = rest.findIndex(
    (entry) => entry.kind !== 'task' || !isFree(entry) || looksAround(entry),
  );
  return Math.max(1, end < 0 ? rest.length : end);
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
