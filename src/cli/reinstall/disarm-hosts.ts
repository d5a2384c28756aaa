import type { Arming } from '../../model/boot.ts';
import { LabError } from '../../model/lab-error.ts';
import { foldArming } from '../../netboot/arming/fold-arming.ts';
import { reportDisarmed } from '../../report/disarm-report.ts';
import type { Context } from '../context.ts';
import { loadInventory, selectTargets } from '../load-hosts.ts';
import { openProjectStore } from '../open-store.ts';
import { makeRunIdentity } from '../run-identity.ts';
import { showReport } from '../show-report.ts';

/** Ends the live armed boots of hosts. Throws LabError 'refused' when a disk that is being written would be left half done and nobody said --yes. */
export async function disarmHosts(context: Context, pattern: string): Promise<number> {
  const { io, flags, settings } = context;
  const store = await openProjectStore(context);
  const live = store.armings.list('live');
  const names = await namesOf(context, pattern, live);
  const armed = live.filter(({ order }) => names.has(order.host));
  const writing = armed.filter(({ state }) => state === 'writing').map(({ order }) => order.host);
  if (writing.length > 0 && flags.yes !== true)
    throw new LabError(
      'refused',
      `the disk of ${writing.join(', ')} is being written: it would have no system; nothing was disarmed`,
      'wait until it is installed, or say --yes',
    );
  const { who } = makeRunIdentity(context);
  const now = io.now();
  const ended = armed.map(({ order }) =>
    store.armings.update(order.id, (arming) =>
      foldArming(arming, { type: 'disarmed', at: now, who }),
    ),
  );
  const at = new Date(now).toISOString();
  const rows = [...names].map((host) => {
    const one = ended.find(({ order }) => order.host === host);
    return { host, state: one?.state ?? 'not armed', stage: one?.stage ?? '' };
  });
  await showReport(context, reportDisarmed(rows, at, settings.lang));
  return 0;
}

/** Hosts of the pattern; one that is armed may also be named when the inventory does not know it any more. */
async function namesOf(
  context: Context,
  pattern: string,
  live: readonly Arming[],
): Promise<ReadonlySet<string>> {
  const { inventory } = await loadInventory(context);
  if (live.some(({ order }) => order.host === pattern)) return new Set([pattern]);
  return new Set(selectTargets(context, inventory, pattern).map(({ name }) => name));
}
