import type { PlayStats } from '../../model/event.ts';
import type { Source } from '../../model/module.ts';
import type { HostMemory, PlayMemory } from '../../model/play-scope.ts';
import type { Entry, LoadInclude, Play, Role, Task } from '../../model/playbook.ts';
import type { PlayRim, RunState } from './rim.ts';
import type { Workers } from './workers.ts';

/** Where a task stands among blocks. */
export interface Place {
  /** A failure here is taken over by a `rescue` of this or an outer block. */
  readonly isRescuable: boolean;
  readonly part: 'block' | 'rescue' | 'always';
}

/** One line of the recap while it is counted. */
export type Counts = { -readonly [K in keyof PlayStats]: PlayStats[K] };

/**
 * Where a host stands: `in` takes part; `failed` leaves the block it is in; `ended` is through by its own will (`end_host`, `end_play`);
 * `stopped` is held back because of others; `lost` could not be reached.
 */
export type Standing = 'in' | 'failed' | 'ended' | 'stopped' | 'lost';

/** One host in one batch of a play. */
export interface HostRun {
  readonly name: string;
  readonly memory: HostMemory;
  readonly counts: Counts;
  standing: Standing;
  /** What templates see of the play here, where a file of variables depends on the host. */
  play?: PlayMemory;
  /** Uses of roles that were ended here (`meta: end_role`). */
  readonly ended: Set<Role>;
  /** How often each task has run here, for the journal. */
  readonly occurrences: Map<string, number>;
  /** Uses of roles of which a task ran here, by what Ansible takes for the same use. */
  readonly roles: Map<string, Role>;
}

/** What holds for all plays of a run. */
export interface WholeRun {
  readonly rim: PlayRim;
  readonly state: RunState;
  readonly workers: Workers;
  readonly loadInclude: LoadInclude;
  readonly counts: Map<string, Counts>;
  /** Hosts that failed or were lost: later plays go without them. */
  readonly failed: Set<string>;
  readonly lost: Set<string>;
  /** Hosts that another run has locked. */
  readonly refused: Set<string>;
  /** Files of the controller that were asked for, by wish and folders. */
  readonly sources: Map<string, Promise<Source | undefined>>;
  readonly found: Map<string, Source | undefined>;
  /** Facts that templates of any play may look at. */
  readonly factNames: ReadonlySet<string> | 'all';
  /** What changes while the run goes on. */
  readonly progress: {
    /** `--start-at-task` was not met yet. */
    isBeforeStart: boolean;
    /** `--step` asks before each task, until the answer is "continue". */
    asksSteps: boolean;
  };
  /** Task names already announced under the same id get a number. */
  readonly announced: Map<string, number>;
}

/** Takes hosts through tasks and blocks. */
export type Walk = (
  run: PlayRun,
  entries: readonly Entry[],
  hosts: readonly HostRun[],
  place: Place,
) => Promise<void>;

/** One batch of one play at work. */
export interface PlayRun extends WholeRun {
  readonly play: Play;
  readonly memory: PlayMemory;
  /** Counts from 1. */
  readonly batch: number;
  readonly hosts: readonly HostRun[];
  /** In the order they are run; includes may add some. */
  readonly handlers: Task[];
  readonly notified: Map<Task | string, Set<string>>;
  /** Roles included with `public`, whose variables the play's own tasks see from then on. */
  readonly publicRoles: Role[];
  /** Hosts that left by `end_host`: templates no longer count them among the play's. */
  readonly left: Set<string>;
  /** Why the play was broken off for all; later plays do not start. */
  broken: string | undefined;
  /** `end_play` or `end_batch` was met. */
  ends: 'play' | 'batch' | undefined;
  readonly bugs: unknown[];
  /** Takes hosts through tasks and blocks; handed in, for includes and handlers come back to it. */
  readonly walk: Walk;
  /** Hosts of the play that had failed or were lost before this batch. */
  readonly badBefore: number;
}

/** The recap; a host nothing was done on is not in it. */
export function statsOf(counts: Iterable<readonly [string, Counts]>): {
  readonly [host: string]: PlayStats;
} {
  const counted = [...counts].filter(([, own]) => Object.values(own).some((count) => count > 0));
  return Object.fromEntries(counted.map(([name, own]) => [name, { ...own }]));
}

export function makeCounts(): Counts {
  return { ok: 0, changed: 0, unreachable: 0, failures: 0, skipped: 0, rescued: 0, ignored: 0 };
}

/** Whether nothing new may be begun any more. */
export function isStopped({ rim }: WholeRun): boolean {
  return rim.stop.aborted || rim.signal.aborted;
}

/** What templates on a host see of the play. */
export function playOf(run: PlayRun, host: HostRun): PlayMemory {
  return host.play ?? run.memory;
}

/** The hosts that still take part. */
export function stillIn(hosts: readonly HostRun[]): HostRun[] {
  return hosts.filter(({ standing }) => standing === 'in');
}
