import type { Host, Room } from '../model/host.ts';
import { parseSubnet, reservedAs } from '../model/ip.ts';

/** What a new PC of a room would be given next; '' where the room gives no clue. */
export interface Proposal {
  readonly seat: string;
  readonly name: string;
  readonly ip: string;
}

/** What proposing looks at of a host. */
export type Placed = Pick<Host, 'name' | 'seat' | 'ip' | 'status' | 'room'>;

/** Proposes the next free seat of a room, and a name and an address in the manner of those that are there. */
export function proposeNext(room: Room, hosts: readonly Placed[]): Proposal {
  return proposeAt(room, hosts, proposeSeat(placedIn(room, hosts)));
}

/** Proposes a name and an address for a seat of a room. */
export function proposeAt(room: Room, hosts: readonly Placed[], seat: string): Proposal {
  const name = proposeName(room, placedIn(room, hosts), hosts, seat);
  return { seat, name, ip: proposeIp(room, hosts, seat) };
}

function placedIn(room: Room, hosts: readonly Placed[]): Placed[] {
  return hosts.filter((host) => host.room?.name === room.name && host.status !== 'retired');
}

interface Numbered {
  readonly prefix: string;
  readonly number: number;
  /** Digits, with leading zeros. */
  readonly width: number;
}

function readNumbered(text: string): Numbered | undefined {
  const match = /^(.*?)(\d{1,6})$/.exec(text.trim());
  return match?.[2] === undefined
    ? undefined
    : { prefix: match[1] ?? '', number: Number(match[2]), width: match[2].length };
}

function renderNumbered({ prefix, number, width }: Numbered): string {
  return prefix + String(number).padStart(width, '0');
}

/** The numbers of the prefix that most texts have. */
function commonSeries(texts: readonly string[]): Numbered[] {
  const series = Map.groupBy(
    texts.flatMap((text) => readNumbered(text) ?? []),
    ({ prefix }) => prefix,
  );
  return [...series.values()].sort((a, b) => b.length - a.length)[0] ?? [];
}

function proposeSeat(inRoom: readonly Placed[]): string {
  if (inRoom.length === 0) return '01';
  const series = commonSeries(inRoom.map(({ seat }) => seat));
  const [first] = series;
  if (!first) return '';
  const taken = new Set(series.map(({ number }) => number));
  let number = 1;
  while (taken.has(number)) number += 1;
  return renderNumbered({ ...first, number, width: Math.min(...series.map(({ width }) => width)) });
}

function proposeName(
  room: Room,
  inRoom: readonly Placed[],
  hosts: readonly Placed[],
  seat: string,
): string {
  const series = commonSeries(inRoom.map(({ name }) => name));
  const first = series[0] ?? { prefix: `${room.name.replaceAll('_', '-')}-`, number: 0, width: 2 };
  const names = new Set(hosts.map(({ name }) => name));
  let number = readNumbered(seat)?.number ?? 1;
  while (names.has(renderNumbered({ ...first, number }))) number += 1;
  return renderNumbered({ ...first, number });
}

/** The number of a seat or name as the last part where that is free, else the first address that nobody has. */
export function proposeIp(room: Room, hosts: readonly Placed[], seat: string): string {
  const parsed = parseSubnet(room.subnet);
  if ('problem' in parsed || parsed.subnet.version !== 4) return '';
  const { subnet } = parsed;
  const taken = new Set(hosts.map(({ ip }) => ip).concat(room.gateway));
  const isFree = (value: bigint): boolean => {
    const ip = renderIp(value);
    return value <= subnet.last && !taken.has(ip) && reservedAs(subnet, ip) === '';
  };
  const wanted = subnet.first + BigInt(readNumbered(seat)?.number ?? 0);
  if (isFree(wanted)) return renderIp(wanted);
  for (let value = subnet.first; value <= subnet.last; value += 1n)
    if (isFree(value)) return renderIp(value);
  return '';
}

function renderIp(value: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 255n)).join('.');
}
