import type { ModuleResult, Planned } from '../../../model/module.ts';

/** Goes on after a plan that ended well; in check mode the plan alone counts. */
export function andThen(planned: Planned, next: (result: ModuleResult) => Planned): Planned {
  if (planned.kind === 'done') return planned.result.failed ? planned : next(planned.result);
  if (planned.kind === 'act')
    return { ...planned, read: (ran) => andThen(planned.read(ran), next) };
  return { ...planned, plan: (found) => andThen(planned.plan(found), next) };
}
