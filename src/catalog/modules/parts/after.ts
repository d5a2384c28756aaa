import type { ModuleResult, Planned } from '../../../model/module.ts';

/** Goes on once a plan came to its end, unless it failed. */
export function after(planned: Planned, next: (result: ModuleResult) => Planned): Planned {
  if (planned.kind === 'done') return planned.result.failed ? planned : next(planned.result);
  if (planned.kind === 'ask')
    return { ...planned, plan: (found) => after(planned.plan(found), next) };
  return { ...planned, read: (ran) => after(planned.read(ran), next) };
}
