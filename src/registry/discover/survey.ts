import type { Discovered } from '../../model/discovery.ts';
import type { Host, Inventory, Room } from '../../model/host.ts';
import { ipNumber, parseSubnet, type Subnet } from '../../model/ip.ts';
import type { Look } from './sightings.ts';
import { isAggregate, isPlug } from './switch-port.ts';

/** A room with its subnet read. */
interface Place {
  readonly room: Room;
  readonly subnet: Subnet;
}

/** Everything rules look at, indexed once, and what they found so far. */
export interface Survey {
  readonly chosen: readonly Host[];
  readonly byMac: ReadonlyMap<string, Host>;
  readonly byIp: ReadonlyMap<string, Host>;
  /** Looks of the last days, by MAC and by the IP they hold. */
  readonly looksAt: ReadonlyMap<string, readonly Look[]>;
  readonly claims: ReadonlyMap<string, readonly Look[]>;
  /** All looks, old ones too. */
  readonly all: readonly Look[];
  /** What hosts said of themselves, by name; old answers too. */
  readonly told: ReadonlyMap<string, readonly Look[]>;
  /** MAC addresses of gateways. */
  readonly gateways: ReadonlySet<string>;
  /** MAC addresses by source and port (`source\0port`), for ports that PCs are plugged into; uplinks left out. */
  readonly plugs: ReadonlyMap<string, readonly Look[]>;
  /** MAC addresses, and `mac ip` pairs, that a finding accounts for already. */
  readonly explained: Set<string>;
  readonly findings: Map<string, Discovered>;
  roomOf(ip: string): Room | undefined;
  isUplink(look: Look): boolean;
  isChosen(host: Host): boolean;
  /** Plugs with a single card, which nobody has registered, that a host's switch port may mean. */
  strangersAt(port: string): readonly (readonly Look[])[];
}

/** A port that carries more addresses than this leads to another switch. */
const uplinkFrom = 16;

/** Indexes what is registered and what was seen. `sinceMs` is the moment before which a look is too old to claim anything. */
export function makeSurvey(
  inventory: Inventory,
  chosen: readonly Host[],
  looks: readonly Look[],
  sinceMs: number,
): Survey {
  const recent = looks.filter(({ seenMs }) => seenMs >= sinceMs);
  const { byMac, byIp } = indexRegister(inventory.hosts);
  const gatewayIps = new Set(inventory.rooms.map(({ gateway }) => gateway));
  const gateways = new Set(
    recent
      .filter(({ ip, mac }) => ip !== '' && gatewayIps.has(ip) && !byMac.has(mac))
      .map(({ mac }) => mac),
  );
  const names = new Set(chosen.map(({ name }) => name));
  return {
    chosen,
    byMac,
    byIp,
    looksAt: groupBy(recent, ({ mac }) => mac),
    claims: groupBy(
      recent.filter(({ ip, holdsIp }) => ip !== '' && holdsIp),
      ({ ip }) => ip,
    ),
    all: looks,
    told: groupBy(
      looks.filter(({ host }) => host !== ''),
      ({ host }) => host,
    ),
    gateways,
    ...indexPorts(recent, byMac, gateways),
    explained: new Set(),
    findings: new Map(),
    roomOf: makeRoomFinder(inventory.rooms),
    isChosen: ({ name }) => names.has(name),
  };
}

function indexRegister(hosts: readonly Host[]): Pick<Survey, 'byMac' | 'byIp'> {
  const byMac = new Map<string, Host>();
  const byIp = new Map<string, Host>();
  for (const host of hosts) {
    for (const { addr } of host.macs) if (!byMac.has(addr)) byMac.set(addr, host);
    if (host.ip !== '' && !byIp.has(host.ip)) byIp.set(host.ip, host);
  }
  return { byMac, byIp };
}

function indexPorts(
  recent: readonly Look[],
  byMac: ReadonlyMap<string, Host>,
  gateways: ReadonlySet<string>,
): Pick<Survey, 'plugs' | 'isUplink' | 'strangersAt'> {
  const withPort = recent.filter(({ port }) => isPlug(port));
  const ports = [...groupBy(withPort, keyOfPort)];
  const plugs = new Map(ports.filter((each) => !isUplinkPort(each, gateways)));
  const single = [...plugs.values()].filter(([first, ...more]) => {
    const isAlone = more.every(({ mac }) => mac === first?.mac);
    return first !== undefined && isAlone && !byMac.has(first.mac);
  });
  const strangers = groupBy(single, ([look]) => lastNumber(look?.port ?? ''));
  return {
    plugs,
    isUplink: (look) => isPlug(look.port) && !plugs.has(keyOfPort(look)),
    strangersAt: (port) => strangers.get(lastNumber(port)) ?? [],
  };
}

function lastNumber(port: string): string {
  return /\d*$/.exec(port)?.[0] ?? '';
}

function isUplinkPort(
  [, looks]: readonly [string, readonly Look[]],
  gateways: ReadonlySet<string>,
): boolean {
  const macs = new Set(looks.map(({ mac }) => mac));
  return (
    macs.size > uplinkFrom ||
    isAggregate(looks[0]?.port ?? '') ||
    [...macs].some((mac) => gateways.has(mac))
  );
}

function keyOfPort({ source, port }: Look): string {
  return `${source}\0${port}`;
}

function makeRoomFinder(rooms: readonly Room[]): (ip: string) => Room | undefined {
  const places = rooms.flatMap((room): Place[] => {
    const parsed = parseSubnet(room.subnet);
    return 'subnet' in parsed ? [{ room, subnet: parsed.subnet }] : [];
  });
  const known = new Map<string, Room | undefined>();
  return (ip) => {
    if (!known.has(ip)) known.set(ip, findRoom(places, ip));
    return known.get(ip);
  };
}

/** As `containsIp` would, with the address read once for all rooms. */
function findRoom(places: readonly Place[], ip: string): Room | undefined {
  const value = ipNumber(ip);
  const version = ip.includes(':') ? 6 : 4;
  if (value === undefined) return undefined;
  return places.find(
    ({ subnet }) => subnet.version === version && subnet.first <= value && value <= subnet.last,
  )?.room;
}

/** Groups items by a key, in their order. */
export function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

/** All addresses of a host's cards. */
export function macsOf(host: Host): ReadonlySet<string> {
  return new Set(host.macs.map(({ addr }) => addr));
}

/** The recent looks at any card of a host. */
export function looksAtHost({ looksAt }: Survey, host: Host): Look[] {
  return host.macs.flatMap(({ addr }) => looksAt.get(addr) ?? []);
}

/** The first label of a name, in lower case. */
export function shortName(name: string): string {
  return name.split('.')[0]?.toLowerCase() ?? '';
}
