import type { Arming } from '../../model/boot.ts';
import { isLive } from '../arming/open-arming.ts';
import { followArming } from './follow-arming.ts';
import { endOf, type HostWork, requireArmed, type StageEnd } from './host-work.ts';

const wakeAgainMs = 20_000;

/** Makes a host start from the network and waits until the boot service has seen it. */
export async function bootHost(work: HostWork): Promise<StageEnd> {
  const { effects, target, teller, signal } = work;
  const before = requireArmed(work);
  if (before.state !== 'armed') return { outcome: 'ok', evidence: `seen already: ${before.stage}` };
  const { evidence, asksPerson = false } = await effects.bootFromNetwork(target.host, signal);
  if (asksPerson)
    effects.say(`${target.host.name}: switch it on and let it start from the network`);
  let wokenAt = effects.now();
  const arming = await followArming(effects, before.order.id, {
    signal,
    teller,
    reached: ({ state, stage }) => state !== 'armed' || stage !== 'armed',
    onWait() {
      if (effects.now() - wokenAt < wakeAgainMs) return;
      wokenAt = effects.now();
      // Its trouble would be told a second time: the first attempt has said what there is to say.
      void effects.wakeAgain(target.host, signal).catch(() => {});
    },
  });
  work.arming = arming;
  return failedIn(arming) ?? { outcome: 'ok', evidence };
}

/** Follows a host until it reports that it is installed. */
export async function installHost(work: HostWork): Promise<StageEnd> {
  const { effects, target, teller, signal } = work;
  const { order } = requireArmed(work);
  let asked = '';
  const arming = await followArming(effects, order.id, {
    signal,
    teller,
    reached: ({ state }) => state === 'installed',
    onWait({ code, claimed }) {
      if (code === asked) return;
      asked = code;
      if (code !== '') effects.say(askForCode(target.host.name, claimed));
    },
  });
  work.arming = arming;
  return failedIn(arming) ?? { outcome: 'changed', evidence: `${order.profile} written` };
}

function failedIn(arming: Arming): StageEnd | undefined {
  return isLive(arming) || arming.state === 'installed' ? undefined : endOf(arming);
}

/** The code itself is not told: whoever types it must have stood before that PC. */
function askForCode(host: string, { uuid, serial }: Arming['claimed']): string {
  return `${host}: nobody registered which machine it is; one with serial number "${serial}", UUID "${uuid}" asks. Type the code on its screen: lab netboot bind ${host} CODE`;
}
