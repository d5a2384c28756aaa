import { readOutcome } from '../inventory/import/check-outcome.ts';
import type { ImportPlan } from '../inventory/plan-import.ts';
import { resolveInventory } from '../inventory/resolve.ts';
import type { LedgerEntry } from '../model/registration.ts';
import { readWords } from '../registry/ask.ts';
import { makeEntry } from '../registry/reconcile.ts';
import { isSameRegistration, registrationOf } from '../registry/registration.ts';
import { parseYaml } from '../store/yaml.ts';
import type { HeldRegistry } from './open-registry.ts';

/** Writes a planned import into the inventory and, for hosts of which the register says something else then, one row each into the ledger: both, or neither. */
export async function applyImport(
  registry: HeldRegistry,
  { rows, files }: ImportPlan,
  why: string,
): Promise<void> {
  if (files.length === 0) return;
  const { raw, inventory } = registry.loaded;
  const reason = readWords('--reason', why);
  const before = new Map(inventory.hosts.map((host) => [host.name, registrationOf(host)]));
  const outcome = resolveInventory(readOutcome(raw, files, parseYaml)).inventory;
  const after = new Map(outcome.hosts.map((host) => [host.name, registrationOf(host)]));
  const entries = rows
    .filter(({ action }) => action === 'add' || action === 'change')
    .flatMap(({ host }): LedgerEntry[] => {
      const was = before.get(host) ?? null;
      const is = after.get(host) ?? null;
      if (isSameRegistration(was, is)) return [];
      const isOther = was !== null && was.owner.name !== '' && was.owner.name !== is?.owner.name;
      const kind = isOther ? 'transfer' : 'register';
      return [makeEntry(registry.occasion, kind, { host, before: was, after: is, reason })];
    });
  await registry.save(files, entries);
}
