import type { Arming, ArmingEvent, ArmingStore } from '../../src/model/boot.ts';
import { foldArming } from '../../src/netboot/arming/fold-arming.ts';

/** What a PC does once it starts from the network: each of these is one thing that the boot service would note. */
export type TargetMove =
  | 'dhcp'
  | 'script'
  | 'answers'
  | 'writing'
  | 'installed'
  | 'mismatch'
  | 'wrong-disk'
  | 'silence';

/** Plays some moves of a PC on the newest armed boot of a host, as the boot service would note them; answers how it stands then. */
export function playTarget(
  store: ArmingStore,
  host: string,
  moves: readonly TargetMove[],
  now: () => number,
): Arming {
  const find = (): Arming => {
    const found = store.list('all').find(({ order }) => order.host === host);
    if (!found) throw new Error(`${host} was never armed`);
    return found;
  };
  for (const move of moves) {
    const event = eventOf(move, now());
    if (event) store.update(find().order.id, (arming) => foldArming(arming, event));
  }
  return find();
}

const address = '10.1.1.99';
const progress = { doneBytes: 50, totalBytes: 100, bytesPerSecond: 10 };

function eventOf(move: TargetMove, at: number): ArmingEvent | undefined {
  switch (move) {
    case 'dhcp':
      return { type: 'seen', at, stage: 'dhcp', evidence: 'offer of 10.1.1.99' };
    case 'script':
      return { type: 'script', at, address, tokenHash: 'aa' };
    case 'answers':
      return { type: 'answers', at, address, tokenHash: 'aa', sessionHash: 'bb', nonce: 'n' };
    case 'writing':
      return { type: 'told', at, address, report: { stage: 'writing', progress } };
    case 'installed': {
      const report = { stage: 'installed', hostKeys: ['ssh-ed25519 AAAA'] } as const;
      return { type: 'told', at, address, report };
    }
    case 'mismatch':
      return {
        type: 'mismatch',
        at,
        address,
        uuid: 'aaaaaaaa-0000-4000-8000-000000000001',
        serial: '',
      };
    case 'wrong-disk': {
      const report = {
        stage: 'failed',
        reason: 'no disk has the serial S1',
        hint: 'look',
      } as const;
      return { type: 'told', at, address, report };
    }
    case 'silence':
      return undefined;
  }
}

/** Everything a PC does that is installed. */
export const wholeInstall: readonly TargetMove[] = [
  ...['dhcp', 'script', 'answers', 'writing', 'installed'],
] as readonly TargetMove[];
