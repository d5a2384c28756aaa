import { type Located, positionOf } from '../model/located.ts';
import type { Problem } from '../model/problem.ts';
import type { Value } from '../model/value.ts';
import type { Assignment, Mention } from './raw.ts';

/** Characters of a message; what somebody typed may be longer than any screen. */
const maxMessage = 300;

/** A group while files are still being read. */
export interface DraftGroup {
  readonly name: string;
  depth: number;
  priority: number;
  readonly children: DraftGroup[];
  readonly parents: DraftGroup[];
  readonly hosts: Set<DraftHost>;
  readonly mentions: Mention[];
  readonly assignments: Assignment[];
}

/** A host while files are still being read; `groups` are those it stands in directly. */
export interface DraftHost {
  readonly name: string;
  readonly groups: Set<DraftGroup>;
  readonly mentions: Mention[];
  readonly assignments: Assignment[];
}

/** An inventory while files are still being read. */
export interface Draft {
  readonly hosts: Map<string, DraftHost>;
  readonly groups: Map<string, DraftGroup>;
  readonly problems: Problem[];
}

/** A variable on its way into the draft. */
export type Setting = Omit<Assignment, 'scope'>;

/** An inventory with nothing but the two groups that always exist. */
export function makeDraft(): Draft {
  const draft: Draft = { hosts: new Map(), groups: new Map(), problems: [] };
  linkGroups(addGroup(draft, 'all'), addGroup(draft, 'ungrouped'));
  return draft;
}

/** Finds or makes a group. */
export function addGroup(draft: Draft, name: string, mention?: Mention): DraftGroup {
  const found = draft.groups.get(name) ?? {
    name,
    depth: 0,
    priority: 1,
    children: [],
    parents: [],
    hosts: new Set(),
    mentions: [],
    assignments: [],
  };
  draft.groups.set(name, found);
  if (mention) found.mentions.push(mention);
  return found;
}

/** Finds or makes a host and puts it into a group. A port only counts where the host is named first, as in Ansible. */
export function addHost(draft: Draft, group: DraftGroup, mention: Mention, port?: Setting): void {
  const { name } = mention;
  const found = draft.hosts.get(name);
  const host = found ?? { name, groups: new Set(), mentions: [], assignments: [] };
  draft.hosts.set(name, host);
  host.mentions.push(mention);
  if (!found && port) host.assignments.push({ ...port, scope: { kind: 'host', name } });
  group.hosts.add(host);
  host.groups.add(group);
}

/** Sets a host's or group's variable. Where a group has the host's name the group gets it, as in Ansible. */
export function setVariable(draft: Draft, name: string, setting: Setting): void {
  const group = draft.groups.get(name);
  const assignment: Assignment = { ...setting, scope: { kind: group ? 'group' : 'host', name } };
  if (group && setting.variable === 'ansible_group_priority') setPriority(draft, group, setting);
  else (group ?? draft.hosts.get(name))?.assignments.push(assignment);
}

function setPriority(draft: Draft, group: DraftGroup, { value, node, path }: Setting): void {
  const priority = wholeNumber(value);
  if (priority !== undefined) group.priority = priority;
  else
    report(draft, node, path, {
      rule: 'bad-priority',
      message: 'ansible_group_priority is not a whole number',
      hint: 'write a number; groups with greater ones win over others of the same depth',
    });
}

function wholeNumber(value: Value): number | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return Math.trunc(Number(value));
  return typeof value === 'string' && /^\s*[-+]?\d+\s*$/.test(value) ? Number(value) : undefined;
}

/** Puts a group under another and keeps the depths; false when that would close a circle. */
export function linkGroups(parent: DraftGroup, child: DraftGroup): boolean {
  if (parent === child || ancestorsOf(parent).has(child)) return false;
  if (parent.children.includes(child)) return true;
  parent.children.push(child);
  child.parents.push(parent);
  sink(child, parent.depth + 1);
  return true;
}

function sink(group: DraftGroup, depth: number): void {
  if (group.depth >= depth) return;
  group.depth = depth;
  for (const child of group.children) sink(child, depth + 1);
}

/** All groups above one, however far. */
export function ancestorsOf(group: DraftGroup): Set<DraftGroup> {
  const found = new Set(group.parents);
  for (const parent of found) for (const above of parent.parents) found.add(above);
  return found;
}

/** Notes something wrong at a value. */
export function report(
  draft: Draft,
  at: Located,
  path: string,
  words: Pick<Problem, 'rule' | 'message' | 'hint'> & { severity?: Problem['severity'] },
): void {
  const message =
    words.message.length > maxMessage ? `${words.message.slice(0, maxMessage)}…` : words.message;
  draft.problems.push({ ...positionOf(at), severity: 'error', path, ...words, message });
}
