import type { Sim } from '../sim/types.ts';

/** One measured execution of a contender's command. */
export interface Sample {
  readonly wallSeconds: number;
  /** User and system time of the command and of every process it waited for; the PCs' own work is not in it. */
  readonly cpuSeconds: number;
  /** Of the largest single process. */
  readonly peakMiB: number;
  readonly exitCode: number;
  /** What `inspect` read from the output. */
  readonly extra: Readonly<Record<string, number>>;
}

/** Something that is measured: a command of ours or of a peer. */
export interface Contender {
  readonly name: string;
  readonly argv: readonly string[];
  /** Peers' programs it uses; it is left out, loudly, where one is missing. */
  readonly needs?: readonly string[];
  /** Exit codes that mean it did its work; 0 alone when left out. */
  readonly exitCodes?: readonly number[];
  /** Untimed, before every execution. */
  readonly prepare?: () => Promise<void>;
  /** Untimed, after every execution: throws when the work was not done, else says what else was measured. */
  readonly inspect?: (stdout: string) => Promise<Readonly<Record<string, number>>>;
}

/** Medians over the rounds. */
export type Medians = Omit<Sample, 'exitCode'>;

/** A goal: a figure that may not exceed a limit. */
export interface Goal {
  readonly what: string;
  /** What was reached; undefined when something it needs was not measured. */
  readonly reached: (of: (contender: string) => Medians | undefined) => number | undefined;
  readonly atMost: number;
  readonly unit: 'x' | 's' | 'MiB' | 'hosts';
}

/** What a comparison is made of once its preparations are done. */
export interface Prepared {
  readonly contenders: readonly Contender[];
  readonly goals: readonly Goal[];
  /** Rounds are multiplied by this: for commands of some milliseconds. */
  readonly roundsTimes?: number;
  /** Said below the table. */
  readonly notes?: readonly string[];
}

/** One comparison; its file under `comparisons/` is named after it. */
export interface Comparison {
  readonly name: string;
  readonly title: string;
  prepare(bench: Bench): Promise<Prepared>;
}

/** What comparisons work with. */
export interface Bench {
  /** A folder of the benchmark's own, gone afterwards. */
  readonly scratch: string;
  readonly sim: Sim;
  readonly lab: LabCommand;
  readonly peers: PeerSetup;
  /** The Node that runs Labkit. */
  readonly nodePath: string;
  /** Gives the PCs a Python, which most of Ansible's modules need; once. */
  python(): Promise<void>;
  /** Raises further rooms; they end with the benchmark. */
  raise(pcs: number): Promise<Sim>;
  /** Closed after the comparison, last first. */
  defer(undo: () => Promise<void>): void;
}

/** Builds command lines of Labkit on a room. */
export interface LabCommand {
  /** The starter of the installed copy. */
  readonly path: string;
  on(sim: Sim, ...args: readonly string[]): string[];
}

/** What the peers' command lines need. */
export interface PeerSetup {
  readonly sshConfig: string;
  readonly ansibleInventory: string;
  /** Peers by command that are not installed; contenders that need one are left out. */
  readonly missing: ReadonlySet<string>;
}
