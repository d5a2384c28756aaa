import type { Task } from '../../model/playbook.ts';
import { type HostRun, type Place, type PlayRun, playOf } from './play-run.ts';
import type { TaskEnd } from './run-task.ts';
import { isYes } from './way-in.ts';

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

/** Whether a task is done by one host for all. */
export function isRunOnce(run: PlayRun, task: Task, host: HostRun): boolean {
  const { does, keywords } = task;
  if (does.kind === 'module' && 'once' in does.module && does.module.once) return true;
  const { runOnce } = keywords;
  if (runOnce === undefined || typeof runOnce === 'boolean') return runOnce === true;
  const scope = run.rim.makeScope({
    run: run.state,
    host: host.memory,
    play: playOf(run, host),
    task,
    local: {},
  });
  return isYes(run.rim.templar.render(runOnce, scope));
}
