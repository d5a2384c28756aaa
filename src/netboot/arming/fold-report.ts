import type { Arming, ArmingEvent, BootProgress, TargetReport } from '../../model/boot.ts';
import { endArming } from './end-arming.ts';
import { plainLine, reachStage } from './reach-stage.ts';

const maximumFacts = 32;
const maximumHostKeys = 8;

/** What a live armed boot becomes by a report of its target. Nothing counts before the answers were read: nobody could know the session. */
export function foldReport(arming: Arming, event: Extract<ArmingEvent, { type: 'told' }>): Arming {
  if (arming.sessionHash === '') return arming;
  const { at, address, report } = event;
  const heard = {
    ...arming,
    heardAt: Math.max(arming.heardAt, at),
    address,
    told: mergeTold(arming.told, report.told),
  };
  switch (report.stage) {
    case 'kernel':
      return foldKernel(heard, at, report);
    case 'writing':
      return {
        ...reachStage(heard, 'writing', at, `told from ${address}`),
        state: 'writing',
        progress: laterProgress(arming.progress, report.progress),
      };
    case 'installed':
      return foldInstalled(heard, at, report);
    case 'failed':
      return endArming(heard, 'failed', {
        at,
        reason: report.reason || 'the PC told that its installation failed, and not why',
        hint: report.hint || 'its screen shows more',
      });
  }
}

/** A rescue system tells the key that it answers SSH with. */
function foldKernel(arming: Arming, at: number, { hostKeys = [] }: TargetReport): Arming {
  const reached = reachStage(arming, 'kernel', at, `told from ${arming.address}`);
  return hostKeys.length === 0
    ? reached
    : { ...reached, hostKeys: hostKeys.slice(0, maximumHostKeys) };
}

function foldInstalled(arming: Arming, at: number, report: TargetReport): Arming {
  const reached = reachStage(arming, 'installed', at, `told from ${arming.address}`);
  return {
    ...endArming(reached, 'installed', { at, reason: '', hint: '' }),
    hostKeys: (report.hostKeys ?? []).slice(0, maximumHostKeys),
    progress: laterProgress(arming.progress, report.progress),
  };
}

/** A report that was overtaken by a newer one does not turn the bar back. */
function laterProgress(known: BootProgress, told: BootProgress | undefined): BootProgress {
  return told && told.doneBytes >= known.doneBytes ? told : known;
}

/** Bounded: a stranger sent them. */
export function mergeTold(known: Arming['told'], told: TargetReport['told']): Arming['told'] {
  if (!told) return known;
  const lines = Object.entries(told).map(
    ([name, text]) => [plainLine(name), plainLine(text)] as const,
  );
  const merged = Object.fromEntries([...Object.entries(known), ...lines]);
  return Object.fromEntries(Object.entries(merged).slice(0, maximumFacts));
}
