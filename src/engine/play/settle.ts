import type { TaskFinished } from '../../model/event.ts';
import type { Task } from '../../model/playbook.ts';
import { makeVars, type Vars } from '../../model/value.ts';
import { remember } from './effects.ts';
import type { Ended } from './ended.ts';
import { maskText } from './masking.ts';
import type { HostRun, PlayRun } from './play-run.ts';
import type { Result } from './result-shape.ts';
import type { TaskEnd } from './run-task.ts';

type Outcome = TaskFinished['outcome'];

/** Counts a result as Ansible's recap does and moves the host to where it stands now. */
export function settle(run: PlayRun, ended: Ended): Outcome {
  const { host, task, end } = ended;
  const { result } = end;
  if (end.items.some((item) => item.isCancelled)) {
    host.standing = 'stopped';
    return 'cancelled';
  }
  if (end.items.some((item) => item.isInDoubt)) {
    host.standing = 'stopped';
    host.counts.failures++;
    return 'failed';
  }
  if (result['unreachable'] === true) return settleLost(run, host, end);
  if (result['failed'] === true) return settleFailed(ended);
  if (result['skipped'] === true) {
    host.counts.skipped++;
    return 'skipped';
  }
  // what is included counts when it was read
  if (task.does.kind !== 'include_tasks' && task.does.kind !== 'include_role') host.counts.ok++;
  if (result['changed'] === true) host.counts.changed++;
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
  if (!lost) return 'unreachable';
  const { reason, hint } = lost;
  const message = maskText(lost.message, run.rim.secrets?.() ?? []);
  run.rim.emit({ type: 'host.unreachable', host: host.name, reason, message, hint });
  return 'unreachable';
}

function settleFailed({ host, task, place, end }: Ended): Outcome {
  const { counts } = host;
  if (end.isIgnored) {
    counts.ok++;
    counts.ignored++;
    if (end.result['changed'] === true) counts.changed++;
    return 'failed';
  }
  host.standing = 'failed';
  if (place.isRescuable) {
    counts.rescued++;
    remember(host.memory, failedVars(task, end.result));
  } else counts.failures++;
  return 'failed';
}

function failedVars({ name, action }: Task, result: Result): Vars {
  const task = makeVars([
    ['name', typeof name === 'string' ? name : ''],
    ['action', action],
  ]);
  return makeVars([
    ['ansible_failed_task', task],
    ['ansible_failed_result', result],
  ]);
}
