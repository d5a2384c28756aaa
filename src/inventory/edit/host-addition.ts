import { LabError } from '../../model/lab-error.ts';
import { entryOf, type Located, type LocatedEntry } from '../../model/located.ts';
import { typeValue } from '../../model/yaml-value.ts';
import type { InventoryFile } from '../raw.ts';
import { type Additions, addTo } from './additions.ts';
import type { Change, Wanted } from './change.ts';
import { isFlow } from './host-entry.ts';

/** A host to be added to a group with its first variables, at least one. */
export interface HostAddition {
  readonly host: string;
  readonly group: string;
  readonly changes: readonly Change[];
}

/** A change as it was made: the keys from the root to its value, and what was written there. */
export interface MadeChange {
  readonly change: Change;
  readonly path: readonly string[];
  readonly wanted: Wanted | null;
}

interface GroupPlace {
  readonly entry: LocatedEntry;
  readonly path: readonly string[];
}

/** Notes a host to be added at the end of its group's `hosts:`, which is made where it is missing. Throws LabError 'refused' where the file has no such group, or it is written in a way that nothing can be added to. */
export function planHostAddition(
  file: InventoryFile,
  { host, group, changes }: HostAddition,
  planned: Map<Located, Additions>,
): MadeChange[] {
  const { entry, path } = selectGroup(file, group);
  const hosts = entryOf(entry.value, 'hosts');
  const { key, value } = hosts ?? entry;
  refuseForm(file, group, value);
  const below = hosts ? [host] : ['hosts', host];
  const additions = planned.get(value) ?? {
    tree: new Map(),
    indent: undefined,
    key,
    isFlow: isFlow(value) || isFlow(entry.value),
  };
  planned.set(value, additions);
  return changes.map((change) => {
    const { wanted } = change;
    if (wanted !== null) addTo(additions.tree, [...below, ...change.path], wanted);
    return { change, path: [...path, 'hosts', host, ...change.path], wanted };
  });
}

function selectGroup(file: InventoryFile, group: string): GroupPlace {
  const places = file.root ? [...groupsOf(file.root, [])] : [];
  const named = places.filter(({ entry }) => entry.key.text === group);
  const filled = named.findLast(({ entry }) => entryOf(entry.value, 'hosts')?.value.kind === 'map');
  const found = filled ?? named.find(({ entry }) => entry.value.kind === 'map') ?? named[0];
  if (found) return found;
  throw new LabError(
    'refused',
    `${file.path} has no group ${group} that a host can be added to`,
    'write the group into a YAML inventory first',
  );
}

function* groupsOf(groups: Located, above: readonly string[]): Iterable<GroupPlace> {
  if (groups.kind !== 'map') return;
  for (const entry of groups.entries) {
    const path = [...above, entry.key.text];
    yield { entry, path };
    const children = entryOf(entry.value, 'children')?.value;
    if (children) yield* groupsOf(children, [...path, 'children']);
  }
}

function refuseForm(file: InventoryFile, group: string, value: Located): void {
  const isShared = value.start < value.end && value.source.text.charAt(value.start) === '*';
  const isEmpty = value.kind === 'scalar' && typeValue(value) === null;
  if (!isShared && value.tag === undefined && (value.kind === 'map' || isEmpty)) return;
  throw new LabError(
    'refused',
    `${file.path}: the hosts of ${group} are not written as a mapping of their own`,
    'write "hosts:" and below it one "name:" for each host',
  );
}
