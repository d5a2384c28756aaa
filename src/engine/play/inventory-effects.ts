import type { Host } from '../../model/host.ts';
import type { PlayEffects } from '../../model/module.ts';
import { makeVars, type Vars } from '../../model/value.ts';
import { makeImplicitHost } from './implicit-host.ts';
import type { HostRun, PlayRun } from './play-run.ts';
import type { RunState } from './rim.ts';

type AddHost = NonNullable<PlayEffects['addHost']>;
type GroupBy = NonNullable<PlayEffects['groupBy']>;

/** `add_host`: a host that later plays can name, or more groups and variables for one that is there. */
export function addHost({ state }: PlayRun, { name, groups, vars }: AddHost): void {
  const known = state.hosts.get(name);
  const all = [...new Set([...(known?.host.groups ?? []), ...groups])].sort();
  const before = known ? withinGroups(state, known.host, all) : state.variablesWithin?.(name, all);
  const merged = makeVars([...Object.entries(before ?? {}), ...Object.entries(vars)]);
  const made = makeImplicitHost(name, merged, all);
  if (known) known.host = { ...known.host, groups: all, vars: merged, connection: made.connection };
  else
    state.hosts.set(name, {
      host: made,
      facts: makeVars(),
      setFacts: makeVars(),
      includedVars: makeVars(),
    });
  for (const group of ['all', ...(all.length === 0 ? ['ungrouped'] : groups)])
    join(state.groups, group, name);
}

/** `group_by`: puts a host into a group that is made when it is not there, and that group below its parents. */
export function groupBy({ state }: PlayRun, host: HostRun, { key, parents }: GroupBy): void {
  const group = key.replaceAll(' ', '-');
  const above = parents
    .map((parent) => parent.replaceAll(' ', '-'))
    .filter((parent) => parent !== 'all');
  for (const name of [group, ...above]) join(state.groups, name, host.name);
  const { memory } = host;
  const groups = [...new Set([...memory.host.groups, group, ...above])].sort();
  memory.host = { ...memory.host, groups, vars: withinGroups(state, memory.host, groups) };
}

/** What a host knows by the inventory and its groups now; what `add_host` gave a new one is its own. */
function withinGroups(state: RunState, host: Host, groups: readonly string[]): Vars {
  const found = Object.entries(state.variablesWithin?.(host.name, groups) ?? makeVars());
  const isWritten = host.at.file !== '';
  const given = Object.entries(host.vars);
  return makeVars(isWritten ? [...given, ...found] : [...found, ...given]);
}

function join(groups: Map<string, readonly string[]>, group: string, host: string): void {
  const members = groups.get(group) ?? [];
  if (!members.includes(host)) groups.set(group, [...members, host]);
}
