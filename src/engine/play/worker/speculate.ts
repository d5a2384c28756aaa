import type { HostModule, Probes } from '../../../model/module.ts';
import type { CallQueue, ReadyCall } from '../hands.ts';
import { isPerforming, withPredictions } from './call-kinds.ts';
import { keyOf } from './prefetched.ts';
import type { Answer } from './read-looks.ts';
import type { Look } from './turn.ts';
import type { Workshop } from './workshop.ts';

/** The probes of a call as looks, in their order. */
export function looksOf({ call }: ReadyCall, probes: Probes): Look[] {
  return Object.values(probes).map((probe) => ({ probe, environment: call.environment }));
}

/** Answers looks from what was asked ahead, else by one round trip that also asks for the following calls. */
export async function askLooks(
  shop: Workshop,
  ready: ReadyCall,
  wanted: readonly Look[],
  queue: CallQueue | undefined,
): Promise<Answer[]> {
  const user = ready.becomeUser;
  const known = wanted.map((look) => shop.prefetched.take(user, look));
  if (known.every((entry) => entry !== undefined)) return known.map((entry) => entry.answer);
  const ahead = queue === undefined ? [] : looksAhead(shop, ready, queue);
  const shell = await shop.shell(user);
  for (let tries = 0; ; tries++) {
    const { looks, places } = merge(user, [...wanted, ...ahead]);
    const { answers, again } = await shell.run({ looks });
    const mine = places.slice(0, wanted.length);
    if (tries < 3 && mine.some((place) => again.has(place))) continue;
    keepAhead(shop, user, ahead, places.slice(wanted.length), { answers, again });
    return mine.map((place, index) =>
      again.has(place) ? restless(wanted[index]) : answers[place],
    );
  }
}

/** A path that gave no steady answer: it comes and goes, or the host has no `stat`. */
function restless(look: Look | undefined): Answer {
  const path = look?.probe.kind === 'path' ? look.probe.path : '';
  return { path, barred: 'cannot be looked at (it changes all the time, or stat is missing)' };
}

/** Keeps the answers for following calls. */
export function keepAhead(
  shop: Workshop,
  user: string | undefined,
  ahead: readonly Look[],
  places: readonly number[],
  { answers, again }: { answers: readonly Answer[]; again: ReadonlySet<number> },
): void {
  for (const [index, look] of ahead.entries()) {
    const place = places[index] ?? -1;
    if (!again.has(place)) shop.prefetched.put(user, look, answers[place]);
  }
}

/** Asks each thing once; `places` says where the answer of each look is found. */
export function merge(
  user: string | undefined,
  all: readonly Look[],
): { looks: Look[]; places: number[] } {
  const looks: Look[] = [];
  const byKey = new Map<string, number>();
  const places = all.map((look) => {
    const key = keyOf(user, look);
    const found = byKey.get(key) ?? looks.push(look) - 1;
    byKey.set(key, found);
    return found;
  });
  return { looks, places };
}

/** Bytes of file contents that may be asked for ahead in one turn. */
const mostContent = 8 * 1024 * 1024;

/** The first looks of the calls after the present one, as far as nothing between can change what they see. */
export function looksAhead(shop: Workshop, ready: ReadyCall, queue: CallQueue): Look[] {
  const ahead: Look[] = [];
  let content = 0;
  for (let n = 1; n < shop.window.size(); n++) {
    const next = queue.peek(n);
    if (next === undefined || isPerforming(next.module) || !next.module.isLocal) break;
    if (next.becomeUser !== ready.becomeUser) break;
    const planned = firstPlan(shop, next, next.module);
    if (planned === undefined || (planned.kind === 'act' && !next.call.checkMode)) break;
    if (planned.kind !== 'ask') continue;
    const looks = looksOf(next, planned.probes);
    content += looks.reduce(
      (sum, { probe }) => sum + (probe.kind === 'path' ? (probe.contentUpTo ?? 0) : 0),
      0,
    );
    if (content > mostContent) break;
    ahead.push(...looks);
  }
  return ahead;
}

/** A call that cannot even be inspected yet shows its trouble when it is its turn. */
function firstPlan(shop: Workshop, next: ReadyCall, module: HostModule) {
  try {
    return module.inspect(next.args, withPredictions(shop.predictions, next.call));
  } catch {
    return undefined;
  }
}
