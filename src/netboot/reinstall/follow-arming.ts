import type { Arming, ArmingEvent } from '../../model/boot.ts';
import { isOver } from '../arming/end-arming.ts';
import { foldArming } from '../arming/fold-arming.ts';
import { isLive } from '../arming/open-arming.ts';
import type { ReinstallEffects } from './effects.ts';
import { judgeDelay } from './stage-limits.ts';

/** Tells the run what became known of one armed boot: each stage once, and how far it is with its disk. */
export interface Teller {
  tell(arming: Arming): void;
}

const pollMs = 200;
const progressMs = 1_000;

/** Opens the teller of a host; a stage that was told in this run is not told again. */
export function openTeller(effects: Pick<ReinstallEffects, 'emit' | 'now'>, host: string): Teller {
  const told = new Set<string>();
  let progressAt = 0;
  return {
    tell({ stages, stage: last, state, progress }) {
      for (const { stage, at, evidence } of stages) {
        if (told.has(stage)) continue;
        told.add(stage);
        const reachedAt = new Date(at).toISOString();
        effects.emit({ type: 'host.boot', host, stage, evidence, reachedAt });
      }
      const now = effects.now();
      if (state !== 'writing' || progress.totalBytes <= 0 || now - progressAt < progressMs) return;
      progressAt = now;
      effects.emit({
        type: 'host.boot',
        host,
        stage: last,
        evidence: '',
        progress: { ...progress },
      });
    },
  };
}

/** Adds what happened to an armed boot, in one transaction. */
export function note(
  effects: Pick<ReinstallEffects, 'armings'>,
  id: string,
  event: ArmingEvent,
): Arming {
  return effects.armings.update(id, (arming) => foldArming(arming, event));
}

/** Waits until an armed boot is as wanted, has come to its end, or is over its time, which is then its end; answers how it stands. `onWait` is called at every look. */
export async function followArming(
  effects: ReinstallEffects,
  id: string,
  wanted: {
    readonly signal: AbortSignal;
    readonly teller: Teller;
    reached(arming: Arming): boolean;
    onWait?(arming: Arming): void;
  },
): Promise<Arming> {
  const since = effects.now();
  let seen = -1;
  let arming: Arming | undefined;
  while (true) {
    const version = effects.armings.version();
    if (arming === undefined || version !== seen) arming = requireArming(effects, id);
    seen = version;
    wanted.teller.tell(arming);
    if (wanted.reached(arming) || !isLive(arming)) return arming;
    const now = effects.now();
    // Nobody could hear of a target while the service did not run.
    const listeningSince = await effects.listeningSince();
    const isLate = isOver(arming, now, listeningSince);
    const over = isLate ? ({ type: 'expired', at: now } as const) : undefined;
    const { limits } = effects;
    const late = judgeDelay(arming, { limits, now, since, listeningSince });
    const end =
      over ?? (late && { type: 'gave-up' as const, at: now, stage: arming.stage, ...late });
    if (end) arming = note(effects, id, end);
    else {
      wanted.onWait?.(arming);
      await effects.sleep(pollMs, wanted.signal);
    }
  }
}

function requireArming({ armings }: ReinstallEffects, id: string): Arming {
  const arming = armings.load(id);
  if (!arming) throw new Error(`the armed boot ${id} is gone from the store`);
  return arming;
}
