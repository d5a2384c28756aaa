import type { Group, Host, Inventory } from '../model/host.ts';
import { isSecretName } from '../model/secret-names.ts';
import { makeVars, type Value, type Vars } from '../model/value.ts';
import { isLeftOut } from './export-problems.ts';
import { textVars } from './text-vars.ts';

/** A group to write: its own variables and direct members. */
export interface PlannedGroup {
  readonly name: string;
  readonly vars: Vars;
  readonly children: readonly string[];
  readonly hosts: readonly string[];
}

/** An inventory to write, which Ansible and Labkit read as the one it came from; `all` comes first, and each host has only the variables that its groups do not give it. */
export interface PlannedInventory {
  readonly groups: readonly PlannedGroup[];
  readonly hostVars: ReadonlyMap<string, Vars>;
}

/** Whether a variable is left out of exported inventories: a secret in plain text. Vaulted ones and templates are no secrets. */
export function isPlainSecret(name: string, value: Value): boolean {
  return (
    isSecretName(name) &&
    (typeof value === 'number' ||
      (typeof value === 'string' && value.trim() !== '' && !/^\s*\{\{.*\}\}\s*$/s.test(value)))
  );
}

/** Plans an inventory of these hosts with their groups. Groups without any of them are left out, except for empty ones when no host is missing. */
export function planAnsible(
  hosts: readonly Host[],
  { groups, hosts: all }: Inventory,
): PlannedInventory {
  const names = new Set(hosts.map(({ name }) => name));
  const isWhole = all.every((host) => names.has(host.name) || isLeftOut(host));
  const kept = keepGroups(groups, names, isWhole);
  const planned = groups
    .filter(({ name }) => kept.has(name))
    .sort((a, b) => Number(b.name === 'all') - Number(a.name === 'all'))
    .map(({ name, children, hosts: members, vars }) => ({
      name,
      vars: groupVars(vars),
      children: children.filter((child) => kept.has(child)),
      hosts: members.filter((member) => names.has(member)),
    }));
  const given = prepareGiven(planned);
  return {
    groups: planned,
    hostVars: new Map(hosts.map((host) => [host.name, ownVars(host, given)])),
  };
}

function keepGroups(
  groups: readonly Group[],
  hosts: ReadonlySet<string>,
  withEmpty: boolean,
): ReadonlySet<string> {
  const byName = new Map(groups.map((group) => [group.name, group]));
  const known = new Map<string, boolean>([['all', true]]);
  const isKept = (name: string): boolean => {
    const before = known.get(name);
    if (before !== undefined) return before;
    known.set(name, false);
    const group = byName.get(name);
    const isEmpty = group?.hosts.length === 0 && group.children.length === 0;
    const below = group?.children.map(isKept) ?? [];
    const kept =
      (withEmpty && isEmpty && name !== 'ungrouped') ||
      below.includes(true) ||
      group?.hosts.some((host) => hosts.has(host)) === true;
    known.set(name, kept);
    return kept;
  };
  return new Set(groups.map(({ name }) => name).filter(isKept));
}

/** What a host of these groups gets from them: as Ansible merges, `all` first, then by depth, then by name, later ones winning. */
function prepareGiven(groups: readonly PlannedGroup[]): (names: readonly string[]) => Vars {
  const depths = depthsOf(groups);
  const byName = new Map(groups.map((group) => [group.name, group]));
  const known = new Map<string, Vars>();
  return (names) => {
    const key = names.join('\n');
    const before = known.get(key);
    if (before) return before;
    const sorted = [...names]
      .filter((name) => name !== 'all')
      .sort((a, b) => (depths.get(a) ?? 0) - (depths.get(b) ?? 0) || (a < b ? -1 : 1));
    const vars = makeVars(
      ['all', ...sorted].flatMap((name) => Object.entries(byName.get(name)?.vars ?? {})),
    );
    known.set(key, vars);
    return vars;
  };
}

/** The longest way from `all` to each group. */
function depthsOf(groups: readonly PlannedGroup[]): ReadonlyMap<string, number> {
  const parents = new Map<string, string[]>();
  for (const { name, children } of groups)
    for (const child of children) parents.set(child, [...(parents.get(child) ?? []), name]);
  const depths = new Map<string, number>([['all', 0]]);
  const depthOf = (name: string): number => {
    const known = depths.get(name);
    if (known !== undefined) return known;
    const depth = 1 + Math.max(0, ...(parents.get(name) ?? []).map(depthOf));
    depths.set(name, depth);
    return depth;
  };
  for (const { name } of groups) depthOf(name);
  return depths;
}

/** Without the priority: hosts get what they had from the group that won as their own, and a priority would be Ansible's business a second time. */
function groupVars(vars: Vars): Vars {
  const { ansible_group_priority: _, ...others } = vars;
  return withoutSecrets(others);
}

function ownVars(host: Host, given: (names: readonly string[]) => Vars): Vars {
  const fromGroups = given(host.groups);
  const own = Object.entries(withoutSecrets(textVars(host))).filter(
    ([name, value]) => !Object.hasOwn(fromGroups, name) || !isSame(value, fromGroups[name] ?? null),
  );
  return makeVars(own);
}

function isSame(one: Value, other: Value): boolean {
  if (one === other) return true;
  return typeof one === 'object' && JSON.stringify(one) === JSON.stringify(other);
}

function withoutSecrets(vars: Vars): Vars {
  return makeVars(Object.entries(vars).filter(([name, value]) => !isPlainSecret(name, value)));
}
