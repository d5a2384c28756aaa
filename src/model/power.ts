import type { Command } from './command.ts';
import type { Host } from './host.ts';
import type { OptionTable } from './options.ts';

/** What can be asked of a way to switch PCs. `netboot` makes the PC start from the network now, once. */
export const powerActions = ['on', 'off', 'reboot', 'status', 'netboot'] as const;
export type PowerAction = (typeof powerActions)[number];

/** Something to do outside of this pure description; whoever does it answers with a `PowerAnswer`. */
export type PowerDeed =
  /** A datagram to each of these broadcast or host addresses. */
  | {
      readonly kind: 'send';
      readonly payload: Uint8Array;
      readonly addresses: readonly string[];
      readonly port: number;
    }
  /** A command in a session on the host itself, as root. */
  | { readonly kind: 'ask'; readonly command: Command }
  /** A program of this machine, without a shell; secrets stand in files, never in `args`. */
  | { readonly kind: 'call'; readonly program: string; readonly args: readonly string[] };

/** What a deed came to. `exitCode` is 0 for datagrams that were sent, and null for a session that ended with the host. */
export interface PowerAnswer {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What comes next: a deed, or the end. `done` is the evidence in a sentence. */
export type PowerTurn =
  | { readonly deed: PowerDeed }
  | { readonly done: string; readonly state?: 'on' | 'off' }
  | { readonly failed: string; readonly hint: string };

/** What a way to switch PCs is told. */
export interface PowerContext<O> {
  readonly host: Host;
  readonly options: O;
  /** What its deeds came to so far, in their order. */
  readonly answers: readonly PowerAnswer[];
}

/** A way to switch PCs on and off: a conversation of deeds and answers, itself without effects. One file under catalog/power each. */
export interface Power<O> {
  /** The file's name, and what a host's variable `power` calls it. */
  readonly name: string;
  readonly summary: string;
  readonly options: OptionTable<O>;
  readonly actions: readonly PowerAction[];
  /** Decides the next turn; called again after each deed, until it is done or has failed. */
  turn(action: PowerAction, context: PowerContext<O>): PowerTurn;
}

/** A way whose option types are its own business. */
// biome-ignore lint/suspicious/noExplicitAny: a list of ways holds many option types; each is read by its own table
export type AnyPower = Power<any>;

/** Declares a way to switch PCs; exists so that the type is checked where it is written. */
export function definePower<O>(power: Power<O>): Power<O> {
  return power;
}
