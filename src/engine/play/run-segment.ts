import { isTemplate, type PlayValue, textOf } from '../../model/play-value.ts';
import type { Task } from '../../model/playbook.ts';
import { TemplateError } from '../../model/template-error.ts';
import { conclude } from './conclude.ts';
import { openCourse } from './course.ts';
import { isRunOnce } from './ended.ts';
import { makeForesight } from './foresight.ts';
import { hideSecrets } from './masking.ts';
import { type HostRun, isStopped, type Place, type PlayRun, playOf } from './play-run.ts';
import { scopeOf } from './prepared-item.ts';
import { itemRow } from './rows.ts';
import { runTask } from './run-task.ts';
import { stopOthers } from './stop-others.ts';

/** A task announced under its event's name. */
interface Announced {
  readonly task: Task;
  readonly id: string;
  isTold: boolean;
}

/** Runs tasks that each host may go through alone, up to `forks` hosts at once. One task alone is the lock step of the linear strategy. */
export async function runSegment(
  run: PlayRun,
  tasks: readonly Task[],
  hosts: readonly HostRun[],
  place: Place,
): Promise<void> {
  const first = tasks[0];
  const chosen = first && hosts[0] && isRunOnce(run, first, hosts[0]) ? hosts.slice(0, 1) : hosts;
  const announced = tasks.map((task) => ({ task, id: nameRun(run, task), isTold: false }));
  const width = widthOf(run, tasks, chosen[0]);
  const queue = chosen.values();
  const lane = async (): Promise<void> => {
    for (const host of queue) await goThrough(run, announced, host, place);
  };
  await Promise.all(Array.from({ length: Math.max(1, Math.min(width, chosen.length)) }, lane));
  if (first) stopOthers(run, first, { hosts, chosen, place });
}

// a task that comes again (in a later batch, as a handler, in a loop of includes) is another task to the report
function nameRun(run: PlayRun, task: Task): string {
  const count = (run.announced.get(task.id) ?? 0) + 1;
  run.announced.set(task.id, count);
  return count === 1 ? task.id : `${task.id}#${count}`;
}

function widthOf(run: PlayRun, tasks: readonly Task[], host: HostRun | undefined): number {
  const value = tasks[0]?.keywords.throttle ?? run.play.throttle;
  const forks = Math.max(1, Math.floor(run.rim.forks) || 1);
  if (value === undefined || !host) return forks;
  const scope = run.rim.makeScope({ run: run.state, host: host.memory, play: playOf(run, host) });
  const throttle = Number(run.rim.templar.render(value, scope));
  return throttle >= 1 ? Math.min(forks, Math.floor(throttle)) : forks;
}

async function goThrough(
  run: PlayRun,
  announced: readonly Announced[],
  host: HostRun,
  place: Place,
): Promise<void> {
  const foresight = makeForesight(
    run,
    host,
    announced.map(({ task }) => task),
  );
  const course = openCourse(run.workers, host.name, foresight.ahead);
  try {
    for (const [index, one] of announced.entries()) {
      if (host.standing !== 'in' || isStopped(run)) break;
      if (passesBy(host, one.task)) continue;
      tell(run, announced, index, host);
      const startedAt = run.rim.now();
      const end = await runTask(run, {
        host,
        task: one.task,
        course,
        ahead: (item) => foresight.arrive(index, item),
        onItem: (itemEnd, label) =>
          run.rim.emit(itemRow(run, { host, id: one.id }, itemEnd, label)),
      });
      conclude(run, {
        host,
        task: one.task,
        id: one.id,
        place,
        end,
        durationMs: run.rim.now() - startedAt,
      });
    }
  } catch (error) {
    // a bug of ours costs this host its run, never the others
    run.bugs.push(error);
    host.standing = 'failed';
    host.counts.failures++;
  } finally {
    await course.close();
  }
}

/** Whether a host has been through another use of the task's role that counts as the same, or has ended this one. */
export function passesBy(host: HostRun, { role, isHandler }: Task): boolean {
  if (role && !isHandler && host.ended.has(role)) return true;
  if (role?.onceKey === undefined || isHandler) return false;
  const before = host.roles.get(role.onceKey);
  return before !== undefined && before !== role;
}

/** Announces one task for some hosts and answers its name in the events. */
export function announce(run: PlayRun, task: Task, host: HostRun | undefined): string {
  const one = { task, id: nameRun(run, task), isTold: false };
  if (host) tell(run, [one], 0, host);
  return one.id;
}

/** Announces a task when the first host comes to it; those before it first, so that tasks are announced in order. */
function tell(run: PlayRun, announced: readonly Announced[], index: number, host: HostRun): void {
  for (const one of announced.slice(0, index + 1)) {
    if (one.isTold) continue;
    one.isTold = true;
    const { task, id } = one;
    run.rim.emit({
      type: 'task.started',
      play: run.play.index,
      task: id,
      name: hideSecrets(run, titleOf(run, task, host)),
      action: task.action,
      isHandler: task.isHandler ?? false,
      place: `${task.at.file}:${task.at.line}`,
    });
  }
}

/** A task's name for people; one that cannot be rendered is shown as written or by its module. */
export function titleOf(run: PlayRun, task: Task, host: HostRun): string {
  const { name, role, action, does } = task;
  if (name === undefined && does.kind === 'include_role')
    return `include_role : ${isTemplate(does.role) ? textOf(does.role) : String(does.role)}`;
  const text =
    name === undefined
      ? action.slice(action.lastIndexOf('.') + 1)
      : rendered(run, task, name, host);
  return role ? `${role.name} : ${text}` : text;
}

function rendered(run: PlayRun, task: Task, name: PlayValue, host: HostRun): string {
  if (typeof name === 'string') return name;
  try {
    const scope = scopeOf(run, { host, task, local: {} });
    return String(run.rim.templar.render(name, scope));
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    return isTemplate(name) ? textOf(name) : '';
  }
}
