import type { Task } from '../../model/playbook.ts';

/** Names that a task sets when it is done. */
export function namesSetBy({ register, does, action }: Task): readonly string[] {
  const own = register === undefined ? [] : [register];
  if (does.kind !== 'module' || !action.endsWith('.set_fact')) return own;
  return [...own, ...Object.keys(does.args)];
}

/** Whether a task may set variables whose names nobody knows before. */
export function bringsFacts(task: Task | undefined): boolean {
  const name = task?.action.slice(task.action.lastIndexOf('.') + 1) ?? '';
  if (name === 'set_fact')
    return task !== undefined && namesSetBy(task).some((word) => /\W/.test(word));
  return name.endsWith('_facts') || ['setup', 'getent', 'hostname', 'include_vars'].includes(name);
}

/** Whether a task takes its time between calls, so that nothing may be sent behind the present one. */
export function isRepeated(task: Task | undefined): boolean {
  if (!task) return true;
  return task.until.length > 0 || task.async !== undefined || task.loop?.pause !== undefined;
}
