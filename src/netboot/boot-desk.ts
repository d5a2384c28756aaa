import type { Arming, ArmingStore } from '../model/boot.ts';
import { admitCard } from './arming/admit-card.ts';
import { isOver } from './arming/end-arming.ts';
import { foldArming } from './arming/fold-arming.ts';
import { isLive } from './arming/open-arming.ts';
import type { BootDesk, BootDeskEffects, Seen } from './boot-desk-types.ts';
import { answerMenuRegister, answerMenuReinstall } from './desk/answer-menu.ts';
import { answerIdentify, answerScript } from './desk/answer-script.ts';
import { answerFile, answerImage, answerJob, answerReport } from './desk/answer-target.ts';
import { apply, type Desk, note } from './desk/promise.ts';

/** Opens the desk at which PCs that boot are served: see `BootDesk`. */
export function openBootDesk(effects: BootDeskEffects): BootDesk {
  const openedAt = effects.now();
  const desk: Desk = { effects, openedAt, promised: new Map() };
  const notice: BootDesk['notice'] = async (who, stage, evidence) => {
    const arming = await findSeen(effects, who);
    if (arming) apply(desk, arming, { type: 'seen', at: effects.now(), stage, evidence });
  };
  return {
    greet: (mac, address) => notice({ mac, address }, 'loader', `asked from ${address}`),
    script: (requester, network) => answerScript(desk, requester, network),
    identify: (requester) => answerIdentify(desk, requester),
    job: (token, nonce, requester) => answerJob(desk, token, nonce, requester),
    answers: (token, name, address) => answerFile(desk, token, name, address),
    report: async (session, report, address) => answerReport(desk, session, report, address),
    authorizeImage: (session, address) => answerImage(desk, session, address),
    menuReinstall: (requester, network, pin) => {
      expireArmings(effects.store, effects.now(), openedAt);
      return answerMenuReinstall(desk, requester, network, pin);
    },
    menuRegister: (requester, wish) => answerMenuRegister(desk, requester, wish),
    notice,
    expire: () => expireArmings(effects.store, effects.now(), openedAt),
    refuse: (address, mac, what, reason) => note(desk, { what, address, mac }, reason),
  };
}

/** The live armed boot of whom something was seen of. Where the neighbour table knows the address, its card decides; an address alone may have been another PC's a moment ago. */
async function findSeen(
  { store, neighbourMac }: BootDeskEffects,
  { mac = '', address = '' }: Seen,
): Promise<Arming | undefined> {
  const card = address === '' ? '' : await neighbourMac(address);
  if (card === '' && mac === '')
    return store
      .list('live')
      .find((arming) => [arming.address, arming.tokenAddress].includes(address));
  const arming = store.findByMac(mac || card);
  if (!arming || !isLive(arming)) return undefined;
  return admitCard(card, arming.order.macs) ? arming : undefined;
}

/** Ends what ran out of time (`now` and since when somebody listens to targets, in milliseconds since 1970). */
export function expireArmings(store: ArmingStore, now: number, listeningSince: number): void {
  for (const arming of store.list('live')) {
    if (!isOver(arming, now, listeningSince)) continue;
    store.update(arming.order.id, (current) => foldArming(current, { type: 'expired', at: now }));
  }
}

/** Binds the PC that shows a code to the host it was armed for, for a person (`who`) who names both; undefined where no live armed boot of this host shows this code. */
export function bindByCode(
  store: ArmingStore,
  typed: { readonly host: string; readonly code: string; readonly who: string },
  now: number,
): Arming | undefined {
  const code = typed.code.trim().toUpperCase();
  const shown = store.list('live').find(({ order }) => order.host === typed.host);
  if (!shown || code === '') return undefined;
  // By the code again: the PC may have asked anew, and another may show one, in the meantime.
  let isBound = false;
  const bound = store.update(shown.order.id, (current) => {
    if (current.code !== code) return current;
    const next = foldArming(current, { type: 'bound', at: now, who: typed.who });
    isBound = isLive(next);
    return next;
  });
  return isBound ? bound : undefined;
}
