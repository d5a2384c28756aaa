import type { Arming, BootStage } from '../../model/boot.ts';
import { LabError } from '../../model/lab-error.ts';
import type { WavePolicy } from '../../model/plan.ts';
import type { ReinstallEffects, ReinstallTarget } from './effects.ts';
import type { Teller } from './follow-arming.ts';

/** What a reinstallation is made from. */
export interface ReinstallWanted {
  readonly title: string;
  readonly run: string;
  /** Confirmed, in the order of the waves. */
  readonly targets: readonly ReinstallTarget[];
  readonly waves: WavePolicy;
  readonly forks: number;
  readonly expiresMs: number;
  /** How hosts stand that an earlier run, now gone on with, had armed; by name. */
  readonly earlier?: ReadonlyMap<string, Arming>;
  /** Digests of the rows as they would be planned now, by name: a host that is not armed yet must still be what was confirmed. */
  readonly present?: ReadonlyMap<string, string>;
}

/** What the steps of one host share. */
export interface HostWork {
  readonly target: ReinstallTarget;
  readonly effects: ReinstallEffects;
  readonly teller: Teller;
  readonly signal: AbortSignal;
  /** Set by the first step. */
  arming: Arming | undefined;
  /** Where the new system answers; set once it was found. */
  address: string;
}

/** What a stage came to on one host. */
export type StageEnd =
  | { readonly outcome: 'ok' | 'changed'; readonly evidence: string }
  | {
      readonly outcome: 'failed';
      readonly stage: BootStage;
      readonly reason: string;
      readonly hint: string;
    };

/** The armed boot of a host whose first step has run. */
export function requireArmed({ arming, target }: HostWork): Arming {
  if (arming) return arming;
  throw new LabError('failed', `${target.host.name} is not armed`);
}

/** How an armed boot that has come to its end is told. */
export function endOf({ state, stage, reason, hint }: Arming): StageEnd {
  const said = { expired: 'its time was over', disarmed: 'it was disarmed' } as const;
  const fallback = state === 'expired' || state === 'disarmed' ? said[state] : 'it failed';
  return { outcome: 'failed', stage, reason: reason || fallback, hint };
}
