import type { AnyModule } from './module.ts';
import type { Condition, PlayValue, PlayVars } from './play-value.ts';
import type { Position, Problem } from './problem.ts';

/** A playbook as it was understood: imports resolved, keywords inherited, modules found, everything literal checked. */
export interface Playbook {
  readonly file: string;
  readonly plays: readonly Play[];
}

/** One play. Values that may hold templates are PlayValue, rendered when the play starts. */
export interface Play {
  /** Counts from 1 within the playbook. */
  readonly index: number;
  readonly at: Position;
  readonly name?: PlayValue;
  readonly hosts: PlayValue;
  readonly order: 'inventory' | 'sorted' | 'reverse_sorted' | 'reverse_inventory' | 'shuffle';
  readonly strategy: 'linear' | 'free';
  /** Undefined: gather, as Ansible does by default. */
  readonly gatherFacts?: PlayValue;
  readonly gatherSubset?: PlayValue;
  readonly gatherTimeout?: PlayValue;
  readonly factPath?: PlayValue;
  /** Variables that templates anywhere in the play may look at as facts; lets facts be gathered only as far as needed. */
  readonly factNames: ReadonlySet<string> | 'all';
  readonly vars: PlayVars;
  readonly varsFiles: readonly VarsFile[];
  readonly varsPrompt: readonly VarsPrompt[];
  /** Batch sizes: numbers, percentages as `"30%"`, the last repeats; empty: all at once. */
  readonly serial: PlayValue;
  readonly maxFailPercentage?: PlayValue;
  readonly anyErrorsFatal: boolean;
  readonly forceHandlers: boolean;
  readonly throttle?: PlayValue;
  /** Labkit's own: wave sizes as in `serial`, with a health suite between them. */
  readonly rings?: Rings;
  /** Keywords that hold for everything in the play, such as `become`. */
  readonly keywords: Keywords;
  readonly roles: readonly Role[];
  readonly sections: readonly Section[];
  readonly handlers: readonly Task[];
}

/** `rings:` of a play: waves with a gate between them. */
export interface Rings {
  readonly sizes: readonly PlayValue[];
  /** A check suite that every host of a wave must pass before the next begins. */
  readonly suite?: string;
  /** The run stops when more hosts than this failed or were lost. */
  readonly maxFailed: number;
}

/** Tasks with their own run of handlers at the end. */
export interface Section {
  readonly name: 'pre_tasks' | 'tasks' | 'post_tasks';
  readonly entries: readonly Entry[];
}

/** A file of variables: the first of `names` that is there; `vars` is known when its name was no template. */
export interface VarsFile {
  readonly names: readonly PlayValue[];
  readonly at: Position;
}

/** A question before the play. */
export interface VarsPrompt {
  readonly name: string;
  readonly prompt: string;
  readonly private: boolean;
  readonly confirm: boolean;
  readonly fallback?: PlayValue;
  readonly encrypt?: string;
}

/** Keywords as they hold for one task: from play, role, blocks and the task itself, the nearest winning, lists joined. */
export interface Keywords {
  readonly become?: PlayValue;
  readonly becomeUser?: PlayValue;
  readonly becomeMethod?: PlayValue;
  readonly becomeFlags?: PlayValue;
  readonly remoteUser?: PlayValue;
  readonly port?: PlayValue;
  readonly connection?: PlayValue;
  /** From the outermost in; later ones win by name. */
  readonly environment: readonly PlayValue[];
  readonly noLog?: PlayValue;
  readonly checkMode?: PlayValue;
  readonly diff?: PlayValue;
  readonly ignoreErrors?: PlayValue;
  readonly ignoreUnreachable?: PlayValue;
  readonly anyErrorsFatal?: PlayValue;
  readonly delegateTo?: PlayValue;
  readonly delegateFacts?: PlayValue;
  readonly runOnce?: PlayValue;
  readonly throttle?: PlayValue;
  readonly timeout?: PlayValue;
  /** By the module's canonical name. */
  readonly moduleDefaults: ReadonlyMap<string, PlayVars>;
  /** All must hold, from the outermost in. */
  readonly when: readonly Condition[];
  readonly tags: readonly string[];
  /** Variables of blocks and of the task, from the outermost in; later ones win. */
  readonly vars: readonly PlayVars[];
}

/** A block or a task. */
export type Entry = Task | Block;

/** A block: its keywords have already gone down to its entries. */
export interface Block {
  readonly kind: 'block';
  readonly id: string;
  readonly name?: PlayValue;
  readonly at: Position;
  readonly block: readonly Entry[];
  readonly rescue: readonly Entry[];
  readonly always: readonly Entry[];
}

/** One task. Its arguments were checked as far as they are no templates. */
export interface Task {
  readonly kind: 'task';
  /** Stable within the playbook: the same file gives the same ids (resume relies on it). */
  readonly id: string;
  readonly name?: PlayValue;
  readonly at: Position;
  /** As Ansible names it in full, such as `ansible.builtin.copy`. */
  readonly action: string;
  /** The module's name as it is written; what an unnamed task is called. */
  readonly written?: string;
  readonly does: Work;
  readonly keywords: Keywords;
  readonly loop?: Loop;
  readonly register?: string;
  readonly changedWhen: readonly Condition[];
  readonly failedWhen: readonly Condition[];
  readonly until: readonly Condition[];
  readonly retries?: PlayValue;
  readonly delay?: PlayValue;
  readonly async?: PlayValue;
  readonly poll?: PlayValue;
  readonly notify: readonly PlayValue[];
  /** Topics a handler listens to. */
  readonly listen: readonly string[];
  readonly role?: Role;
  /** The folder of the file it is written in: where sources beside it are looked for. */
  readonly folder: string;
  /** Only run on a flush of handlers. */
  readonly isHandler?: true;
}

/** What a task does. */
export type Work =
  | {
      readonly kind: 'module';
      readonly module: AnyModule;
      readonly args: PlayVars /** `args: "{{ dict }}"`: merged under the written ones. */;
      readonly argsTemplate?: PlayValue;
    }
  | { readonly kind: 'meta'; readonly what: MetaWord }
  | { readonly kind: 'include_tasks'; readonly file: PlayValue; readonly apply: ApplyKeywords }
  | {
      readonly kind: 'include_role';
      readonly role: PlayValue;
      readonly tasksFrom?: PlayValue;
      readonly varsFrom?: PlayValue;
      readonly defaultsFrom?: PlayValue;
      readonly handlersFrom?: PlayValue;
      readonly public: boolean;
      readonly apply: ApplyKeywords;
    };

export type MetaWord =
  | 'flush_handlers'
  | 'end_play'
  | 'end_batch'
  | 'end_host'
  | 'end_role'
  | 'clear_facts'
  | 'clear_host_errors'
  | 'reset_connection'
  | 'refresh_inventory'
  | 'noop';

/** `apply:` of an include: keywords for what is included, as written. */
export type ApplyKeywords = unknown;

/** `loop`, or one of the `with_` forms. */
export interface Loop {
  readonly kind:
    | 'loop'
    | 'items'
    | 'dict'
    | 'list'
    | 'fileglob'
    | 'first_found'
    | 'sequence'
    | 'together'
    | 'nested'
    | 'subelements'
    | 'indexed_items'
    | 'flattened'
    | 'lines'
    | 'random_choice'
    | 'file';
  readonly value: PlayValue;
  readonly loopVar: string;
  readonly indexVar?: string;
  readonly label?: PlayValue;
  readonly pause?: PlayValue;
  readonly extended: boolean;
  readonly at: Position;
}

/** One use of a role. */
export interface Role {
  readonly name: string;
  /** Absolute. */
  readonly path: string;
  readonly defaults: PlayVars;
  readonly vars: PlayVars;
  /** Given where it is used: `- role: x` with further words, or `vars:` there. */
  readonly params: PlayVars;
  /** `vars:` beside its name where it is used; below `vars`, as in Ansible. Absent: none, or already in `params`. */
  readonly entryVars?: PlayVars;
  /** Roles it is a dependency of or included by, the outermost first; for `ansible_parent_role_names`. */
  readonly parents: readonly string[];
  /** Folders of those roles, in which files are looked for as well. */
  readonly parentPaths?: readonly string[];
  /** Equal for uses that Ansible takes for one: a host for which a task of one of them ran passes the others by. Uses that can be told to be the same at load are there once already. Absent where a role may run again. */
  readonly onceKey?: string;
  /** The same roles themselves: their variables are visible in its tasks, too. Absent: found by name among the play's. */
  readonly parentRoles?: readonly Role[];
  /** All roles it depends on, in the order they run; their variables are visible in its tasks. Absent: found among the play's. */
  readonly dependencies?: readonly Role[];
}

/** What an include brings in while the play runs. */
export interface Included {
  readonly entries: readonly Entry[];
  readonly handlers: readonly Task[];
  readonly roles: readonly Role[];
}

/** Reads what an include names, when its name is known. Throws LabError 'input' with all problems of the file. */
export type LoadInclude = (
  include: Task,
  rendered: {
    readonly file?: string;
    readonly role?: string;
    readonly tasksFrom?: string;
    readonly varsFrom?: string;
    readonly defaultsFrom?: string;
    readonly handlersFrom?: string;
  },
) => Promise<Included>;

/** A playbook with everything found wrong in it; run only when no problem is an error. */
export interface LoadedPlaybook {
  readonly playbook: Playbook;
  readonly problems: readonly Problem[];
  readonly loadInclude: LoadInclude;
  /** Every file that was read, for coverage and `--syntax-check -v`. */
  readonly files: readonly string[];
}
