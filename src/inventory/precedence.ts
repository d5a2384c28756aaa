import { ancestorsOf, type DraftGroup, type DraftHost } from './draft.ts';
import type { Assignment, InventoryFile } from './raw.ts';

/** Variables in effect, by name. */
export type Effective = ReadonlyMap<string, Assignment>;

/** What the files of group_vars/ or host_vars/ set, in the order in which later ones win. */
export interface VarsFile {
  readonly role: Exclude<InventoryFile['role'], { kind: 'source' }>;
  readonly assignments: readonly Assignment[];
}

/** Files of group_vars/ and host_vars/, by the name of the group or host they are for. */
export interface VarsLayers {
  readonly groups: ReadonlyMap<string, readonly VarsFile[]>;
  readonly hosts: ReadonlyMap<string, readonly VarsFile[]>;
  /** The folders group_vars/ and host_vars/ lie in; what a later one says wins. */
  readonly bases: readonly string[];
}

/** Orders groups from those that lose to those that win: by depth, then priority, then name. */
function sortGroups(groups: Iterable<DraftGroup>): DraftGroup[] {
  return [...groups].sort(
    (a, b) => a.depth - b.depth || a.priority - b.priority || (a.name < b.name ? -1 : 1),
  );
}

/** All groups a host is in, without `all`. */
export function groupsOf(host: DraftHost): Set<DraftGroup> {
  const groups = new Set(host.groups);
  for (const group of host.groups) for (const above of ancestorsOf(group)) groups.add(above);
  for (const group of groups) if (group.name === 'all') groups.delete(group);
  return groups;
}

/**
 * What a host gets from its groups. Ansible's order, low to high: inline variables of `all`, inline variables of groups, group_vars/all, group_vars of
 * groups; of files beside inventories first, beside the playbook second.
 */
export function layerGroups(
  all: DraftGroup,
  groups: Iterable<DraftGroup>,
  { groups: files, bases }: VarsLayers,
): Effective {
  const effective = new Map<string, Assignment>();
  const sorted = sortGroups(groups);
  for (const group of [all, ...sorted]) assign(effective, group.assignments);
  for (const members of [[all], sorted])
    for (const isBesidePlaybook of [false, true])
      assignFiles(
        effective,
        members.map(({ name }) => files.get(name) ?? []),
        bases,
        isBesidePlaybook,
      );
  return effective;
}

/** What a host ends up with: its groups' variables under its own, and its host_vars over those. */
export function layerHost(host: DraftHost, below: Effective, layers: VarsLayers): Effective {
  const effective = new Map(below);
  assign(effective, host.assignments);
  const files = layers.hosts.get(host.name);
  if (files)
    for (const isBesidePlaybook of [false, true])
      assignFiles(effective, [files], layers.bases, isBesidePlaybook);
  return effective;
}

function assignFiles(
  effective: Map<string, Assignment>,
  members: readonly (readonly VarsFile[])[],
  bases: readonly string[],
  isBesidePlaybook: boolean,
): void {
  for (const base of bases)
    for (const file of members.flat()) {
      const { role } = file;
      if ((role.base ?? '') === base && (role.besidePlaybook ?? false) === isBesidePlaybook)
        assign(effective, file.assignments);
    }
}

function assign(effective: Map<string, Assignment>, assignments: readonly Assignment[]): void {
  for (const assignment of assignments) effective.set(assignment.variable, assignment);
}
