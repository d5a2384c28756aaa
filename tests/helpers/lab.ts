import { join } from 'node:path';
import type { Finished, Sim } from './sim.ts';

/** The starter of the built program. */
export const labPath = join(import.meta.dirname, '..', '..', 'bin', 'lab');

/** The suites that come with the project lie beside it; state and settings of a test do not. */
export function labIn(sim: Sim, stateFolder: string) {
  return (
    args: readonly string[],
    options: { env?: Readonly<Record<string, string>> } = {},
  ): Promise<Finished> =>
    sim.exec([labPath, '-i', sim.inventoryPath, '--state', stateFolder, ...args], {
      env: { LANG: 'C.UTF-8', ...options.env },
      timeoutMs: 120_000,
    });
}
