import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ReinstallEffects } from '../../netboot/reinstall/effects.ts';
import { evenLimits, stageLimits } from '../../netboot/reinstall/stage-limits.ts';
import { replaceHostKeys } from '../../transport/replace-host-keys.ts';
import type { Stage } from '../conduct-run.ts';
import type { Context } from '../context.ts';
import { openDeeds } from '../power/do-deed.ts';
import { bootFromNetwork, wakeAgain } from './boot-host.ts';
import { findAddresses } from './find-addresses.ts';
import { listeningSince } from './listening-since.ts';
import type { PlayProfile } from './play-profile.ts';
import type { Prove } from './prove-system.ts';
import { reachSystem } from './reach-system.ts';

/** Joins everything a reinstallation touches outside of itself. */
export function openEffects(
  context: Context,
  stage: Stage,
  parts: {
    readonly prove: Prove;
    readonly play: PlayProfile;
    /** Minutes that the slowest profile usually takes. */
    readonly minutes: number;
    readonly stageMs?: number;
  },
): ReinstallEffects {
  const { io, settings } = context;
  const doDeed = openDeeds(stage.connect);
  const { stageMs } = parts;
  return {
    armings: stage.store.armings,
    now: io.now,
    listeningSince: () => listeningSince(settings.stateFolder, io.now()),
    sleep: (ms, signal) => sleep(ms, undefined, { signal }),
    newId: () => randomBytes(12).toString('hex'),
    emit: stage.emit,
    say: stage.say,
    bootFromNetwork: (host, signal) => bootFromNetwork(io, host, { doDeed, signal }),
    wakeAgain: (host, signal) => wakeAgain(io, host, { doDeed, signal }),
    findAddresses: (macs) => findAddresses(settings, macs),
    trustHostKeys: ({ name }, keys) =>
      replaceHostKeys(join(settings.stateFolder, 'known_hosts'), name, keys),
    reachSystem: (host, address, signal) => reachSystem(context, host, address, signal),
    prove: parts.prove,
    play: parts.play,
    limits: stageMs === undefined ? stageLimits(parts.minutes) : evenLimits(stageMs),
  };
}
