import { LabError } from '../model/lab-error.ts';
import type { RunSummary } from '../model/run-summary.ts';
import type { Store } from '../store/store.ts';

/** Commands whose runs can be gone on with. */
const resumable = new Set(['play', 'reinstall']);

/** The run to go on with: the one that is named (by its id or the beginning of one), else the newest that was cut off. Throws LabError with the reason why there is none. */
export async function findResumable(store: Store, wanted: string | undefined): Promise<string> {
  const named = wanted === undefined ? undefined : store.findRun(wanted);
  const runs = await store.listRuns();
  const meant = runs.filter(({ run }) =>
    named === undefined ? resumable.has(store.loadInvocation(run)?.command ?? '') : run === named,
  );
  const found = meant.find((run) => troubleWith(store, run) === undefined);
  if (found) return found.run;
  // of several, the newest is the one that was thought of
  const trouble = meant[0] && troubleWith(store, meant[0]);
  throw (
    trouble ?? new LabError('usage', 'there is no playbook run to go on with', 'see lab runs list')
  );
}

/** Why a run cannot be gone on with: it is still at it, another one went on with it, or nothing was left to do. */
function troubleWith(store: Store, { run, state }: RunSummary): LabError | undefined {
  const successor = store.findSuccessor(run);
  if (successor !== undefined)
    return new LabError(
      'usage',
      `the run ${successor} went on with ${run}`,
      `lab runs show ${successor} tells what it came to`,
    );
  if (state === 'running')
    return new LabError('refused', `the run ${run} is still going on`, 'lab runs watch shows it');
  if (state === 'finished' && !store.hasDoubts(run))
    return new LabError(
      'usage',
      `the run ${run} came to its end`,
      'lab runs retry does what failed again',
    );
  return undefined;
}
