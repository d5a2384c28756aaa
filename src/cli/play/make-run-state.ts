import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import type { RunState } from '../../engine/play/rim.ts';
import type { Inventory } from '../../model/host.ts';
import type { PlayVars, Templar } from '../../model/play-value.ts';
import { makeVars } from '../../model/value.ts';
import type { VaultOpener } from '../../store/open-vault.ts';
import type { Context } from '../context.ts';
import { type LoadedInventory, withFlags } from '../load-hosts.ts';
import { readCount } from '../read-number.ts';

/** What a run of a playbook knows when it begins. */
export function makeRunState(
  context: Context,
  { inventory, raw }: Pick<LoadedInventory, 'inventory' | 'raw'>,
  more: {
    readonly check: boolean;
    readonly diff: boolean;
    readonly tags: readonly string[];
    readonly skipTags: readonly string[];
    readonly extraVars: PlayVars;
    readonly templar: Templar;
    readonly vault: VaultOpener;
  },
): RunState {
  const { flags } = context;
  const hosts = withFlags(inventory.hosts, context);
  return {
    hosts: new Map(
      hosts.map((host) => [
        host.name,
        { host, facts: makeVars(), setFacts: makeVars(), includedVars: {} },
      ]),
    ),
    groups: membersOf(inventory),
    variablesWithin: raw.variablesWithin,
    extraVars: more.extraVars,
    checkMode: more.check,
    diffMode: more.diff,
    tags: more.tags.length > 0 ? more.tags : ['all'],
    skipTags: more.skipTags,
    limit: flags.limit ?? '',
    forks: readCount('--forks', flags.forks, 64),
    verbosity: flags.verbose === true ? 1 : 0,
    inventoryFiles: inventory.files
      .filter((file) => !/(?:^|\/)(?:group|host)_vars\//.test(file))
      .map((file) => resolve(context.io.cwd, file)),
    templar: more.templar,
    decrypt: (text, at) => more.vault.decrypt(text, at ? `${at.file}:${at.line}` : 'a value'),
    omit: `__omit_place_holder__${randomBytes(20).toString('hex')}`,
  };
}

/** Every group's hosts of all levels, in inventory order, as Ansible's `groups`. */
function membersOf({ hosts, groups }: Inventory): Map<string, readonly string[]> {
  const members = new Map<string, string[]>([
    ['all', hosts.map(({ name }) => name)],
    [
      'ungrouped',
      hosts
        .filter(
          (host) =>
            host.groups.length === 0 ||
            (host.groups.length === 1 && host.groups[0] === 'ungrouped'),
        )
        .map(({ name }) => name),
    ],
  ]);
  for (const { name } of groups)
    if (!members.has(name))
      members.set(
        name,
        hosts.filter((host) => host.groups.includes(name)).map((host) => host.name),
      );
  return members;
}
