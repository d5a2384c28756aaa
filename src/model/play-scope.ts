import type { Host } from './host.ts';
import type { PlayVars, Scope, Templar } from './play-value.ts';
import type { Play, Role, Task } from './playbook.ts';
import type { Position } from './problem.ts';
import type { Vars } from './value.ts';

/** What a run of a playbook knows of one host. The engine writes it, templates read it through a scope. */
export interface HostMemory {
  /** Its `vars` were written by people and may hold templates. `add_host` and `group_by` replace it. */
  host: Host;
  /** `ansible_facts`, without the prefix `ansible_`; data from the host. */
  facts: Vars;
  /** `set_fact` that is not a fact, and `register`: data. Later ones win over one another by time. */
  setFacts: Vars;
  /** `include_vars`: written by people. */
  includedVars: PlayVars;
}

/** What holds for a whole run. */
export interface RunMemory {
  readonly hosts: ReadonlyMap<string, HostMemory>;
  /** Members of each group, all levels, in inventory order; with `all` and `ungrouped`. Changes with `add_host` and `group_by`. */
  readonly groups: ReadonlyMap<string, readonly string[]>;
  readonly extraVars: PlayVars;
  readonly checkMode: boolean;
  readonly diffMode: boolean;
  readonly tags: readonly string[];
  readonly skipTags: readonly string[];
  readonly limit: string;
  readonly forks: number;
  readonly verbosity: number;
  readonly inventoryFiles: readonly string[];
  /** The inventory's variables of a host, as if it were in these groups too (`add_host`, `group_by`). */
  readonly variablesWithin?: (host: string, groups: readonly string[]) => Vars;
  /** What `omit` stands for: a text that nobody can guess. An argument with this value is left out. */
  readonly omit: string;
  /** Renders what `hostvars` gives with the variables of the host it belongs to; without it, templates in there are given as written. */
  readonly templar?: Templar;
  /** Opens a `!vault` value of the inventory; throws LabError 'input' when no password fits. Absent: no password was given. */
  readonly decrypt?: (vaultText: string, at: Position | undefined) => string;
}

/** What holds for one play. */
export interface PlayMemory {
  readonly play: Play;
  /** Folder of the playbook, absolute. */
  readonly playbookFolder: string;
  /** Loaded `vars_files`, in order. */
  readonly varsFiles: readonly PlayVars[];
  readonly prompts: PlayVars;
  /** All hosts of the play, without those that failed before it; and those of the present batch that are still in. */
  readonly hosts: readonly string[];
  /** All hosts of the play, with those that are lost by now (`ansible_play_hosts_all`); absent: the same as `hosts`. */
  readonly allHosts?: readonly string[];
  readonly batch: readonly string[];
  /** Roles whose defaults and vars the play's own tasks see: those of `roles:`, and public includes, in order. */
  readonly roles: readonly Role[];
}

/** Everything a name can be looked up in. */
export interface ScopeParts {
  readonly run: RunMemory;
  readonly host: HostMemory;
  readonly play: PlayMemory;
  readonly task?: Task;
  /** Above everything but extra variables: loop variables, `ansible_loop`, `ansible_failed_task`, `ansible_failed_result`, include parameters. */
  readonly local?: PlayVars;
  /** Names that an unfinished task before this one will set: looking one up throws PendingValue. */
  readonly pending?: ReadonlySet<string>;
}

/** Thrown when a value is not known yet because the task that sets it has not run. */
export class PendingValue extends Error {
  constructor(variable: string) {
    super(`${variable} is not known yet`);
    this.name = 'PendingValue';
  }
}

/** Makes the scope of one task on one host, in Ansible's order of precedence. */
export type MakeScope = (parts: ScopeParts) => Scope;
