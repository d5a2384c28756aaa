import type { Inventory } from '../../model/host.ts';
import { fingerprintInventory } from '../../store/inventory-fingerprint.ts';
import type { Context } from '../context.ts';
import { brokenInventory, loadInventory } from '../load-hosts.ts';

/** The inventory of a service that runs for months: read anew when its files change. */
export interface WatchedInventory {
  /** The last one that had no errors. */
  current(): Promise<Inventory>;
}

const freshMs = 5_000;

/** Reads it; throws LabError 'input' when it has errors now. Later errors are told and the last good one stays in force. */
export async function watchInventory(
  context: Context,
  say: (text: string) => void,
): Promise<WatchedInventory> {
  const { inventories } = context.settings;
  let print = await fingerprintInventory(inventories);
  let known = await loadGood(context);
  let lookedAt = performance.now();
  const refresh = async () => {
    const next = await fingerprintInventory(inventories);
    if (next === print && next !== undefined) return;
    print = next;
    try {
      known = await loadGood(context);
      say('the inventory changed and was read again');
    } catch (error) {
      say(`the inventory cannot be read, the last one stays in force: ${String(error)}`);
    }
  };
  let refreshing: Promise<void> | undefined;
  return {
    async current() {
      if (performance.now() - lookedAt > freshMs) {
        refreshing ??= refresh().finally(() => {
          lookedAt = performance.now();
          refreshing = undefined;
        });
        await refreshing;
      }
      return known;
    },
  };
}

async function loadGood(context: Context): Promise<Inventory> {
  const { inventory, problems } = await loadInventory(context);
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw brokenInventory(errors);
  return inventory;
}
