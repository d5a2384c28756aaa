import type { Entry, Task } from '../../model/playbook.ts';
import { lookingOf } from './looking.ts';
import type { HostRun, PlayRun } from './play-run.ts';
import { bringsFacts, namesSetBy } from './task-traits.ts';

/**
 * How many tasks from `at` on each host may go through on its own, without waiting for the others after every task (at least 1). Under
 * the linear strategy a playbook cannot see the difference: the tasks read and alter nothing but their own host; none is delegated, run once
 * or throttled; no failure of one host ends the work of others before the whole batch is lost; none asks who else is still in the play; and
 * where one looks at variables of other hosts, none of the others sets any. Hosts that are one and the same machine go in lock step.
 */
export async function measureSegment(
  run: PlayRun,
  entries: readonly Entry[],
  at: number,
  hosts: readonly HostRun[],
): Promise<number> {
  const rest = entries.slice(at);
  const end = rest.findIndex((entry) => entry.kind !== 'task' || !isFree(entry));
  const free = (end < 0 ? rest : rest.slice(0, end)) as readonly Task[];
  if (free.length < 2 || hosts.length < 2) return Math.max(1, free.length);
  if (isGuarded(run) || sharesMachine(hosts)) return 1;
  let reads = false;
  let writes = false;
  for (const [index, task] of free.entries()) {
    const { around, others } = await lookingOf(run, task);
    if (around) return Math.max(1, index);
    reads ||= others;
    writes ||= bringsFacts(task) || namesSetBy(task).length > 0;
    if (reads && writes) return Math.max(1, index);
  }
  return free.length;
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
