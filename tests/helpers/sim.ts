import { describe } from 'vitest';
import { missingHere } from '../../sim/missing.ts';
import type { Finished, Sim } from '../../sim/types.ts';

export { attachSim, openSim } from '../../sim/open-sim.ts';
export type { Fault, Finished, Sim, SimOptions } from '../../sim/types.ts';

const missing = missingHere();
const inCi = process.env['CI'] === 'true';
if (missing !== '' && !inCi) console.warn(`SKIPPED, not tested: simulated PCs (${missing})`);

/** A `describe` for tests on simulated PCs: skipped aloud where none can be raised, failing there in CI. */
export const describeOnPcs = describe.skipIf(missing !== '' && !inCi);

/** The stock ssh client, from the room's controller to one PC, with the keys the room was raised with. */
export function ssh(
  sim: Sim,
  host: string,
  command: string,
  options: { user?: string; sshOptions?: readonly string[] } = {},
): Promise<Finished> {
  const pc = sim.pcs.find(({ name }) => name === host);
  // ssh takes the first value it meets for an option.
  const settings = [
    ...(options.sshOptions ?? []),
    'BatchMode=yes',
    'ConnectTimeout=3',
    `UserKnownHostsFile=${sim.knownHostsPath}`,
    'GlobalKnownHostsFile=/dev/null',
    'StrictHostKeyChecking=yes',
  ].flatMap((setting) => ['-o', setting]);
  const target = `${options.user ?? 'root'}@${pc?.ip ?? host}`;
  return sim.exec(['ssh', '-F', 'none', '-i', sim.keyFile, ...settings, target, command]);
}
