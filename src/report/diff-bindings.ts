import type { Binding } from '../model/export.ts';

/** What a binding says, without its place. */
export type Bound = Omit<Binding, 'line'>;

/** One difference between what is live and what is wanted; `line` is that of the live text, 0 for what is not there. */
export interface Change<T> {
  readonly change: 'added' | 'removed' | 'changed';
  readonly line: number;
  readonly before: T | null;
  readonly after: T | null;
}

/** What differs, in the order of the live text and then of the wanted one, and how many are the same. */
export interface Differences<T> {
  readonly changes: readonly Change<T>[];
  readonly unchanged: number;
}

/** Compares bindings: one MAC with another address is one change, as is one address with another MAC. Repeated ones count once. */
export function diffBindings(
  live: readonly Binding[],
  wanted: readonly Binding[],
): Differences<Bound> {
  const before = keyed(live);
  const after = keyed(wanted);
  const unchanged = [...after.keys()].filter((key) => before.has(key));
  for (const key of unchanged) {
    before.delete(key);
    after.delete(key);
  }
  const changed = (['mac', 'ip', 'name'] as const).flatMap((field) => pairUp(before, after, field));
  const removed = [...before.values()].map((each) => changeOf('removed', each, undefined));
  const added = [...after.values()].map((each) => changeOf('added', undefined, each));
  const inLive = [...changed, ...removed].sort((a, b) => a.line - b.line);
  return { changes: [...inLive, ...added], unchanged: unchanged.length };
}

const fields = ['name', 'ip', 'mac', 'vlan', 'port'] as const;

/** By all they say; of equal ones the first stays, its line is where a person looks first. */
function keyed(bindings: readonly Binding[]): Map<string, Binding> {
  const byContent = new Map<string, Binding>();
  for (const binding of bindings) {
    const key = fields.map((field) => binding[field]).join('\0');
    if (!byContent.has(key)) byContent.set(key, binding);
  }
  return byContent;
}

/** Takes those that agree in a field out of both sides, as changes. */
function pairUp(
  before: Map<string, Binding>,
  after: Map<string, Binding>,
  field: 'mac' | 'ip' | 'name',
): Change<Bound>[] {
  const open = new Map<string, [string, Binding][]>();
  for (const entry of before) {
    const value = entry[1][field];
    if (value !== '') open.set(value, [...(open.get(value) ?? []), entry]);
  }
  return [...after].flatMap(([key, wanted]) => {
    const [oldKey, old] = open.get(wanted[field])?.shift() ?? [];
    if (oldKey === undefined || old === undefined) return [];
    before.delete(oldKey);
    after.delete(key);
    return [changeOf('changed', old, wanted)];
  });
}

function changeOf(
  change: Change<Bound>['change'],
  before: Binding | undefined,
  after: Binding | undefined,
): Change<Bound> {
  return { change, line: before?.line ?? 0, before: boundOf(before), after: boundOf(after) };
}

function boundOf(binding: Binding | undefined): Bound | null {
  if (binding === undefined) return null;
  const { line: _, ...bound } = binding;
  return bound;
}
