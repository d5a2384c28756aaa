import type { Arming, BootOrder } from '../../model/boot.ts';
import { LabError } from '../../model/lab-error.ts';
import { isLive } from '../../netboot/arming/open-arming.ts';
import type { Store } from '../../store/store.ts';
import { isMenuRun } from './menu-run.ts';

/** The locks of hosts that were armed from their menu: nobody else's run works on them meanwhile. */
export interface MenuHolds {
  /** Throws LabError 'refused' that names who holds the host and since when. */
  hold(order: BootOrder): Promise<void>;
  /** Lets go of hosts whose armed boot has come to its end; to be called every moment. */
  release(): Promise<void>;
  close(): Promise<void>;
}

/** Opens the holds of a boot service; those of one that died are taken up again. `say` is told of one that somebody else has by now, `onInstalled` of each that is installed and free. */
export async function openMenuHolds(
  store: Pick<Store, 'armings' | 'takeLock' | 'loadEvents'>,
  { say, onInstalled }: { say(text: string): void; onInstalled(order: BootOrder): void },
): Promise<MenuHolds> {
  const held = new Map<string, AsyncDisposable>();
  const hold = async ({ id, host, run, armedAt }: BootOrder): Promise<void> => {
    const since = new Date(armedAt).toISOString();
    held.set(id, await store.takeLock(host, { who: 'the boot menu', since, run }));
  };
  const letGo = async (ids: readonly string[]): Promise<void> => {
    for (const id of ids) {
      await held.get(id)?.[Symbol.asyncDispose]();
      held.delete(id);
    }
  };
  const isOver = (arming: Arming | undefined) => !arming || !isLive(arming);
  for (const { order } of store.armings.list('live')) {
    // What a run has armed is held by that run, or by the one that goes on with it.
    const events = store.loadEvents(order.run);
    if (events.length > 0 && !isMenuRun(events)) continue;
    await hold(order).catch((error: unknown) => {
      if (!(error instanceof LabError) || error.kind !== 'refused') throw error;
      say(`${order.host} was armed from its menu: ${error.message}`);
    });
  }
  return {
    hold,
    async release() {
      const over = [...held.keys()].filter((id) => isOver(store.armings.load(id)));
      await letGo(over);
      const ended = over.flatMap((id) => store.armings.load(id) ?? []);
      for (const { order, state } of ended) if (state === 'installed') onInstalled(order);
    },
    close: () => letGo([...held.keys()]),
  };
}
