import { LabError } from '../../model/lab-error.ts';
import { entryOf, type Located, type LocatedEntry, positionAt } from '../../model/located.ts';
import { expandHosts } from '../host-ranges.ts';
import type { InventoryFile } from '../raw.ts';

/** A mapping of a file in which a host's variables may be written, and how it was reached. */
export interface HostEntry {
  /** Undefined for the root of a host_vars file. */
  readonly key: Located | undefined;
  readonly value: Located;
  /** Keys from the file's root down to the mapping. */
  readonly path: readonly string[];
  /** Indentation its keys have where none is written yet. */
  readonly indent: string;
  readonly isFlow: boolean;
}

interface Found {
  readonly entry: LocatedEntry;
  readonly path: readonly string[];
  readonly isFlow: boolean;
}

/** Finds where a host's variable is to be edited: where it is set now (the last place wins), else where the host is written. Throws LabError 'refused' where a change would reach other hosts, 'input' where the host is not in the file. */
export function selectHostEntry(file: InventoryFile, host: string, variable: string): HostEntry {
  const { root } = file;
  if (!root) throw unreadable(file);
  if (file.role.kind === 'host_vars')
    return { key: undefined, value: root, path: [], indent: '', isFlow: isFlow(root) };
  const found = indexOf(root).get(host) ?? [];
  const setters = found.filter(({ entry }) => entryOf(entry.value, variable));
  const exact = found.filter(({ entry }) => !entry.key.text.includes('['));
  const chosen =
    setters.at(-1) ?? exact.find(({ entry }) => entry.value.kind === 'map') ?? exact[0];
  if (!chosen || chosen.entry.key.text.includes('[')) throw notAlone(file, host, found[0]);
  const { entry, path } = chosen;
  return { ...chosen, key: entry.key, value: entry.value, path, indent: indentBelow(entry) };
}

/** True for `{...}` and `[...]`. */
export function isFlow(node: Located): boolean {
  return node.kind !== 'scalar' && /[[{]/.test(node.source.text.charAt(node.start));
}

/** Where each host of a file is written; kept, because many hosts may be edited at once. */
const indexes = new WeakMap<Located, ReadonlyMap<string, readonly Found[]>>();

function indexOf(root: Located): ReadonlyMap<string, readonly Found[]> {
  const known = indexes.get(root);
  if (known) return known;
  const index = new Map<string, Found[]>();
  for (const found of hostsOf(root, []))
    for (const name of new Set(names(found.entry.key.text))) {
      const list = index.get(name) ?? [];
      list.push(found);
      index.set(name, list);
    }
  indexes.set(root, index);
  return index;
}

function* hostsOf(groups: Located, above: readonly string[]): Iterable<Found> {
  if (groups.kind !== 'map') return;
  for (const group of groups.entries) {
    const path = [...above, group.key.text];
    const hosts = entryOf(group.value, 'hosts')?.value;
    if (hosts?.kind === 'map')
      for (const entry of hosts.entries)
        yield { entry, path: [...path, 'hosts', entry.key.text], isFlow: isFlow(hosts) };
    const children = entryOf(group.value, 'children')?.value;
    if (children) yield* hostsOf(children, [...path, 'children']);
  }
}

function names(pattern: string): readonly string[] {
  if (!/[[:]/.test(pattern)) return [pattern];
  const expanded = expandHosts(pattern);
  return 'names' in expanded ? expanded.names : [];
}

function indentBelow({ key }: LocatedEntry): string {
  return `${indentOf(key)}  `;
}

/** The blanks before a key that begins its line. */
export function indentOf(node: Located): string {
  const { column, line } = positionAt(node.source, node.start);
  const mark = line === 1 && node.source.text.startsWith('\ufeff') ? 1 : 0;
  return ' '.repeat(column - 1 - mark);
}

function unreadable(file: InventoryFile): LabError {
  return new LabError(
    'input',
    `${file.path} cannot be edited: it is empty or has problems`,
    'run `lab inventory validate` and correct it first',
  );
}

function notAlone(file: InventoryFile, host: string, found: Found | undefined): LabError {
  if (!found)
    return new LabError(
      'input',
      `${file.path} has no host ${host}`,
      'check the name, or edit the file in which the host is written',
    );
  return new LabError(
    'refused',
    `${host} is written as part of ${found.entry.key.text}; a change would reach all of these hosts`,
    `write a line "${host}:" of its own for it, or put the value into host_vars/${host}.yaml`,
  );
}
