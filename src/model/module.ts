import type { ArgTable } from './arguments.ts';
import type { Command } from './command.ts';
import type { FileRendering } from './play-value.ts';
import type { Value, Vars } from './value.ts';

/** What a path on a host is. `path` is absolute, with `~` and variables worked out there. */
export interface PathState {
  readonly path: string;
  readonly kind:
    | 'absent'
    | 'file'
    | 'directory'
    | 'link'
    | 'hard'
    | 'fifo'
    | 'socket'
    | 'char'
    | 'block';
  /** Permission bits, 0 to 0o7777. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Empty when the host knows no name for the id. */
  readonly owner: string;
  readonly group: string;
  readonly size: number;
  readonly inode: number;
  readonly device: number;
  readonly links: number;
  /** Seconds since 1970, with fractions where the host gives them. */
  readonly mtime: number;
  readonly atime: number;
  readonly ctime: number;
  /** What a symbolic link says, and where it leads in the end ('' when broken). */
  readonly target: string;
  readonly realPath: string;
  /** Hex digest, where one was asked for and it is a regular file that can be read. */
  readonly checksum: string;
  /** The bytes of a regular file, where they were asked for and are not more than asked for. */
  readonly content?: Uint8Array;
  /** True for a state that check mode predicts and nobody looked at. */
  readonly predicted?: true;
}

export interface UserState {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly group: string;
  readonly comment: string;
  readonly home: string;
  readonly shell: string;
  /** Supplementary groups, sorted. */
  readonly groups: readonly string[];
  readonly predicted?: true;
}

export interface GroupState {
  readonly name: string;
  readonly gid: number;
  readonly members: readonly string[];
  readonly predicted?: true;
}

/** What a script left: text is decoded (UTF-8, else kept as latin-1), bytes as they came. */
export interface Ran {
  /** 128 + signal for a killed one; 124 after `timeoutSeconds`. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly stdoutBytes: Uint8Array;
  /** Instants of the host's clock, seconds since 1970, and how long it took there as the shell saw it. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** How far the host's own time of day is ahead of UTC. */
  readonly utcOffsetMinutes?: number;
}

/** Looks at a path. Probes change nothing on the host; all probes of a task travel together. */
export interface PathProbe {
  readonly kind: 'path';
  readonly path: string;
  /** Look at what a symbolic link leads to. */
  readonly follow?: boolean;
  readonly checksum?: 'sha1' | 'sha256' | 'sha512' | 'sha224' | 'sha384' | 'md5';
  /** Also read the file when it has at most so many bytes. */
  readonly contentUpTo?: number;
}
export interface UserProbe {
  readonly kind: 'user';
  readonly name: string;
}
export interface GroupProbe {
  readonly kind: 'group';
  readonly name: string;
}
export interface ScriptProbe {
  readonly kind: 'script';
  readonly command: Command;
}

/** The answers to named probes. */
export type Found<P> = {
  readonly [K in keyof P]: P[K] extends PathProbe
    ? PathState
    : P[K] extends UserProbe
      ? UserState | undefined
      : P[K] extends GroupProbe
        ? GroupState | undefined
        : P[K] extends ScriptProbe
          ? Ran
          : never;
};
export type AnyProbe = PathProbe | UserProbe | GroupProbe | ScriptProbe;
export type Probes = { readonly [name: string]: AnyProbe };

export const probePath = (
  path: string,
  more: Omit<PathProbe, 'kind' | 'path'> = {},
): PathProbe => ({
  kind: 'path',
  path,
  ...more,
});
export const probeUser = (name: string): UserProbe => ({ kind: 'user', name });
export const probeGroup = (name: string): GroupProbe => ({ kind: 'group', name });
export const probeScript = (command: Command): ScriptProbe => ({ kind: 'script', command });

/** A file of the controller that a task sends. Read once for all hosts. */
export interface SourceFile {
  /** Absolute, on the controller. */
  readonly path: string;
  readonly size: number;
  readonly mode: number;
  /** Seconds since 1970. */
  readonly mtime: number;
  readonly sha1: string;
  /** Whole content of files up to 1 MiB. */
  readonly content?: Uint8Array;
}

/** A folder of the controller that a task sends: paths are relative to it, folders before what is in them. */
export interface SourceTree {
  readonly path: string;
  readonly folders: readonly { readonly path: string; readonly mode: number }[];
  readonly files: readonly (SourceFile & { readonly relative: string })[];
}
export type Source = SourceFile | SourceTree;

/** Bytes for a host: given, or those of a file of the controller. */
export type Content = { readonly bytes: Uint8Array } | { readonly source: SourceFile };

/** Something done on a host. Actions of one step run in order in one go; the first that fails (exit code not 0) ends it. */
export type Action = ScriptAction | UploadAction;

/** Runs a script in a shell of its own, standard input closed. */
export interface ScriptAction {
  readonly kind: 'script';
  readonly command: Command;
  readonly stdin?: Uint8Array;
  readonly timeoutSeconds?: number;
  /** An exit code other than 0 does not end the step. */
  readonly mayFail?: boolean;
}

/** Brings bytes into a new file (mode 0600) that later scripts of the same step know as `$NAME`; it is removed after the step when it is still there. */
export interface UploadAction {
  readonly kind: 'upload';
  /** A shell variable of the scripts that follow, such as `lab_new`. */
  readonly variable: string;
  readonly content: Content;
  /** Beside this path, so that it can be moved into its place; else in the host's temporary folder. */
  readonly beside?: string;
}

/** What check mode knows would be there by now. */
export type Prediction =
  | { readonly path: string; readonly state: Partial<PathState> & Pick<PathState, 'kind'> }
  | { readonly user: string; readonly state: UserState | undefined }
  | { readonly group: string; readonly state: GroupState | undefined }
  /** Anything else by a word of its own, such as `package:vim` or `service:cups`. */
  | { readonly thing: string; readonly present: boolean };

/** One difference as Ansible shows it; binary or large contents are left out with the reason. */
export interface Diff {
  readonly before?: string;
  readonly after?: string;
  readonly beforeHeader?: string;
  readonly afterHeader?: string;
  /** Shown as it is instead (what `prepared` is to Ansible). */
  readonly prepared?: string;
}

/** What a task on a host came to, in Ansible's words; `values` are the module's own return values. */
export interface ModuleResult {
  readonly changed: boolean;
  readonly failed?: boolean;
  readonly skipped?: boolean;
  readonly msg?: string;
  readonly values?: Vars;
  /** Become `ansible_facts` of the host. */
  readonly facts?: Vars;
  readonly diff?: readonly Diff[];
  readonly warnings?: readonly string[];
  /** What was altered, for people and the logbook; never a secret. */
  readonly changes?: readonly string[];
}

/** The end of a task. */
export interface Done {
  readonly kind: 'done';
  readonly result: ModuleResult;
  readonly predict?: readonly Prediction[];
}
/** What must be altered. In check mode nothing of it is done: `expected` is reported and `predict` remembered. */
export interface Act {
  readonly kind: 'act';
  readonly actions: readonly Action[];
  readonly expected: ModuleResult;
  readonly predict?: readonly Prediction[];
  /** Reads what the actions left (one `Ran` for each that ran, scripts and uploads alike). */
  read(ran: readonly Ran[]): Planned;
}
/** Another look before it can be decided. */
export interface Ask<P extends Probes = Probes> {
  readonly kind: 'ask';
  readonly probes: P;
  plan(found: Found<P>): Planned;
}
export type Planned = Done | Act | Ask;

/** Ends a task with its result. */
export function done(result: ModuleResult, predict?: readonly Prediction[]): Done {
  return { kind: 'done', result, ...(predict && { predict }) };
}

/** Probes further; exists so that the types of what is found follow the probes. */
export function ask<const P extends Probes>(probes: P, plan: (found: Found<P>) => Planned): Ask {
  return { kind: 'ask', probes, plan: plan as Ask['plan'] };
}

/** What a module knows beside its arguments. */
export interface Call {
  readonly host: string;
  readonly checkMode: boolean;
  readonly diffMode: boolean;
  /** What runs the task on the host: the become user, else the login user when it is known. */
  readonly user: string | undefined;
  /** Files the module's `sources` asked for; undefined for one that is not there. */
  readonly sources: { readonly [name: string]: Source | undefined };
  /** Renders text of a file with the task's variables (the `template` module); `names` are seen before those. */
  renderFile(
    source: { text: string; file: string; names?: { readonly [name: string]: string } },
    settings?: FileRendering,
  ): string;
  /** Whether check mode predicts a thing such as `package:vim`; undefined when nothing is known. */
  predicted(thing: string): boolean | undefined;
  /** True when check mode predicted any thing that begins so, such as `package:`. */
  predictsAny(prefix: string): boolean;
  /** The variables as a template sees them, rendered; undefined for undefined ones. */
  variable(name: string): Value | undefined;
  /** A number of the run that never repeats, for names of temporary and backup files. */
  readonly nonce: string;
  /** The controller's clock, milliseconds since 1970. */
  nowMs(): number;
  /** The task's environment, rendered. */
  readonly environment: { readonly [name: string]: string };
}

/** A file of the controller a module needs, looked for as Ansible does: in the role's and the playbook's folder of that name, then beside them. */
export interface SourceWish {
  readonly path: string;
  readonly folder: 'files' | 'templates' | 'vars' | 'tasks';
  /** A folder may be meant. */
  readonly tree?: boolean;
  /** May be missing. */
  readonly optional?: boolean;
  /** A file that ansible-vault encrypted is wanted as it is, not what it holds. */
  readonly sealed?: boolean;
}

/** The collections whose modules Labkit has, by the names playbooks use. */
export type Collection = 'ansible.builtin' | 'ansible.posix' | 'community.general';

interface ModuleBase<A> {
  /** The file's name and Ansible's short name. */
  readonly name: string;
  readonly collection: Collection;
  /** Other short names playbooks know it by, such as `systemd_service`. */
  readonly aliases?: readonly string[];
  /** One sentence. */
  readonly summary: string;
  readonly args: ArgTable<A>;
  /** The argument that free text after the module's name goes to (`command: ls -l`). */
  readonly freeForm?: keyof A & string;
  /** Any further arguments are allowed (`set_fact`, `add_host`); they come in `call.extra`. */
  readonly takesExtra?: boolean;
  /** Problems between arguments, as sentences; called at load for those that are no templates (others are undefined then) and again before the task. */
  check?(args: A, isRendered: (name: keyof A & string) => boolean): readonly string[];
}

/** A module that looks at a host, decides, and alters what must be altered. */
export interface HostModule<A = unknown> extends ModuleBase<A> {
  /**
   * Touches and reads nothing beyond its own host, so that it may share a round trip with its neighbours while other hosts are elsewhere in the segment. False for what other
   * hosts may notice or provide: programs anybody wrote (`command`), services, firewalls, mounts, downloads. Those are done in lock step.
   */
  readonly isLocal: boolean;
  /** Doing it twice is not the same as once (`command`): a run that was cut off there asks. */
  readonly repeats?: false;
  sources?(args: A): { readonly [name: string]: SourceWish };
  inspect(args: A, call: Call): Planned;
}

/** What a module that minds its own round trips may do on its host. */
export interface Hands {
  /** Carries a plan out to its end (in check mode: up to its first act). */
  follow(planned: Planned): Promise<ModuleResult>;
  run(command: Command, options?: { stdin?: Uint8Array; timeoutSeconds?: number }): Promise<Ran>;
  read(path: string): AsyncIterable<Uint8Array>;
  /** Writes a file below a folder of the controller; answers whether it changed (`fetch`). Checks by sha1; whole or not at all. */
  save(path: string, content: AsyncIterable<Uint8Array>): Promise<{ sha1: string; size: number }>;
  /** sha1 of a file of the controller; undefined when there is none. */
  sha1Here(path: string): Promise<string | undefined>;
  /** Ends the session; the next use opens a new one. */
  disconnect(): Promise<void>;
  /** One attempt to open a session; false with the reason while the host is out of reach. */
  reach(timeoutSeconds: number): Promise<{ reached: boolean; reason: string }>;
  sleep(ms: number): Promise<void>;
  /** Asks the person at the terminal and waits for Enter; undefined where there is no terminal. */
  prompt(question: string, echo: boolean): Promise<string | undefined>;
}

/** A module that needs several turns, sleeps or leaves the host meanwhile (`reboot`, `wait_for_connection`, `fetch`). */
export interface PerformingModule<A = unknown> extends ModuleBase<A> {
  readonly repeats?: false;
  /** Runs once for all hosts of the batch (`pause`). */
  readonly once?: true;
  sources?(args: A): { readonly [name: string]: SourceWish };
  perform(args: A, call: Call, hands: Hands): Promise<ModuleResult>;
}

/** What a module does to the run itself. */
export interface PlayEffects {
  /** `set_fact`: variables of the host. */
  readonly setFacts?: Vars;
  readonly addHost?: {
    readonly name: string;
    readonly groups: readonly string[];
    readonly vars: Vars;
  };
  readonly groupBy?: { readonly key: string; readonly parents: readonly string[] };
  readonly includeVars?: Vars;
  readonly meta?: string;
}

/** A module of the controller: decides from its arguments alone, and no session is opened for it (`debug`, `set_fact`). */
export interface ControllerModule<A = unknown> extends ModuleBase<A> {
  /** Runs once for all hosts of the batch (`add_host`). */
  readonly once?: true;
  sources?(args: A): { readonly [name: string]: SourceWish };
  /** `extra` holds the arguments beyond the table; `judge` judges a condition with the task's variables (`assert`, `fail`). */
  decide(
    args: A,
    call: Call & {
      readonly extra: Vars;
      judge(condition: Value): boolean;
      /** Parses YAML or JSON text of a file into variables (`include_vars`). */
      parseVars(source: { text: string; file: string }): Vars;
    },
  ): ModuleResult & { readonly effects?: PlayEffects };
}

export type Module<A> = HostModule<A> | PerformingModule<A> | ControllerModule<A>;

// biome-ignore lint/suspicious/noExplicitAny: a list of modules holds many argument types; each is read by its own table
export type AnyModule = Module<any>;

/** Declares a module; exists so that its types are checked where it is written. */
export function defineModule<A>(module: Module<A>): Module<A> {
  return module;
}
