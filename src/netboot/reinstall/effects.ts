import type { Arming, ArmingStore } from '../../model/boot.ts';
import type { Emit } from '../../model/event.ts';
import type { Host } from '../../model/host.ts';
import type { ReinstallRow } from './plan-rows.ts';
import type { StageLimits } from './stage-limits.ts';

/** What an attempt from outside came to: evidence in a sentence, or why not; `unanswered` where no system said anything and nothing was begun, so that it may be asked again. */
export type Attempt =
  | { readonly evidence: string }
  | { readonly reason: string; readonly hint: string; readonly unanswered?: boolean };

/** How a PC was made to start from the network; `asksPerson` when somebody has to do it at the PC. */
export interface BootAttempt {
  readonly evidence: string;
  readonly asksPerson?: boolean;
}

/** One host of a reinstallation: what was confirmed, and how it is reached. */
export interface ReinstallTarget {
  readonly row: ReinstallRow;
  readonly host: Host;
}

/** Everything a reinstallation touches outside of itself. */
export interface ReinstallEffects {
  readonly armings: ArmingStore;
  /** Milliseconds since 1970. */
  now(): number;
  /** Since when the boot service that runs now hears of targets (milliseconds since 1970); the present while none runs. */
  listeningSince(): Promise<number>;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** Unique; the rows, tokens and callbacks of one armed boot hang on it. */
  newId(): string;
  readonly emit: Emit;
  /** Says something to the person at the terminal that stays in sight. */
  say(text: string): void;
  /** Makes the PC start from the network now: over SSH where a system runs, else by its power setting, else by asking a person. Throws only for what is no trouble of the host. */
  bootFromNetwork(host: Host, signal: AbortSignal): Promise<BootAttempt>;
  /** Wakes it again where that is harmless: a packet may be lost. */
  wakeAgain(host: Host, signal: AbortSignal): Promise<void>;
  /** Where cards with these MAC addresses were seen: leases, neighbours. */
  findAddresses(macs: readonly string[]): Promise<readonly string[]>;
  /** Replaces what known_hosts says of the host by the keys that came with the session secret of its installation. */
  trustHostKeys(host: Host, keys: readonly string[]): Promise<void>;
  /** Opens and closes a session with the new system. */
  reachSystem(host: Host, address: string, signal: AbortSignal): Promise<Attempt>;
  /** Asks the new system whether it is what was promised. */
  prove(wish: ProofWish, signal: AbortSignal): Promise<Attempt>;
  /** Runs the profile's playbook on it. */
  play(wish: ProofWish, signal: AbortSignal): Promise<Attempt>;
  readonly limits: StageLimits;
}

/** A new system that is to be proven, or finished by a playbook. */
export interface ProofWish {
  readonly host: Host;
  readonly row: ReinstallRow;
  readonly arming: Arming;
  /** Where it answers. */
  readonly address: string;
}
