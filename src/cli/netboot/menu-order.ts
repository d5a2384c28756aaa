import { randomUUID } from 'node:crypto';
import type { Host } from '../../model/host.ts';
import { LabError } from '../../model/lab-error.ts';
import { indexMacs } from '../../netboot/reinstall/guards.ts';
import { makeOrder, planRows } from '../../netboot/reinstall/plan-rows.ts';
import type { Store } from '../../store/store.ts';
import type { Context } from '../context.ts';
import { makeRunIdentity } from '../run-identity.ts';
import { loadProfiles } from './load-profiles.ts';
import type { MenuOrder } from './menu-run.ts';
import type { WatchedInventory } from './watch-inventory.ts';

/** How long a PC that was armed from its menu stays so. */
const menuArmedMs = 60 * 60_000;

/** What a PC is promised that a teacher reinstalls from its menu, after the guards of `lab reinstall`; throws LabError 'refused' with all that speaks against it. Who is logged in there nobody can ask: that alone is set aside, since arming restarts nothing. */
export async function openMenuOrder(
  context: Context,
  { store, inventory }: { readonly store: Store; readonly inventory: WatchedInventory },
  host: Host,
): Promise<MenuOrder> {
  const profile = (await loadProfiles(context)).choose(host);
  const last = store.loadFacts(host.name);
  const armed = store.armings.list('live').find(({ order }) => order.host === host.name);
  const at = new Date(context.io.now());
  const candidate = {
    host,
    ...(profile && { profile }),
    ...(last && { last }),
    ...(armed && { armed }),
    usersUnknown: 'it is in its boot menu',
    // The host's lock is taken for real before it is armed.
    lockedBy: '',
  };
  const { rows, refused } = planRows([candidate], {
    at: { day: at.getDay(), minutes: at.getHours() * 60 + at.getMinutes() },
    despite: new Set(['users']),
    hostsByMac: indexMacs((await inventory.current()).hosts),
  });
  const [row] = rows;
  const [refusal] = refused;
  if (!row)
    throw new LabError('refused', refusal?.why ?? 'it cannot be reinstalled', refusal?.hint);
  const armedAt = context.io.now();
  const { run } = makeRunIdentity(context);
  const more = { id: randomUUID(), run, armedAt, expiresAt: armedAt + menuArmedMs };
  return { order: makeOrder(row, more), row, host };
}
