import type { Host } from '../../model/host.ts';
import {
  type Finding,
  type LintContext,
  type Place,
  placeOf,
  placeOfMac,
  type Rule,
  shownPlace,
} from './rule.ts';

/** A value of a host that must be its own, with the way to where it was written. */
interface Claim {
  readonly host: Host;
  /** Equal for two claims that collide. */
  readonly key: string;
  readonly shown: string;
  readonly place: () => Place;
}

/** Rules about values that two hosts cannot share. The problem is told at the later place and names the first. */
export const duplicateRules: readonly Rule[] = [
  {
    name: 'duplicate-mac',
    severity: 'error',
    summary: 'Two hosts have one MAC address, in whatever spelling; docks may be shared.',
    find: (context) => collisions(macClaims(context), (claim) => `the MAC address ${claim.shown}`),
  },
  {
    name: 'duplicate-ip',
    severity: 'error',
    summary: 'Two hosts have one IP address.',
    find: (context) =>
      collisions(
        claimsOf(context, present(context), 'ip', (host) => host.ip),
        (claim) => `the IP address ${claim.shown}`,
      ),
  },
  {
    name: 'duplicate-serial',
    severity: 'error',
    summary: 'Two hosts have one serial number.',
    find: (context) =>
      collisions(
        claimsOf(context, context.inventory.hosts, 'serial', ({ serial }) =>
          isJunkSerial(serial) ? '' : serial,
        ),
        (claim) => `the serial number ${claim.shown}`,
      ),
  },
  {
    name: 'duplicate-uuid',
    severity: 'error',
    summary: 'Two hosts have one UUID.',
    find: (context) =>
      collisions(
        claimsOf(context, context.inventory.hosts, 'uuid', ({ uuid }) =>
          isJunkUuid(uuid) ? '' : uuid,
        ),
        (claim) => `the UUID ${claim.shown}`,
      ),
  },
  {
    name: 'duplicate-asset',
    severity: 'error',
    summary: 'Two hosts have one asset number.',
    find: (context) =>
      collisions(
        claimsOf(context, context.inventory.hosts, 'asset', (host) => host.asset),
        (claim) => `the asset number ${claim.shown}`,
      ),
  },
  {
    name: 'duplicate-seat',
    severity: 'error',
    summary: 'Two hosts have one seat of a room.',
    find: (context) => collisions(seatClaims(context), (claim) => claim.shown),
  },
  {
    name: 'duplicate-switch-port',
    severity: 'warning',
    summary: 'Two hosts are plugged into one switch port.',
    find: (context) =>
      collisions(
        claimsOf(context, present(context), 'switch_port', (host) => host.switchPort),
        (claim) => `the switch port ${claim.shown}`,
      ),
  },
  {
    name: 'duplicate-host-name',
    severity: 'error',
    summary: 'Two host names differ only in capitals, or one is the other with its domain.',
    find: findDuplicateNames,
  },
];

/** Serial numbers that board makers leave in (SMBIOS 3.7, 7.2 leaves the text to them). */
export function isJunkSerial(serial: string): boolean {
  const plain = serial.trim().toLowerCase();
  return plain !== '' && (junkSerials.has(plain) || /^(.)\1*$/.test(plain));
}

const junkSerials = new Set([
  'to be filled by o.e.m.',
  'to be filled by o.e.m',
  'default string',
  'system serial number',
  'chassis serial number',
  'not specified',
  'not applicable',
  'none',
  'n/a',
  'oem',
  'unknown',
  '123456789',
  '0123456789',
  '1234567890',
]);

/** UUIDs that are no machine's own: all zeros, all F, and the one of a reference firmware. */
export function isJunkUuid(uuid: string): boolean {
  const plain = uuid.toLowerCase().replaceAll(/[^0-9a-f]/g, '');
  return /^(?:0+|f+)$/.test(plain) || plain === '03000200040005000006000700080009';
}

/** Retired hosts keep their serial number, not their place in the network. */
function present(context: LintContext): readonly Host[] {
  return context.inventory.hosts.filter((host) => host.status !== 'retired');
}

function* claimsOf(
  context: LintContext,
  hosts: readonly Host[],
  variable: string,
  read: (host: Host) => string,
): Iterable<Claim> {
  for (const host of hosts) {
    const shown = read(host);
    if (shown !== '')
      yield {
        host,
        key: shown.trim().toLowerCase(),
        shown,
        place: () => placeOf(context, host, variable),
      };
  }
}

function* macClaims(context: LintContext): Iterable<Claim> {
  for (const host of context.inventory.hosts) {
    const seen: string[] = [];
    for (const { addr, role } of host.macs) {
      if (role === 'dock') continue;
      const nth = seen.filter((other) => other === addr).length;
      seen.push(addr);
      yield { host, key: addr, shown: addr, place: () => placeOfMac(context, host, addr, nth) };
    }
  }
}

function* seatClaims(context: LintContext): Iterable<Claim> {
  for (const host of present(context)) {
    if (host.seat === '' || !host.room) continue;
    const number = host.seat
      .trim()
      .toLowerCase()
      .replace(/^0+(?=\d)/, '');
    const shown = `seat ${host.seat} of ${host.room.name}`;
    yield {
      host,
      key: `${host.room.name}\0${number}`,
      shown,
      place: () => placeOf(context, host, 'seat'),
    };
  }
}

function* collisions(claims: Iterable<Claim>, what: (claim: Claim) => string): Iterable<Finding> {
  const first = new Map<string, Claim>();
  for (const claim of claims) {
    const other = first.get(claim.key);
    if (!other) {
      first.set(claim.key, claim);
      continue;
    }
    const [earlier, later] = inReadingOrder(other, claim);
    const whose =
      earlier.claim.host === later.claim.host
        ? 'it has already'
        : `belongs to ${earlier.claim.host.name}`;
    yield {
      ...later.place,
      host: later.claim.host.name,
      message: `${what(later.claim)} ${whose} (${shownPlace(earlier.place.at)})`,
      hint: 'find out on the hosts themselves which of the two is right',
    };
  }
}

interface PlacedClaim {
  readonly claim: Claim;
  readonly place: Place;
}

/** Hosts come in Ansible's order; within one file a person finds "the second one" further down. */
function inReadingOrder(one: Claim, other: Claim): readonly [PlacedClaim, PlacedClaim] {
  const a = { claim: one, place: one.place() };
  const b = { claim: other, place: other.place() };
  const swapped =
    a.place.at.file === b.place.at.file &&
    (a.place.at.line - b.place.at.line || a.place.at.column - b.place.at.column) > 0;
  return swapped ? [b, a] : [a, b];
}

function* findDuplicateNames(context: LintContext): Iterable<Finding> {
  const firstByName = new Map<string, Host>();
  const report = (host: Host, other: Host, how: string): Finding => ({
    ...placeOf(context, host),
    host: host.name,
    message: `${how} ${other.name} (${shownPlace(other.at)})`,
    hint: 'if both are one PC, write it once; otherwise rename one',
  });
  for (const host of context.inventory.hosts) {
    const name = host.name.toLowerCase();
    const other = firstByName.get(name);
    if (other) yield report(host, other, 'but for capitals, this is the name of');
    else firstByName.set(name, host);
  }
  for (const host of context.inventory.hosts) {
    const [label = '', ...domain] = host.name.toLowerCase().split('.');
    const short = domain.length > 0 && !/^\d+$/.test(label) ? firstByName.get(label) : undefined;
    if (short) yield report(host, short, 'without its domain, this is the name of');
  }
}
