import type { RunStarted } from '../../model/event.ts';
import { LabError } from '../../model/lab-error.ts';
import type { WavePolicy } from '../../model/plan.ts';
import type { ReinstallPlan } from '../../netboot/reinstall/plan-rows.ts';
import type { Store } from '../../store/store.ts';
import type { Earlier } from './conduct-reinstall.ts';

/** What a run that was cut off had confirmed, and how its armed boots stand now; of several that went on with each other, the newest of each host. Throws LabError 'usage' for a run that was none. */
export function requireEarlier(store: Store, run: string): Earlier {
  const started = startedOf(store, run);
  const rows = started?.context['rows'] as unknown as ReinstallPlan['rows'] | undefined;
  if (started?.kind !== 'reinstall' || !rows)
    throw new LabError('usage', `the run ${run} was no reinstallation`);
  const chain = new Set([run, ...predecessors(store, started)]);
  // Newest first: what came later stays.
  const armed = store.armings.list('all').filter(({ order }) => chain.has(order.run));
  return {
    run,
    rows: new Map(rows.map((row) => [row.host, row])),
    armings: new Map(armed.reverse().map((arming) => [arming.order.host, arming])),
    waves: started.context['waves'] as unknown as WavePolicy,
    refused: (started.context['refused'] ?? []) as unknown as ReinstallPlan['refused'],
  };
}

function predecessors(store: Store, started: RunStarted): string[] {
  const found: string[] = [];
  for (let now: RunStarted | undefined = started; now; ) {
    const before = now.context['resumes'];
    if (typeof before !== 'string' || before === '' || found.includes(before)) break;
    found.push(before);
    now = startedOf(store, before);
  }
  return found;
}

function startedOf(store: Store, run: string): RunStarted | undefined {
  const [first] = store.loadEvents(run);
  return first?.type === 'run.started' ? first : undefined;
}
