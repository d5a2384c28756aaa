import type { Arming, ArmingStore, BootAlert } from '../../src/model/boot.ts';
import { LabError } from '../../src/model/lab-error.ts';
import { isLive } from '../../src/netboot/arming/open-arming.ts';

/** Armed boots in memory, with the promises of the real store. */
export function memoryArmings(): ArmingStore {
  const kept = new Map<string, Arming>();
  const alerts: BootAlert[] = [];
  let version = 0;
  const list = (which: 'all' | 'live'): Arming[] =>
    [...kept.values()].reverse().filter((arming) => which === 'all' || isLive(arming));
  return {
    arm(arming) {
      const { host, macs, id } = arming.order;
      const rival = list('live').find(
        ({ order }) => order.host === host || order.macs.some((mac) => macs.includes(mac)),
      );
      if (rival) throw new LabError('refused', `${host} is armed already`);
      kept.set(id, arming);
      version += 1;
    },
    load: (id) => kept.get(id),
    list,
    findByMac: (mac) => list('all').find(({ order }) => order.macs.includes(mac)),
    findBySecret: (hash) =>
      list('all').find(
        ({ tokenHash, sessionHash }) => hash !== '' && [tokenHash, sessionHash].includes(hash),
      ),
    update(id, change) {
      const before = kept.get(id);
      if (!before) throw new LabError('usage', `no armed boot ${id}`);
      const after = change(before);
      if (after !== before) version += 1;
      kept.set(id, after);
      return after;
    },
    version: () => version,
    note: (alert) => void alerts.push(alert),
    loadAlerts: () => alerts,
  };
}
