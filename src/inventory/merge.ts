import { makeSource, positionAt } from '../model/located.ts';
import type { Problem } from '../model/problem.ts';
import { makeVars, type Vars } from '../model/value.ts';
import {
  addGroup,
  type Draft,
  type DraftGroup,
  type DraftHost,
  linkGroups,
  makeDraft,
} from './draft.ts';
import { readIniInventory } from './ini-inventory.ts';
import { type Effective, groupsOf, layerGroups, layerHost, type VarsLayers } from './precedence.ts';
import type { InventoryFile, RawGroup, RawHost, RawInventory } from './raw.ts';
import { isVaulted, readVarsFiles, rulesOf } from './vars-files.ts';
import { readYamlInventory } from './yaml-inventory.ts';

/**
 * Joins the files of an inventory into hosts, groups and variables as `ansible-inventory` does, each value with its place. `problems` holds what is wrong
 * between and inside the files, but not what the YAML parser said of them.
 */
export function mergeInventory(files: readonly InventoryFile[]): RawInventory {
  const draft = makeDraft();
  for (const file of files)
    if (file.role.kind === 'source') readSource(draft, file, file.role.format);
  reconcile(draft);
  const layers = readVarsFiles(files, draft.problems);
  const all = addGroup(draft, 'all');
  return {
    files,
    hosts: new Map(finishHosts(all, layers)),
    groups: new Map([...draft.groups].map(([name, group]) => [name, finishGroup(group, layers)])),
    problems: draft.problems,
    variablesWithin: (host, groups) => variablesWithin(draft, layers, host, groups),
  };
}

function variablesWithin(
  draft: Draft,
  layers: VarsLayers,
  name: string,
  groups: readonly string[],
): Vars {
  const host = draft.hosts.get(name) ?? { ...nobody, name };
  // A group that is not written anywhere may well have variables in group_vars/.
  const more = groups.map((group) => draft.groups.get(group) ?? { ...nowhere, name: group });
  const members = groupsOf({ ...host, groups: new Set([...host.groups, ...more]) });
  const effective = layerHost(host, layerGroups(addGroup(draft, 'all'), members, layers), layers);
  return makeVars([...effective].map(([variable, { value }]) => [variable, value]));
}

const nobody: Omit<DraftHost, 'name'> = { groups: new Set(), mentions: [], assignments: [] };
const nowhere: Omit<DraftGroup, 'name'> = {
  ...{ depth: 1, priority: 1, mentions: [], assignments: [] },
  ...{ children: [], parents: [], hosts: new Set() },
};

function readSource(draft: Draft, file: InventoryFile, format: 'yaml' | 'ini'): void {
  const { path, text, root } = file;
  const isEmpty = !text
    .split(/\r?\n/)
    .some((line) => !/^\ufeff?\s*(?:---)?\s*(?:[#;].*)?$/.test(line));
  if (isVaulted(text))
    draft.problems.push(
      problemAtTop(
        file,
        'error',
        'vaulted-file',
        'the inventory is encrypted with ansible-vault and was not read',
        'decrypt it: ansible-vault decrypt',
      ),
    );
  else if (isEmpty)
    draft.problems.push(
      problemAtTop(
        file,
        'warning',
        'empty-inventory',
        'the file names no hosts',
        'write hosts into it, or take it away',
      ),
    );
  else if (format === 'ini') readIniInventory(draft, path, text);
  else if (root) readYamlInventory(draft, root, rulesOf(file));
}

function problemAtTop(
  { path, text }: InventoryFile,
  severity: Problem['severity'],
  rule: string,
  message: string,
  hint: string,
): Problem {
  return { ...positionAt(makeSource(path, text), 0), severity, rule, path: '', message, hint };
}

/** The rules that hold for every inventory once all files are read: every group is below `all`, and every host in a group. */
function reconcile(draft: Draft): void {
  const all = addGroup(draft, 'all');
  const ungrouped = addGroup(draft, 'ungrouped');
  for (const group of draft.groups.values())
    if (group !== all && group.parents.length === 0 && !linkGroups(all, group))
      reportGroup(draft, group, {
        rule: 'group-cycle',
        message: `the group "${group.name}" contains "all", which contains every group`,
        hint: 'take "all" out of its children',
      });
  if (ungrouped.parents.length > 1 || ungrouped.children.length > 0)
    reportGroup(draft, ungrouped, {
      rule: 'ungrouped-nested',
      message: '"ungrouped" has groups above or below it, and Ansible then loses hosts',
      hint: 'give the hosts a group of their own',
    });
  for (const host of draft.hosts.values()) {
    const isGrouped = [...host.groups].some((group) => group !== all && group !== ungrouped);
    if (isGrouped) {
      host.groups.delete(ungrouped);
      ungrouped.hosts.delete(host);
    } else {
      host.groups.add(ungrouped);
      ungrouped.hosts.add(host);
    }
    reportNamesake(draft, host);
  }
}

function reportGroup(
  draft: Draft,
  { name, mentions: [first] }: DraftGroup,
  words: Pick<Problem, 'rule' | 'message' | 'hint'>,
): void {
  const at = first?.at ?? { file: '', line: 1, column: 1 };
  draft.problems.push({ ...at, severity: 'error', path: first?.path ?? name, ...words });
}

function reportNamesake(draft: Draft, { name, mentions: [first] }: DraftHost): void {
  if (!draft.groups.has(name) || !first) return;
  draft.problems.push({
    ...first.at,
    severity: 'warning',
    rule: 'host-and-group',
    path: first.path,
    message: `"${name}" is a host and also a group`,
    hint: "rename one of them: a pattern cannot tell them apart, and the group gets the host's variables",
  });
}

/** Hosts in the order Ansible lists them: group by group, breadth first. */
function hostsInOrder(all: DraftGroup): Set<DraftHost> {
  const groups = new Set([all]);
  for (const group of groups) for (const child of group.children) groups.add(child);
  const hosts = new Set<DraftHost>();
  for (const group of groups) for (const host of group.hosts) hosts.add(host);
  return hosts;
}

function* finishHosts(all: DraftGroup, layers: VarsLayers): Generator<[string, RawHost]> {
  const known = new Map<string, { groups: readonly string[]; effective: Effective }>();
  for (const host of hostsInOrder(all)) {
    const key = [...host.groups].map(({ name }) => name).join('\n');
    let below = known.get(key);
    if (!below) {
      const groups = groupsOf(host);
      const names = [...groups].map(({ name }) => name).sort();
      below = { groups: names, effective: layerGroups(all, groups, layers) };
      known.set(key, below);
    }
    yield [host.name, finishHost(host, below.groups, below.effective, layers)];
  }
}

function finishHost(
  host: DraftHost,
  groups: readonly string[],
  below: Effective,
  layers: VarsLayers,
): RawHost {
  const { name, mentions } = host;
  const files = layers.hosts.get(name);
  const assignments = files
    ? [...host.assignments, ...files.flatMap((file) => file.assignments)]
    : host.assignments;
  return { name, mentions, groups, assignments, effective: layerHost(host, below, layers) };
}

function finishGroup(group: DraftGroup, layers: VarsLayers): RawGroup {
  const files = layers.groups.get(group.name) ?? [];
  return {
    name: group.name,
    mentions: group.mentions,
    children: group.children.map(({ name }) => name),
    hosts: [...group.hosts].map(({ name }) => name),
    depth: group.depth,
    priority: group.priority,
    assignments: [...group.assignments, ...files.flatMap((file) => file.assignments)],
    effective: layerGroups(group, [], layers),
  };
}
