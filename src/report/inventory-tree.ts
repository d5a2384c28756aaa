import type { Group, Host, Inventory } from '../model/host.ts';
import { foldNames } from '../model/host-names.ts';
import type { Lang, Report } from '../model/report.ts';
import { wordsOf } from './words.ts';

interface Branch {
  readonly group: Group;
  readonly indent: string;
  /** Its own hosts among those asked for. */
  readonly hosts: readonly string[];
  /** Hosts of it and of all groups below. */
  readonly total: number;
}

/** Folds groups and rooms into a tree (`lab.groups/1`), with the hosts among `hosts` only; a group that is a child of two stands in both places. */
export function reportInventoryTree(
  inventory: Inventory,
  hosts: readonly Host[],
  at: string,
  lang: Lang,
): Report {
  const words = wordsOf(lang);
  const branches = growTree(inventory, new Set(hosts.map(({ name }) => name)));
  const rows = branches.map(({ group, hosts: own, total }) => ({
    group: group.name,
    room: group.room?.title ?? '',
    hosts: own,
    children: group.children,
    total,
  }));
  return {
    schema: 'lab.groups/1',
    title: '',
    startedAt: at,
    finishedAt: at,
    document: { totals: { hosts: hosts.length }, groups: rows },
    tables: [
      {
        title: '',
        columns: [
          { key: 'group', title: words.group },
          { key: 'total', title: words.total, align: 'right' },
          { key: 'room', title: words.room, flexible: true },
          { key: 'hosts', title: words.hosts, flexible: true },
        ],
        rows: branches.map(({ group, indent, hosts: own, total }) => [
          `${indent}${group.name}`,
          String(total),
          group.room ? group.room.title || group.name : '',
          foldNames([...own]),
        ]),
        notes: hosts.length === 0 ? [words.noHosts] : [],
      },
    ],
    records: {
      columns: ['group', 'room', 'total', 'hosts', 'children'].map((key) => ({ key, title: key })),
      rows,
    },
  };
}

function growTree({ groups }: Inventory, wanted: ReadonlySet<string>): Branch[] {
  const byName = new Map(groups.map((group) => [group.name, group]));
  const children = new Set(groups.flatMap((group) => group.children));
  const below = (group: Group, seen: ReadonlySet<string>): Set<string> => {
    const names = new Set(group.hosts.filter((name) => wanted.has(name)));
    for (const child of childrenOf(group, byName, seen))
      for (const name of below(child, new Set([...seen, child.name]))) names.add(name);
    return names;
  };
  const branches: Branch[] = [];
  const grow = (group: Group, stem: string, indent: string, seen: ReadonlySet<string>): void => {
    const total = below(group, seen).size;
    if (total === 0) return;
    branches.push({ group, indent, hosts: group.hosts.filter((name) => wanted.has(name)), total });
    const next = childrenOf(group, byName, seen).filter(
      (child) => below(child, new Set([...seen, child.name])).size > 0,
    );
    for (const [index, child] of next.entries()) {
      const last = index === next.length - 1;
      grow(
        child,
        `${stem}${last ? '   ' : '│  '}`,
        `${stem}${last ? '└─ ' : '├─ '}`,
        new Set([...seen, child.name]),
      );
    }
  };
  for (const group of groups)
    if (!children.has(group.name)) grow(group, '', '', new Set([group.name]));
  return branches;
}

function childrenOf(
  group: Group,
  byName: ReadonlyMap<string, Group>,
  seen: ReadonlySet<string>,
): Group[] {
  return group.children.flatMap((name) => {
    const child = byName.get(name);
    return child && !seen.has(name) ? [child] : [];
  });
}
