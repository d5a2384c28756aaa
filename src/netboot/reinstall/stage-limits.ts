import type { Arming, BootStage } from '../../model/boot.ts';
import { allowedSilenceMs } from '../arming/end-arming.ts';

/** How long each part of a reinstallation may take, milliseconds. */
export interface StageLimits {
  /** From one stage to the next, by the stage that was reached; `playbook`: for the profile's playbook itself. */
  readonly next: { readonly [S in BootStage]?: number };
  /** How long a target that writes and tells its progress may say nothing. */
  readonly silenceMs: number;
}

const minuteMs = 60_000;

/** Limits for a profile that usually takes so many minutes. A PC gets time for a slow self-test, a person for the way to it; a stage that is over its limit is a failure, never a wait. */
export function stageLimits(minutes: number): StageLimits {
  const whole = Math.max(15, 3 * minutes) * minuteMs;
  return {
    next: {
      armed: 15 * minuteMs,
      dhcp: 3 * minuteMs,
      loader: 3 * minuteMs,
      script: 15 * minuteMs,
      identity: 5 * minuteMs,
      kernel: 5 * minuteMs,
      answers: whole,
      writing: whole,
      installed: 10 * minuteMs,
      'os-up': 5 * minuteMs,
      proven: 5 * minuteMs,
      playbook: 120 * minuteMs,
    },
    silenceMs: 10 * minuteMs,
  };
}

/** The same limit for every stage, for tests and for the impatient; while it writes a host may not be silent for so long. */
export function evenLimits(ms: number): StageLimits {
  const { writing: _silence, ...next } = stageLimits(0).next;
  return {
    next: Object.fromEntries(Object.keys(next).map((stage) => [stage, ms])),
    silenceMs: ms,
  };
}

/** Why nobody waits for a host any longer, or undefined. `since` is when waiting began: what an earlier controller waited does not count; silence counts from `listeningSince` on only, when the boot service began to listen. */
export function judgeDelay(
  arming: Arming,
  {
    limits,
    now,
    since,
    listeningSince,
  }: {
    readonly limits: StageLimits;
    readonly now: number;
    readonly since: number;
    readonly listeningSince: number;
  },
): { readonly reason: string; readonly hint: string } | undefined {
  const { stage, stageAt, heardAt, state, code, progress } = arming;
  const limitMs = limits.next[stage];
  const waitedMs = now - Math.max(stageAt, since);
  const silentMs = now - Math.max(heardAt, since, listeningSince);
  // An installer tells that it begins and that it is done, and nothing between.
  const allowedMs =
    progress.totalBytes > 0
      ? limits.silenceMs
      : Math.max(limits.silenceMs, allowedSilenceMs(arming));
  if (state === 'writing' && silentMs > allowedMs)
    return {
      reason: `nothing was heard of it for ${minutesOf(silentMs)} while its disk was written`,
      hint: 'it was switched off, or lost its network: see its cable and power, then lab runs retry',
    };
  if (limitMs === undefined || waitedMs <= limitMs) return undefined;
  const hint =
    code === '' ? hints[stage] : 'type the code on its screen: lab netboot bind HOST CODE';
  return { reason: `${waits[stage]} within ${minutesOf(limitMs)}`, hint: hint ?? '' };
}

const waits: { readonly [S in BootStage]?: string } = {
  armed: 'it did not start from the network',
  dhcp: 'it had an address and asked for no boot loader',
  loader: 'its boot loader asked for no script',
  script: 'it did not begin with the script',
  identity: 'the deployment system did not start',
  kernel: 'it did not ask for its answers',
  answers: 'it did not begin to write, or did not report',
  writing: 'it was not installed',
  installed: 'the new system did not answer',
};

const hints: { readonly [S in BootStage]?: string } = {
  armed:
    'set the network first in its firmware, or choose network boot at the PC; see lab netboot status',
  dhcp: 'see that UDP 67, 69 and 4011 reach the boot service, and that Secure Boot fits the loader',
  loader: 'see that the HTTP port of the boot service is open for it',
  script: 'look at its screen',
  identity: 'look at its screen; its model may need another kernel',
  kernel: 'look at its screen',
  answers: 'look at its screen',
  writing: 'look at its screen',
  installed: 'look at its screen; is it set to start from its disk?',
};

/** A span of time for people. */
export function minutesOf(ms: number): string {
  return ms < 2 * minuteMs ? `${Math.round(ms / 1000)} s` : `${Math.round(ms / minuteMs)} min`;
}
