import { register, takeEffects } from './effects.ts';
import type { Ended } from './ended.ts';
import { notify } from './notify.ts';
import type { PlayRun } from './play-run.ts';
import { taskRow } from './rows.ts';
import { settle } from './settle.ts';

/** Takes a task's end in: facts, notified handlers, the recap, the host's standing, registered variables, and the event. */
export function conclude(run: PlayRun, ended: Ended): void {
  const { host, task, end } = ended;
  const { result } = end;
  if (!['failed', 'skipped', 'unreachable'].some((name) => result[name] === true)) {
    takeEffects(run, ended);
    const unknown = result['changed'] === true ? notify(run, host, task, end.items) : undefined;
    if (unknown !== undefined) {
      result['failed'] = true;
      result['msg'] = unknown;
    }
  }
  const outcome = settle(run, ended);
  const hasRun = outcome !== 'skipped' && outcome !== 'unreachable';
  const { role } = task;
  if (hasRun && role?.onceKey !== undefined && !host.roles.has(role.onceKey))
    host.roles.set(role.onceKey, role);
  register(run, ended);
  run.rim.emit(taskRow(run, ended, outcome));
}
