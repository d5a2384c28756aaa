import type { Host } from '../../model/host.ts';
import type { HostWorker } from './hands.ts';

/** The workers of a run: one for each way into a host. A worker takes several courses of tasks at once, one call after the other. */
export interface Workers {
  of(host: Host): HostWorker;
  /** Lets go of connection and shells of a host (`meta: reset_connection`). */
  reset(name: string): Promise<void>;
  closeAll(): Promise<void>;
}

/** Keeps the workers that `open` makes. */
export function makeWorkers(open: (host: Host) => HostWorker): Workers {
  const kept = new Map<string, { readonly name: string; readonly worker: HostWorker }>();
  return {
    of(host) {
      const key = wayInto(host);
      const known = kept.get(key) ?? { name: host.name, worker: open(host) };
      kept.set(key, known);
      return known.worker;
    },
    async reset(name) {
      for (const known of kept.values()) if (known.name === name) await known.worker.reset();
    },
    async closeAll() {
      await Promise.allSettled([...kept.values()].map(({ worker }) => worker.close()));
      kept.clear();
    },
  };
}

function wayInto({ name, connection, vars }: Host): string {
  const { kind, address, port, user, keyFile, becomeMethod, becomeFlags } = connection;
  const secrets = [vars['ansible_password'], vars['ansible_become_password']];
  return JSON.stringify([
    name,
    kind,
    address,
    port,
    user,
    keyFile,
    becomeMethod,
    becomeFlags,
    secrets,
  ]);
}
