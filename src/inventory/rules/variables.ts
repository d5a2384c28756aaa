import { type Located, positionOf } from '../../model/located.ts';
import { nearest } from '../../model/nearest.ts';
import {
  type KnownVariable,
  knownVariables,
  macFields,
  ownerFields,
  roomFields,
} from '../host-variables.ts';
import type { Assignment } from '../raw.ts';
import { allAssignments, type Finding, type LintContext, type Rule } from './rule.ts';

/** Rules about names of variables: Ansible takes any, so a slip goes unnoticed. */
export const variableRules: readonly Rule[] = [
  {
    name: 'unknown-variable',
    severity: 'warning',
    summary: "A variable's name is one slip away from one that Labkit knows.",
    find: findUnknownVariables,
  },
  {
    name: 'unknown-field',
    severity: 'warning',
    summary: 'owner, room or mac has a field that Labkit does not know.',
    *find(context) {
      for (const { variable, node, path } of allAssignments(context)) {
        const fields = fieldsOf.get(variable);
        if (fields) yield* unknownFields(variable, node, path, fields);
      }
    },
  },
  {
    name: 'room-on-host',
    severity: 'warning',
    summary: '`room` is set on a host, where it does nothing.',
    *find(context) {
      for (const host of context.raw.hosts.values())
        for (const { variable, key, path } of host.assignments)
          if (variable === 'room')
            yield {
              at: positionOf(key),
              path,
              host: host.name,
              message: 'room is set on a host; only a group becomes a room',
              hint: "write room under the group's vars, and put the host into that group",
            };
    },
  },
  {
    name: 'bad-vlan',
    severity: 'error',
    summary: 'A VLAN number is not one from 1 to 4094 (IEEE 802.1Q).',
    *find(context) {
      for (const assignment of allAssignments(context)) {
        const node = vlanOf(assignment);
        if (node?.kind !== 'scalar' || node.text === '' || /^\{\{.*\}\}$/s.test(node.text))
          continue;
        const number = /^\d{1,4}$/.test(node.text) ? Number(node.text) : 0;
        if (number < 1 || number > 4094)
          yield {
            at: positionOf(node),
            path: assignment.variable === 'vlan' ? assignment.path : `${assignment.path}.vlan`,
            message: `"${node.text}" is not a VLAN number`,
            hint: 'write a number from 1 to 4094',
          };
      }
    },
  },
];

function vlanOf({ variable, node }: Assignment): Located | undefined {
  if (variable === 'vlan') return node;
  if (variable !== 'room' || node.kind !== 'map') return undefined;
  return node.entries.find(({ key }) => key.text === 'vlan')?.value;
}

/** Names people bring along from other tools. */
const otherNames: ReadonlyMap<string, string> = new Map([
  ...['mac_address', 'macaddress', 'macaddr', 'mac_addr', 'hwaddr', 'macs'].map(to('mac')),
  ...['ip_address', 'ipaddress', 'ipaddr', 'ip_addr', 'ipv4'].map(to('ip')),
  ...['serial_number', 'serialnumber', 'serial_no'].map(to('serial')),
  ...['asset_tag', 'asset_number', 'asset_no', 'asset_id'].map(to('asset')),
  ...['vlan_id', 'vlanid'].map(to('vlan')),
  ...['seat_number', 'seat_no'].map(to('seat')),
]);

function to(name: string): (other: string) => [string, string] {
  return (other) => [other, name];
}

/** Everyday words that are only by chance one letter away from a name of ours. */
const innocent = new Set(['mode', 'models', 'owners', 'rooms', 'seats', 'ports', 'modem', 'glass']);

function* findUnknownVariables(context: LintContext): Iterable<Finding> {
  const meant = new Map<string, string | undefined>();
  for (const { variable, key, path } of allAssignments(context)) {
    if (!meant.has(variable)) meant.set(variable, meantBy(variable));
    const known = meant.get(variable);
    if (known !== undefined)
      yield {
        at: positionOf(key),
        path,
        message: `Labkit knows no variable ${variable}`,
        hint: `did you mean ${known}?`,
      };
  }
}

function meantBy(variable: string): string | undefined {
  if (knownVariables.has(variable) || innocent.has(variable)) return undefined;
  const lower = variable.toLowerCase();
  const sameLetters = lower.replaceAll('-', '_');
  if (knownVariables.has(sameLetters)) return sameLetters;
  const other = otherNames.get(sameLetters);
  if (other !== undefined) return other;
  for (const known of knownVariables.keys())
    if (known.length > 3 && isOneSlip(lower, known)) return known;
  return undefined;
}

/** One letter too many, too few, wrong, or two swapped. */
function isOneSlip(typed: string, known: string): boolean {
  let start = 0;
  while (start < typed.length && typed[start] === known[start]) start += 1;
  let end = 0;
  const shorter = Math.min(typed.length, known.length) - start;
  while (end < shorter && typed.at(-1 - end) === known.at(-1 - end)) end += 1;
  const left = typed.slice(start, typed.length - end);
  const right = known.slice(start, known.length - end);
  if (left.length <= 1 && right.length <= 1) return left !== right;
  return left.length === 2 && right.length === 2 && left === `${right[1]}${right[0]}`;
}

const fieldsOf: ReadonlyMap<string, readonly KnownVariable[]> = new Map([
  ['owner', ownerFields],
  ['room', roomFields],
  ['mac', macFields],
]);

function* unknownFields(
  variable: string,
  node: Located,
  path: string,
  fields: readonly KnownVariable[],
): Iterable<Finding> {
  if (node.kind === 'list')
    for (const [index, item] of node.items.entries())
      yield* unknownFields(variable, item, `${path}.${index}`, fields);
  if (node.kind !== 'map') return;
  const names = fields.map(({ name }) => name);
  for (const { key } of node.entries) {
    if (names.includes(key.text)) continue;
    const meant = nearest(key.text, names);
    yield {
      at: positionOf(key),
      path: `${path}.${key.text}`,
      message: `${variable} has no field ${key.text}`,
      hint: meant === undefined ? `known are ${names.join(', ')}` : `did you mean ${meant}?`,
    };
  }
}
