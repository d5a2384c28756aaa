import { makeVars, type Value, type Vars } from '../model/value.ts';
import type { RawGroup, RawInventory } from './raw.ts';

/** Names that Ansible sets itself and never lists. */
const internalNames = new Set([
  'ansible_diff_mode',
  'ansible_config_file',
  'ansible_facts',
  'ansible_forks',
  'ansible_inventory_sources',
  'ansible_limit',
  'ansible_playbook_python',
  'ansible_run_tags',
  'ansible_skip_tags',
  'ansible_verbosity',
  'ansible_version',
  'inventory_dir',
  'inventory_file',
  'inventory_hostname',
  'inventory_hostname_short',
  'groups',
  'group_names',
  'omit',
  'playbook_dir',
]);

/** The object `ansible-inventory --list` prints: groups with hosts and children, and each host's variables under `_meta`. */
export function renderAnsibleList(raw: RawInventory): Vars {
  const listed = makeVars();
  for (const group of raw.groups.values()) {
    const shown = renderGroup(group);
    if (shown) listed[group.name] = shown;
  }
  const hostvars = makeVars();
  for (const [name, { effective }] of raw.hosts) {
    const vars = makeVars(
      [...effective.values()]
        .filter(({ variable }) => !internalNames.has(variable))
        .map(({ variable, value }) => [variable, value]),
    );
    if (Object.keys(vars).length > 0) hostvars[name] = vars;
  }
  listed['_meta'] = { hostvars };
  return listed;
}

function renderGroup({ name, hosts, children }: RawGroup): Value | undefined {
  const shown: Record<string, Value> = {};
  if (name !== 'all' && hosts.length > 0) shown['hosts'] = hosts;
  if (children.length > 0) shown['children'] = children;
  return Object.keys(shown).length > 0 ? shown : undefined;
}
