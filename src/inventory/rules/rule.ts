import type { Host, Inventory, Room } from '../../model/host.ts';
import { entryOf, type Located, positionOf } from '../../model/located.ts';
import { parseMac } from '../../model/mac.ts';
import type { Position, Problem } from '../../model/problem.ts';
import type { Assignment, RawInventory } from '../raw.ts';

/** What every rule looks at: the inventory as it is meant, and as it is written. */
export interface LintContext {
  readonly raw: RawInventory;
  readonly inventory: Inventory;
}

/** Where a value was written. */
export interface Place {
  readonly at: Position;
  readonly path: string;
}

/** What a rule found. With `host`, the message goes on after the host's name; hosts with one finding at one place are told together. */
export interface Finding extends Place {
  readonly host?: string;
  readonly message: string;
  readonly hint: string;
}

/** One thing a technician would want to be told about an inventory. */
export interface Rule {
  readonly name: string;
  readonly severity: Problem['severity'];
  /** One sentence: what it finds. */
  readonly summary: string;
  find(context: LintContext): Iterable<Finding>;
}

/** Where a host's variable, or a field within it, was written; where the host itself was, when nobody wrote it. */
export function placeOf(context: LintContext, host: Host, ...keys: readonly string[]): Place {
  const [variable = '', ...fields] = keys;
  const raw = context.raw.hosts.get(host.name);
  const assignment = raw?.effective.get(variable);
  if (assignment) return placeWithin(assignment, fields);
  return { at: host.at, path: raw?.mentions[0]?.path ?? host.name };
}

/** Where a host's MAC address was written, in whatever spelling; `nth` counts from 0 where it is written several times. */
export function placeOfMac(context: LintContext, host: Host, addr: string, nth = 0): Place {
  const assignment = context.raw.hosts.get(host.name)?.effective.get('mac');
  if (assignment?.node.kind !== 'list') return placeOf(context, host, 'mac');
  const indexes = assignment.node.items.flatMap((item, index) => {
    const text = item.kind === 'scalar' ? item : entryOf(item, 'addr')?.value;
    const parsed = text?.kind === 'scalar' ? parseMac(text.text) : undefined;
    return parsed && 'mac' in parsed && parsed.mac === addr ? [String(index)] : [];
  });
  return placeWithin(assignment, [indexes[nth] ?? '', 'addr']);
}

/** Whether anything was written for a variable: a value that could not be read has its own problem, a second one would only be noise. */
export function isWritten(context: LintContext, host: Host, variable: string): boolean {
  const node = context.raw.hosts.get(host.name)?.effective.get(variable)?.node;
  return node !== undefined && !(node.kind === 'scalar' && node.text.trim() === '');
}

/** Where a room's field was written; where its `room` was, when nobody wrote the field. */
export function placeOfRoom(context: LintContext, room: Room, ...fields: readonly string[]): Place {
  const assignment = context.raw.groups.get(room.name)?.effective.get('room');
  return assignment ? placeWithin(assignment, fields) : { at: room.at, path: room.name };
}

/** Where a field of an assigned mapping was written, as far as it can be followed. */
function placeWithin(assignment: Assignment, fields: readonly string[]): Place {
  let node: Located = assignment.node;
  let path = assignment.path;
  for (const field of fields) {
    const inner: Located | undefined =
      node.kind === 'list' ? node.items[Number(field)] : entryOf(node, field)?.value;
    if (!inner) break;
    node = inner;
    path += `.${field}`;
  }
  return { at: positionOf(node), path };
}

/** Every variable as it is written somewhere, also where another place overrides it. */
export function* allAssignments({ raw }: LintContext): Iterable<Assignment> {
  for (const host of raw.hosts.values()) yield* host.assignments;
  for (const group of raw.groups.values()) yield* group.assignments;
}

/** A place as people write it. */
export function shownPlace({ file, line, column }: Position): string {
  return `${file}:${line}:${column}`;
}

/** Hosts that are in use: those in store or retired need no owner, address or seat. */
export function hostsInUse(context: LintContext): readonly Host[] {
  return context.inventory.hosts.filter(
    (host) => host.status !== 'retired' && host.status !== 'spare' && !isController(host),
  );
}

/** Whether a host is the machine Labkit itself runs on. */
function isController(host: Host): boolean {
  return host.connection.kind === 'local' && host.name === 'localhost';
}
