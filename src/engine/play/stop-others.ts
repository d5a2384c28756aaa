import type { Task } from '../../model/playbook.ts';
import { type HostRun, type Place, type PlayRun, playOf } from './play-run.ts';
import { isYes } from './way-in.ts';

/** Stops hosts because of what others came to: a task run once for all, `any_errors_fatal`, `max_fail_percentage`. */
export function stopOthers(
  run: PlayRun,
  task: Task,
  {
    hosts,
    chosen,
    place,
  }: {
    readonly hosts: readonly HostRun[];
    readonly chosen: readonly HostRun[];
    readonly place: Place;
  },
): void {
  const bad = chosen.filter(({ standing }) => standing === 'failed' || standing === 'lost');
  if (bad.length === 0) return;
  const isOnce = chosen.length < hosts.length;
  if (isOnce) for (const host of hosts) if (host.standing === 'in') host.standing = 'failed';
  const isUnrescued = bad.some(({ standing }) => standing === 'lost' || !place.isRescuable);
  if (isUnrescued && (isOnce || isFatal(run, task, chosen[0])))
    breakOff(run, hosts, place, `a task failed that must not fail anywhere`);
  const why = overBudget(run);
  if (why !== undefined) breakOff(run, run.hosts, place, why);
}

function isFatal(run: PlayRun, task: Task, host: HostRun | undefined): boolean {
  const { anyErrorsFatal } = task.keywords;
  if (anyErrorsFatal === undefined || anyErrorsFatal === null || !host)
    return run.play.anyErrorsFatal;
  const scope = run.rim.makeScope({
    run: run.state,
    host: host.memory,
    play: playOf(run, host),
    task,
  });
  return isYes(run.rim.templar.render(anyErrorsFatal, scope));
}

// hosts that are at work in a rescue or always finish it
function breakOff(run: PlayRun, hosts: readonly HostRun[], place: Place, why: string): void {
  run.broken ??= why;
  if (place.part !== 'block') return;
  for (const host of hosts) if (host.standing === 'in') host.standing = 'stopped';
}

/** Why a batch has failed more often than `max_fail_percentage` allows; hosts that were lost count, unlike in Ansible. */
function overBudget(run: PlayRun): string | undefined {
  const { play, hosts, state, rim } = run;
  const memory = hosts[0]?.memory;
  if (play.maxFailPercentage === undefined || !memory) return undefined;
  const scope = rim.makeScope({ run: state, host: memory, play: run.memory });
  const allowed = Number(rim.templar.render(play.maxFailPercentage, scope));
  const bad = hosts.filter(({ name }) => run.failed.has(name) || run.lost.has(name)).length;
  const failedNow = hosts.filter(({ standing }) => standing === 'failed').length;
  const percent = (Math.max(bad, failedNow) * 100) / hosts.length;
  if (!(percent > allowed)) return undefined;
  return `${Math.max(bad, failedNow)} of ${hosts.length} hosts failed or were lost, more than ${allowed} %`;
}
