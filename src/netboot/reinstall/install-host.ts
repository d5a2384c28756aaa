import type { Arming } from '../../model/boot.ts';
import { foldArming } from '../arming/fold-arming.ts';
import { isLive } from '../arming/open-arming.ts';
import { followArming } from './follow-arming.ts';
import { endOf, type HostWork, requireArmed, type StageEnd } from './host-work.ts';
import { minutesOf } from './stage-limits.ts';
import { withinLimit } from './within-limit.ts';

const wakeAgainMs = 20_000;
/** Longer than most self-tests of PCs: what was woken and is not seen by then is looked after. */
const unseenMs = 60_000;

/** Makes a host start from the network and waits until the boot service has seen it. */
export async function bootHost(work: HostWork): Promise<StageEnd> {
  const { effects, target, teller, signal } = work;
  const before = requireArmed(work);
  if (before.state !== 'armed') return { outcome: 'ok', evidence: `seen already: ${before.stage}` };
  const limitMs = effects.limits.next.armed ?? 0;
  const attempt = await withinLimit(limitMs, signal, (inTime) =>
    effects.bootFromNetwork(target.host, inTime),
  );
  if (!attempt) giveUpStart(work, limitMs);
  else if (attempt.asksPerson)
    effects.say(`${target.host.name}: switch it on and let it start from the network`);
  const arming = await followArming(effects, before.order.id, {
    signal,
    teller,
    reached: ({ state, stage }) => state !== 'armed' || stage !== 'armed',
    onWait: joinWaits(wakeNowAndThen(work), sendPerson(work, attempt?.asksPerson === true)),
  });
  work.arming = arming;
  const evidence = attempt?.evidence ?? 'it started by itself';
  return failedIn(arming) ?? { outcome: 'ok', evidence };
}

/** Nobody waits for a way that hangs; a PC that has started meanwhile all the same goes on. */
function giveUpStart(work: HostWork, limitMs: number): void {
  const { effects } = work;
  const isUnseen = ({ state, stage }: Arming) => state === 'armed' && stage === 'armed';
  const reason = `what makes it start from the network did not come to an end within ${minutesOf(limitMs)}`;
  const hint = 'try it by hand: lab power status, then lab runs retry';
  effects.armings.update(requireArmed(work).order.id, (arming) => {
    if (!isUnseen(arming)) return arming;
    const at = effects.now();
    return foldArming(arming, { type: 'gave-up', at, stage: 'armed', reason, hint });
  });
}

function joinWaits(...waits: readonly (() => void)[]): () => void {
  return () => {
    for (const wait of waits) wait();
  };
}

/** A magic packet that nobody heard, or a boot order with the disk first: a person at the PC sees which. Told once. */
function sendPerson({ effects, target }: HostWork, isAsked: boolean): () => void {
  const since = effects.now();
  let isSent = isAsked;
  return () => {
    if (isSent || effects.now() - since < unseenMs) return;
    isSent = true;
    effects.say(
      `${target.host.name}: not seen on the network yet: switch it on at its button, and see that it starts from the network first`,
    );
  };
}

/** One at a time: a way that hangs is not tried a second time beside itself. */
function wakeNowAndThen({ effects, target, signal }: HostWork): () => void {
  let wokenAt = effects.now();
  let isWaking = false;
  return () => {
    if (isWaking || effects.now() - wokenAt < wakeAgainMs) return;
    wokenAt = effects.now();
    isWaking = true;
    void effects
      .wakeAgain(target.host, signal)
      // Its trouble would be told a second time: the first attempt has said what there is to say.
      .catch(() => {})
      .finally(() => {
        isWaking = false;
      });
  };
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
