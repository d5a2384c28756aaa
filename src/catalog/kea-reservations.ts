import type { Binding } from '../model/export.ts';
import { parseMac } from '../model/mac.ts';
import { type JsonNode, parseCommentedJson } from './commented-json.ts';
import { makeBinding, type ReadBindings } from './dhcp-options.ts';

/** Reads the reservations of a Kea configuration, wherever they stand; those by another identifier than a MAC address are returned as they are. A text that is no JSON is one unknown line. */
export function readKea(text: string): ReadBindings {
  const parsed = parseCommentedJson(text);
  if ('problem' in parsed)
    return { bindings: [], unknown: [{ line: parsed.line, text: parsed.problem }] };
  const bindings: Binding[] = [];
  const unknown: { line: number; text: string }[] = [];
  for (const node of findReservations(parsed)) {
    const binding = readReservation(node);
    if (binding) bindings.push(binding);
    else unknown.push({ line: node.line, text: text.slice(node.start, node.end) });
  }
  return { bindings, unknown };
}

function* findReservations(node: JsonNode): Iterable<JsonNode> {
  if (node.kind === 'list') for (const item of node.items) yield* findReservations(item);
  if (node.kind !== 'map') return;
  for (const [key, value] of node.entries)
    if (key === 'reservations' && value.kind === 'list') yield* value.items;
    else yield* findReservations(value);
}

function readReservation(node: JsonNode): Binding | undefined {
  if (node.kind !== 'map') return undefined;
  const textOf = (key: string): string => {
    const value = node.entries.get(key);
    return value?.kind === 'scalar' && typeof value.value === 'string' ? value.value : '';
  };
  const parsed = parseMac(textOf('hw-address'));
  if (!('mac' in parsed)) return undefined;
  const { line } = node;
  return makeBinding({ mac: parsed.mac, ip: textOf('ip-address'), name: textOf('hostname'), line });
}
