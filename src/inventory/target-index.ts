import type { Group, Host, Inventory } from '../model/host.ts';

/** An inventory prepared for looking up names. */
export interface TargetIndex {
  readonly hosts: ReadonlyMap<string, Host>;
  readonly groups: ReadonlyMap<string, Group>;
  /** All hosts of a group and of the groups below it, in Ansible's order. */
  membersOf(group: string): readonly Host[];
}

const known = new WeakMap<Inventory, TargetIndex>();

/** Prepares an inventory for `selectHosts`; the same inventory only once. */
export function indexTargets(inventory: Inventory): TargetIndex {
  const index = known.get(inventory) ?? makeIndex(inventory);
  known.set(inventory, index);
  return index;
}

function makeIndex(inventory: Inventory): TargetIndex {
  const hosts = new Map(inventory.hosts.map((host) => [host.name, host]));
  const groups = new Map(inventory.groups.map((group) => [group.name, group]));
  const members = new Map<string, readonly Host[]>();
  const membersOf = (name: string): readonly Host[] => {
    const found = members.get(name) ?? (name === 'all' ? inventory.hosts : collect(name));
    members.set(name, found);
    return found;
  };
  return { hosts, groups, membersOf };

  function collect(name: string): Host[] {
    const names = [...groupsBelow(groups, name)].flatMap((group) => groups.get(group)?.hosts ?? []);
    return [...new Set(names)].flatMap((member) => hosts.get(member) ?? []);
  }
}

function groupsBelow(groups: ReadonlyMap<string, Group>, name: string): Set<string> {
  const names = new Set([name]);
  for (const group of names)
    for (const child of groups.get(group)?.children ?? []) names.add(child);
  return names;
}
