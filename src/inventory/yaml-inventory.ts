import {
  entryOf,
  type Located,
  type LocatedEntry,
  type LocatedMap,
  type LocatedScalar,
  positionOf,
} from '../model/located.ts';
import type { Problem } from '../model/problem.ts';
import { isMapping } from '../model/value.ts';
import { isTextKey, keyOf, type TypingRules, typeValue } from '../model/yaml-value.ts';
import { addGroup, addHost, type Draft, linkGroups, report, setVariable } from './draft.ts';
import { expandHosts } from './host-ranges.ts';

/** Where in which inventory a group is read. */
interface Reading {
  readonly draft: Draft;
  readonly rules: TypingRules;
}

/** Reads one YAML (or JSON) inventory file into the draft, as Ansible's `yaml` inventory plugin does. */
export function readYamlInventory(draft: Draft, root: Located, rules: TypingRules): void {
  const plugin = entryOf(root, 'plugin');
  if (root.kind !== 'map')
    report(draft, root, '', {
      rule: 'not-an-inventory',
      message: 'the file is no inventory: its top level is not a mapping of groups',
      hint: 'begin with "all:" and put hosts, children and vars below it',
    });
  else if (plugin && !isNothing(plugin.value))
    report(draft, plugin.key, 'plugin', {
      rule: 'inventory-plugin',
      message: 'the file configures an Ansible inventory plugin; Labkit runs none',
      hint: 'write what it finds to a file: ansible-inventory --list --yaml --output hosts.yaml',
    });
  else for (const { key, value } of root.entries) readGroup({ draft, rules }, key, value, '');
}

/** Reads a group with all below it; answers its name, or undefined when it is none. */
function readGroup(
  reading: Reading,
  key: LocatedScalar,
  value: Located,
  above: string,
): string | undefined {
  const { draft } = reading;
  const path = join(above, key.text);
  const name = readName(reading, key, path);
  if (name === undefined) return undefined;
  if (!isNull(value) && value.kind !== 'map') {
    report(draft, value, path, {
      rule: 'bad-group',
      message: `"${name}" is not a group: below it stands neither hosts, children nor vars`,
      hint: 'groups belong below "children:", variables below "vars:"',
    });
    return undefined;
  }
  addGroup(draft, name, { name, at: positionOf(key), path });
  if (value.kind === 'map')
    for (const entry of value.entries) readSection(reading, name, entry, path);
  return name;
}

function readSection(reading: Reading, group: string, entry: LocatedEntry, above: string): void {
  const section = entry.key.text;
  const path = join(above, section);
  if (isNull(entry.value)) return;
  const map = asMapping(entry.value);
  const refusal = refuseSection(group, section, map);
  if (refusal) report(reading.draft, entry.key, path, refusal);
  else if (section === 'vars') readVars(reading, group, map, path);
  else if (section === 'hosts')
    for (const host of map?.entries ?? []) readHosts(reading, group, host, path);
  else for (const child of map?.entries ?? []) readChild(reading, group, child, path);
}

type Words = Pick<Problem, 'rule' | 'message' | 'hint'>;

function refuseSection(
  group: string,
  section: string,
  map: LocatedMap | undefined,
): Words | undefined {
  if (section !== 'hosts' && section !== 'children' && section !== 'vars')
    return {
      rule: 'unknown-group-key',
      message: `"${section}" means nothing below the group "${group}" and is left out`,
      hint: 'a group has hosts, children and vars; put variables below "vars:" and hosts below "hosts:"',
    };
  if (map) return undefined;
  return {
    rule: 'bad-section',
    message: `"${section}" of the group "${group}" is not a mapping`,
    hint: `write one name a line below "${section}:", each followed by a colon`,
  };
}

/** A mapping, or a single text, which Ansible takes for a mapping with that one key. */
function asMapping(value: Located): LocatedMap | undefined {
  if (value.kind === 'map') return value;
  const isText = value.kind === 'scalar' && typeof typeValue(value) === 'string';
  if (!isText) return undefined;
  const nothing = { ...value, text: '', plain: true, start: value.end, end: value.end };
  return { ...value, kind: 'map', entries: [{ key: value, value: nothing }] };
}

function readVars(reading: Reading, name: string, map: LocatedMap | undefined, path: string): void {
  for (const { key, value: node } of map?.entries ?? []) {
    const variable = keyOf(key, reading.rules);
    const value = typeValue(node, reading.rules);
    setVariable(reading.draft, name, { variable, node, key, value, path: join(path, key.text) });
  }
}

function readChild(reading: Reading, parent: string, entry: LocatedEntry, path: string): void {
  const { draft } = reading;
  const child = readGroup(reading, entry.key, entry.value, path);
  if (child === undefined || linkGroups(addGroup(draft, parent), addGroup(draft, child))) return;
  report(draft, entry.key, join(path, child), {
    rule: 'group-cycle',
    message: `the group "${child}" would be inside itself: "${parent}" is already below it`,
    hint: 'take one of the two out of the other',
  });
}

function readHosts(reading: Reading, group: string, entry: LocatedEntry, above: string): void {
  const { draft } = reading;
  const { key, value } = entry;
  const path = join(above, key.text);
  const pattern = readName(reading, key, path);
  if (pattern === undefined) return;
  const expanded = expandHosts(pattern);
  const refusal = 'problem' in expanded ? refuseRange(expanded) : refuseHost(pattern, value);
  if ('problem' in expanded || refusal) {
    if (refusal) report(draft, key, path, refusal);
    return;
  }
  const at = positionOf(key);
  const range = pattern.includes('[') ? { range: pattern } : {};
  const { port } = expanded;
  const setting = port
    ? { variable: 'ansible_port', node: key, key, value: port, path }
    : undefined;
  for (const name of expanded.names) {
    addHost(draft, addGroup(draft, group), { name, at, path, ...range }, setting);
    if (value.kind === 'map') readVars(reading, name, value, path);
  }
}

/** How a range that cannot be counted out is told. */
function refuseRange({ problem, hint }: { problem: string; hint: string }): Words {
  return { rule: 'bad-range', message: problem, hint };
}

function refuseHost(pattern: string, value: Located): Words | undefined {
  if (value.kind === 'map' || isNothing(value)) return undefined;
  return {
    rule: 'bad-host',
    message: `below the host "${pattern}" stands no mapping of variables`,
    hint: 'write "name: value" lines below it, or nothing',
  };
}

/** A group's or host's name as typed; numbers and yes/no without quotes are refused, as Ansible refuses them. */
function readName(reading: Reading, key: LocatedScalar, path: string): string | undefined {
  if (isTextKey(key, reading.rules) && key.text !== '') return key.text;
  report(reading.draft, key, path, {
    rule: 'name-not-text',
    message:
      key.text === ''
        ? 'a name is empty'
        : `${key.text} is a name, but YAML reads it as ${keyOf(key, reading.rules)}`,
    hint: key.text === '' ? 'write the name before the colon' : `put it in quotes: "${key.text}"`,
  });
  return key.text || undefined;
}

function isNull(node: Located): boolean {
  return node.kind === 'scalar' && typeValue(node) === null;
}

/** What Python takes for false: nothing, '', 0, false, and empty collections. */
function isNothing(node: Located): boolean {
  const value = typeValue(node);
  if (Array.isArray(value)) return value.length === 0;
  return isMapping(value) ? Object.keys(value).length === 0 : !value;
}

function join(above: string, name: string): string {
  return above === '' ? name : `${above}.${name}`;
}
