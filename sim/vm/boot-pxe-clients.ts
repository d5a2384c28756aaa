import { once } from 'node:events';
import type { Segment } from './segment.ts';
import type { PxeBoot } from './types.ts';

/** What one client came to: what it got, or why it was lost. */
export type PxeOutcome = PxeBoot | { readonly mac: string; readonly lost: string };

/** PCs without a disk or a screen, each a network card in a namespace of its own; in turn with a BIOS and with UEFI. */
export interface PxeFleet {
  /** MAC addresses, in the order of the outcomes. */
  readonly macs: readonly string[];
  /** Switches all of them on at the same moment. */
  boot(): Promise<readonly PxeOutcome[]>;
}

/** Client architectures by turns (option 93). */
const architectures = [0, 7];

/** Plugs so many PCs into the segment, with addresses that begin at `first` in its last part until they are given others. */
export function openPxeFleet(segment: Segment, count: number, first: number): PxeFleet {
  const pcs = Array.from({ length: count }, (_, at) => segment.join(`10.77.0.${first + at}`));
  const program = new URL('pxe-client.ts', import.meta.url).pathname;
  return {
    macs: pcs.map(({ mac }) => mac),
    async boot() {
      const running = pcs.map(({ namespace, mac }, at) => {
        const uuid = `22222222-2222-4333-8444-5555555555${String(at).padStart(2, '0')}`;
        const words = [mac, String(architectures[at % architectures.length]), uuid];
        const child = segment.start(namespace, [process.execPath, program, ...words]);
        let said = '';
        for (const stream of [child.stdout, child.stderr])
          stream?.on('data', (piece) => {
            said += String(piece);
          });
        return { child, mac, said: () => said, ended: once(child, 'close') };
      });
      await Promise.all(
        running.map(({ child, ended }) => Promise.race([awaitReady(child), ended])),
      );
      for (const { child } of running) child.kill('SIGUSR2');
      await Promise.all(running.map(({ ended }) => ended));
      return running.map(({ mac, said }) => readOutcome(mac, said()));
    },
  };
}

async function awaitReady({ stdout }: ReturnType<Segment['start']>): Promise<void> {
  if (stdout) await once(stdout, 'data');
}

function readOutcome(mac: string, said: string): PxeOutcome {
  const line = said.split('\n').find((one) => one.startsWith('{'));
  return line === undefined ? { mac, lost: said } : (JSON.parse(line) as PxeBoot);
}
