import type { Arming, BootStage } from '../../model/boot.ts';
import type { Attempt } from './effects.ts';
import { note } from './follow-arming.ts';
import { type HostWork, requireArmed, type StageEnd } from './host-work.ts';
import { minutesOf } from './stage-limits.ts';
import { withinLimit } from './within-limit.ts';

const tryAgainMs = 1_000;
type Found = Extract<BootStage, 'os-up' | 'proven' | 'playbook' | 'done'>;

/** Finds the new system by its host key, wherever it answers: the firmware and the new system may have been given two addresses. */
export async function findSystem(work: HostWork): Promise<StageEnd> {
  const { effects, target, signal } = work;
  const { host } = target;
  const arming = requireArmed(work);
  if (arming.stage === 'done') return { outcome: 'ok', evidence: 'done already' };
  // Whoever answers at its address could be anybody: an old system, another PC.
  if (arming.hostKeys.length === 0)
    return failedAt(work, 'os-up', {
      reason: 'it told no host key, so that nobody can say which system answers',
      hint: 'look at the screen of the PC; lab runs retry installs it again',
    });
  const limitMs = effects.limits.next.installed ?? 0;
  const trusted = await withinLimit(limitMs, signal, async () => {
    await effects.trustHostKeys(host, arming.hostKeys);
    return { evidence: 'known_hosts' };
  });
  if (!trusted) return failedAt(work, 'os-up', lateAt('os-up', limitMs));
  const since = effects.now();
  let last: Attempt;
  do {
    last = await lookInTime(work, limitMs);
    if ('evidence' in last) return reached(work, 'os-up', last.evidence);
    await effects.sleep(tryAgainMs, signal);
  } while (effects.now() - since <= limitMs);
  return failedAt(work, 'os-up', {
    reason: `the new system was not reached: ${last.reason}`,
    hint: last.hint || 'look at its screen; does it start from its disk?',
  });
}

async function lookInTime(work: HostWork, limitMs: number): Promise<Attempt> {
  const found = await withinLimit(limitMs, work.signal, (inTime) => lookFor(work, inTime));
  return found ?? lateAt('os-up', limitMs);
}

/** Tries every address that the new system may have, once, and keeps the one where it answered. */
async function lookFor(work: HostWork, signal: AbortSignal): Promise<Attempt> {
  const { effects, target } = work;
  const { host, row } = target;
  let last: Attempt = { reason: 'it has no address', hint: '' };
  const found = await effects.findAddresses(row.macs);
  const known = [...found, requireArmed(work).address, host.connection.address, host.ip];
  for (const address of new Set(known.filter((each) => each !== ''))) {
    last = await effects.reachSystem(host, address, signal);
    signal.throwIfAborted();
    if (!('evidence' in last)) continue;
    work.address = address;
    return { evidence: `SSH at ${address} with the host key of its installation` };
  }
  return last;
}

/** Asks the new system itself whether it is what was promised. */
export async function proveSystem(work: HostWork): Promise<StageEnd> {
  if (requireArmed(work).stage === 'done') return { outcome: 'ok', evidence: 'done already' };
  return attempt(work, 'proven', (wish, signal) => work.effects.prove(wish, signal));
}

/** Runs the profile's playbook, if it has one; then the host is done. */
export async function playSystem(work: HostWork): Promise<StageEnd> {
  const { playbook } = work.target.row;
  if (requireArmed(work).stage === 'done') return { outcome: 'ok', evidence: 'done already' };
  if (playbook !== '') {
    const end = await attempt(work, 'playbook', (wish, signal) => work.effects.play(wish, signal));
    if (end.outcome === 'failed') return end;
  }
  return reached(work, 'done', playbook === '' ? 'proven; the profile has no playbook' : 'proven');
}

type Ask = HostWork['effects']['prove'];

/** Asks until somebody answers: a system that has just come up may start its SSH server anew, or take another address. What it answers counts at once. */
async function attempt(work: HostWork, stage: 'proven' | 'playbook', ask: Ask): Promise<StageEnd> {
  const { effects, target, signal } = work;
  const { next } = effects.limits;
  const limitMs = next[stage === 'proven' ? 'os-up' : 'proven'] ?? 0;
  const wholeMs = stage === 'proven' ? limitMs : (next.playbook ?? 0);
  const since = effects.now();
  while (true) {
    const { address } = work;
    const wish = { ...target, arming: requireArmed(work), address };
    const inTime = await withinLimit(wholeMs, signal, (until) => ask(wish, until));
    const said = inTime ?? lateAt(stage, wholeMs);
    // Whoever was cut off has judged nothing.
    signal.throwIfAborted();
    if ('evidence' in said) return reached(work, stage, said.evidence);
    if (!said.unanswered || effects.now() - since > limitMs) return failedAt(work, stage, said);
    await effects.sleep(tryAgainMs, signal);
    await lookInTime(work, limitMs);
  }
}

/** What is said of a part that did not come to an end in its time. */
function lateAt(stage: 'os-up' | 'proven' | 'playbook', limitMs: number): Failure {
  const [what, hint] = lateWords[stage];
  return { reason: `${what} within ${minutesOf(limitMs)}`, hint };
}

type Failure = Extract<Attempt, { readonly reason: string }>;

const lateWords = {
  'os-up': ['nobody could look for the new system', 'is this machine busy, or its disk full?'],
  proven: ['its proof did not come to an end', 'lab check HOST --suite installed shows what hangs'],
  playbook: ['its playbook did not come to an end', 'lab play runs it again and shows what hangs'],
} as const;

function reached(work: HostWork, stage: Found, evidence: string): StageEnd {
  keep(
    work,
    note(work.effects, requireArmed(work).order.id, {
      ...{ type: 'found', at: work.effects.now(), stage, evidence },
    }),
  );
  return { outcome: 'ok', evidence };
}

function failedAt(
  work: HostWork,
  stage: Found,
  why: { readonly reason: string; readonly hint: string },
): StageEnd {
  const { reason, hint } = why;
  keep(
    work,
    note(work.effects, requireArmed(work).order.id, {
      ...{ type: 'gave-up', at: work.effects.now(), stage, reason, hint },
    }),
  );
  return { outcome: 'failed', stage, reason, hint };
}

function keep(work: HostWork, arming: Arming): void {
  work.arming = arming;
  work.teller.tell(arming);
}
