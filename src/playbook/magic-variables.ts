import type { Host } from '../model/host.ts';
import type { PlayMemory, RunMemory, ScopeParts } from '../model/play-scope.ts';
import { makeLazy, type PlayValue } from '../model/play-value.ts';
import type { Role, Task } from '../model/playbook.ts';
import type { Layer } from './layers.ts';

type Reading<T> = { readonly [name: string]: (from: T) => PlayValue | undefined };

/** The Ansible whose behaviour is followed; roles ask for it to refuse versions that are too old. */
export const followedVersion = '2.14.18';

const [major, minor, revision] = followedVersion.split('.').map(Number);

const ofRun: Reading<RunMemory> = {
  groups: ({ groups }) =>
    makeLazy(
      (name) => groups.get(name),
      () => [...groups.keys()],
    ),
  omit: ({ omit }) => omit,
  ansible_version: () => ({
    full: followedVersion,
    major: major ?? 0,
    minor: minor ?? 0,
    revision: revision ?? 0,
    string: followedVersion,
  }),
  ansible_check_mode: ({ checkMode }) => checkMode,
  ansible_diff_mode: ({ diffMode }) => diffMode,
  ansible_forks: ({ forks }) => forks,
  ansible_verbosity: ({ verbosity }) => verbosity,
  ansible_run_tags: ({ tags }) => (tags.length > 0 ? tags : ['all']),
  ansible_skip_tags: ({ skipTags }) => skipTags,
  ansible_limit: ({ limit }) => (limit === '' ? undefined : limit),
  ansible_inventory_sources: ({ inventoryFiles }) => inventoryFiles,
  ansible_config_file: () => null,
};

const ofPlay: Reading<PlayMemory> = {
  ansible_play_name: ({ play }) => play.name ?? play.hosts,
  ansible_play_hosts_all: ({ hosts, allHosts }) => allHosts ?? hosts,
  ansible_play_hosts: ({ hosts }) => hosts,
  ansible_play_batch: ({ batch }) => batch,
  play_hosts: ({ batch }) => batch,
  role_names: ({ play }) => directRoles(play.roles),
  ansible_play_role_names: ({ play }) => directRoles(play.roles),
  ansible_dependent_role_names: ({ play }) => dependentRoles(play.roles),
  ansible_role_names: ({ play }) => [...new Set(play.roles.map(({ name }) => name))],
};

const ofRole: Reading<Role> = {
  role_name: ({ name }) => name.slice(name.lastIndexOf('.') + 1),
  ansible_role_name: ({ name }) => name,
  role_path: ({ path }) => path,
  ansible_parent_role_names: ({ parents }) => nearestFirst(parents),
  ansible_parent_role_paths: ({ parentPaths = [] }) => nearestFirst(parentPaths),
};

const ofTask: Reading<Task> = {
  environment: ({ keywords }) => keywords.environment,
};

/** Lowest of all: how a task reaches its host, where no variable says so. */
export function connectionLayer(host: Host, task: Task | undefined): Layer {
  const values: Reading<Task | undefined> = {
    ansible_host: () => host.name,
    ansible_user: (of) => of?.keywords.remoteUser,
    ansible_port: (of) => of?.keywords.port,
  };
  return {
    get: (name) => readFrom(values, task, name),
    names: () => namesFrom(values, task),
  };
}

/** What Ansible itself says about run, play, role and task; beats every variable of that name. */
export function magicLayer({ run, play, task }: Omit<ScopeParts, 'host'>): Layer {
  const role = task?.role;
  return {
    get: (name) =>
      readFrom(ofRun, run, name) ??
      (name === 'playbook_dir' ? play.playbookFolder : undefined) ??
      readFrom(ofPlay, play, name) ??
      (role && readFrom(ofRole, role, name)) ??
      (task && readFrom(ofTask, task, name)),
    names: () => [
      ...namesFrom(ofRun, run),
      'playbook_dir',
      ...namesFrom(ofPlay, play),
      ...(role ? namesFrom(ofRole, role) : []),
      ...(task ? namesFrom(ofTask, task) : []),
    ],
  };
}

/** The same without play and task, as `hostvars` shows it. */
export function plainMagicLayer(run: RunMemory, play: PlayMemory): Layer {
  return {
    get: (name) => (name === 'playbook_dir' ? play.playbookFolder : readFrom(ofRun, run, name)),
    names: () => ['playbook_dir', ...namesFrom(ofRun, run)],
  };
}

interface Placed {
  readonly host: Host;
  readonly run: RunMemory;
}

const ofHost: Reading<Placed> = {
  inventory_hostname: ({ host }) => host.name,
  inventory_hostname_short: ({ host }) => host.name.split('.')[0] ?? host.name,
  group_names: ({ host }) => host.groups,
  inventory_file: (placed) => fileOf(placed),
  inventory_dir: (placed) => folderOf(fileOf(placed)),
};

/** What the inventory says of a host by itself; has the rank of inventory variables. */
export function hostMagicLayer(placed: Placed): Layer {
  return {
    get: (name) => readFrom(ofHost, placed, name),
    names: () => namesFrom(ofHost, placed),
  };
}

function readFrom<T>(readings: Reading<T>, from: T, name: string): PlayValue | undefined {
  return Object.hasOwn(readings, name) ? readings[name]?.(from) : undefined;
}

function namesFrom<T>(readings: Reading<T>, from: T): string[] {
  return Object.keys(readings).filter((name) => readFrom(readings, from, name) !== undefined);
}

function nearestFirst(parents: readonly string[]): readonly string[] | undefined {
  return parents.length > 0 ? parents.toReversed() : undefined;
}

function directRoles(roles: readonly Role[]): readonly string[] {
  return roles.filter(({ parents }) => parents.length === 0).map(({ name }) => name);
}

function dependentRoles(roles: readonly Role[]): readonly string[] {
  return [...new Set(roles.filter(({ parents }) => parents.length > 0).map(({ name }) => name))];
}

function fileOf({ host, run }: Placed): string | undefined {
  const file = host.at.file.replace(/^(?:\.\/)+/, '');
  if (file === '') return undefined;
  if (file.startsWith('/')) return file;
  return run.inventoryFiles.find((known) => known === file || known.endsWith(`/${file}`)) ?? file;
}

function folderOf(file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  const slash = file.lastIndexOf('/');
  return slash > 0 ? file.slice(0, slash) : slash === 0 ? '/' : '.';
}
