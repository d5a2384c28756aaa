import type { Emit, PlayStats } from '../../model/event.ts';
import type { Host } from '../../model/host.ts';
import type { AnyModule, HostModule, Source, SourceWish } from '../../model/module.ts';
import type { HostMemory, MakeScope, RunMemory } from '../../model/play-scope.ts';
import type { PlayVars, Templar } from '../../model/play-value.ts';
import type { Task, VarsPrompt } from '../../model/playbook.ts';
import type { Vars } from '../../model/value.ts';
import type { HostWorker } from './hands.ts';
import type { Journal } from './journal.ts';

/** What a run knows, as the interpreter writes it. */
export type RunState = Omit<RunMemory, 'hosts' | 'groups'> & {
  readonly hosts: Map<string, HostMemory>;
  readonly groups: Map<string, readonly string[]>;
};

/** Waves asked for at the command line; they win over the play's `rings`. */
export interface Waves {
  /** Numbers or percentages such as `"30%"`; the last repeats. */
  readonly sizes: readonly (number | string)[];
  readonly maxFailed: number;
  /** A check suite each wave must pass before the next begins. */
  readonly suite?: string;
  /** Stop after the first wave. */
  readonly canaryOnly?: boolean;
}

/** What a health suite said of a wave. */
export interface GateVerdict {
  readonly passed: boolean;
  /** Hosts that did not pass, or why it could not be judged; one sentence. */
  readonly reason: string;
}

/** What a run of a playbook is given from outside. */
export interface PlayRim {
  readonly templar: Templar;
  readonly makeScope: MakeScope;
  /** The worker of a host, opened when first asked for. Called again for a host whose way in is another one (`remote_user`, `connection`). */
  openWorker(host: Host): HostWorker;
  /** Looks for a file of the controller below each folder (`FOLDER/files/NAME`, then `FOLDER/NAME`), nearest first; undefined when it is not there. */
  loadSource(wish: SourceWish, folders: readonly string[]): Promise<Source | undefined>;
  /** Variables of a file of `vars_files`; undefined when there is none. Throws LabError 'input' when it is no mapping. */
  readVarsFile(path: string): Promise<PlayVars | undefined>;
  /** Parses YAML or JSON of `include_vars`. */
  parseVars(source: { text: string; file: string }): Vars;
  /** The hosts of a pattern, limited as asked; throws LabError 'usage' when none is meant. */
  selectHosts(pattern: string): readonly Host[];
  readonly lock?: (host: Host) => Promise<AsyncDisposable>;
  judgeSuite?(suite: string, hosts: readonly Host[]): Promise<GateVerdict>;
  readonly journal: Journal;
  /** A call that was begun and of which nobody knows the end, and which may not simply be done again. Default: fail. */
  askInDoubt?(host: string, task: Task): Promise<'redo' | 'skip' | 'fail'>;
  readonly emit: Emit;
  /** Milliseconds of a clock that never goes back. */
  now(): number;
  /** Milliseconds since 1970. */
  nowMs(): number;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** Aborted by the second Ctrl-C: ends what is running. */
  readonly signal: AbortSignal;
  /** Aborted by the first Ctrl-C: nothing new is begun. */
  readonly stop: AbortSignal;
  /** Answers a question of `vars_prompt`; undefined where there is no terminal (then the fallback is taken). */
  prompt?(question: VarsPrompt): Promise<string | undefined>;
  /** `--step`: whether to run the task, or everything from here on. */
  chooseStep?(task: string): Promise<'yes' | 'no' | 'continue'>;
  /** The module as a job that goes on by itself on the host for so long at most (`async` with `poll: 0`): it answers at once with a job id. */
  leaveRunning?(module: HostModule, limitSeconds: number): HostModule;
  /** What `gather_facts` runs. */
  readonly setup?: AnyModule;
  readonly forks: number;
  /** A text that never repeats within the run. */
  nonce(): string;
  /** Texts that must not be shown, such as become passwords and what came from a vault. */
  secrets?(): readonly string[];
  /** A number from 0 up to 1, for `order: shuffle`. */
  random?(): number;
  readonly waves?: Waves;
  readonly tags?: readonly string[];
  readonly skipTags?: readonly string[];
  readonly startAtTask?: string;
  /** `--force-handlers`. */
  readonly forceHandlers?: boolean;
}

/** What a run came to. */
export interface PlayTotals {
  readonly outcome: 'finished' | 'cancelled';
  /** Hosts by their worst outcome. */
  readonly totals: { readonly [outcome: string]: number };
  readonly stats: { readonly [host: string]: PlayStats };
  /** As ansible-playbook would exit: 0, 2 when hosts failed, 4 when hosts were lost. */
  readonly exitCode: number;
  /** Hosts that failed for nothing but another run's lock. */
  readonly refused: readonly string[];
  /** Why plays or batches were not begun. */
  readonly stopped?: string;
  /** What was thrown that nobody foresaw: bugs of ours. */
  readonly bugs: readonly unknown[];
}
