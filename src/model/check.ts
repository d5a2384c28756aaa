import type { Command } from './command.ts';
import type { ReachReason } from './connection.ts';
import type { Host } from './host.ts';
import type { OptionTable } from './options.ts';
import type { Judgement } from './plan.ts';

export type Family = 'linux' | 'windows';

/** What a probe printed; text is decoded (UTF-8, else GB18030), newlines at the end removed. */
export interface ProbeOutput {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
  /** True when the probe was stopped after its time limit on the host. */
  readonly timedOut: boolean;
  /** Controller's clock, milliseconds since 1970: when the probes were sent, and when this probe's output was complete. */
  readonly sentAtMs: number;
  readonly receivedAtMs: number;
}

/** A host's probe beside its judgement, for comparing hosts. */
export interface FleetRow {
  readonly host: Host;
  readonly judgement: Judgement;
}

/** Why there was no session, or why it was lost before the probes answered. */
export interface LostSession {
  readonly reason: ReachReason;
  readonly message: string;
  readonly hint: string;
}

/** A health check: a read-only probe per family of systems and a pure judge. */
export interface Check<O> {
  /** The file's name. */
  readonly name: string;
  /** One sentence. */
  readonly summary: string;
  readonly options: OptionTable<O>;
  /** The probe's script; it never changes anything on the host. */
  readonly probe: { readonly [F in Family]?: (options: O, host: Host) => Command };
  /** The probe sees more as root; it is run through sudo without password when the login allows it. */
  readonly wantsRoot?: boolean;
  /** Seconds after which the host itself stops the probe; default 20. */
  readonly limitSeconds?: number;
  /** 'first': its answer is timed, so it runs before all others; 'beside': it mostly waits, so it runs while the others do. */
  readonly turn?: 'first' | 'beside';
  /** Judges the session itself instead of a probe's output; such a check has no probe. */
  judgeSession?(lost: LostSession | undefined, options: O, host: Host): Judgement;
  /** Judges what the probe printed. Only called when it ended by itself; never answers 'pass' without evidence. */
  judge(output: ProbeOutput, options: O, host: Host): Judgement;
  /** Compares all hosts that were judged; returns the judgements that change, by host name. */
  compare?(rows: readonly FleetRow[], options: O): ReadonlyMap<string, Judgement>;
}

/** A check whose option types are its own business. */
// biome-ignore lint/suspicious/noExplicitAny: a list of checks holds many option types; each is read by its own table
export type AnyCheck = Check<any>;

/** Declares a check; exists so that the type is checked where the check is written. */
export function defineCheck<O>(check: Check<O>): Check<O> {
  return check;
}
