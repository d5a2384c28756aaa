import type { Host } from '../../model/host.ts';
import type { ImportField } from '../../model/import.ts';
import { isJunkSerial, isJunkUuid } from '../rules/duplicates.ts';
import { seatKey } from './find-changes.ts';
import { foldText } from './find-target.ts';
import { cellOf, type Refusal, type Wish } from './planned-row.ts';

/** A value that only one host can have. */
interface Claim {
  readonly field: ImportField;
  readonly key: string;
  readonly what: string;
}

interface Holder {
  readonly claim: Claim;
  readonly host: string;
  /** Undefined for a host that has the value now and keeps it. */
  readonly wish: Wish | undefined;
}

/** Finds rows that take what another host has and keeps, or what an earlier row takes; two hosts may change places. Answers the refusals by row. */
export function findCollisions(
  hosts: readonly Host[],
  wishes: readonly Wish[],
): ReadonlyMap<Wish, Refusal> {
  const about = new Map(hosts.map((host) => [host.name, host]));
  const holders = Map.groupBy(
    [...keptClaims(hosts, wishes), ...wishes.flatMap(wantedClaims)],
    ({ claim }) => keyOf(claim),
  );
  const refusals = new Map<Wish, Refusal>();
  for (const list of holders.values()) if (list.length > 1) judge(list, about, refusals);
  return refusals;
}

function keptClaims(hosts: readonly Host[], wishes: readonly Wish[]): Holder[] {
  const byHost = new Map(wishes.map((wish) => [wish.host, wish]));
  return hosts.flatMap((host) => {
    const wish = byHost.get(host.name);
    return claimsOf(host)
      .filter((claim) => !wish || keeps(wish, claim, host))
      .map((claim) => ({ claim, host: host.name, wish: undefined }));
  });
}

function wantedClaims(wish: Wish): Holder[] {
  const present = new Set(wish.existing ? claimsOf(wish.existing).map(keyOf) : []);
  return wishedClaims(wish).map((claim) => ({
    claim,
    host: wish.host,
    wish: present.has(keyOf(claim)) ? undefined : wish,
  }));
}

function keyOf({ field, key }: Claim): string {
  return `${field}\0${key}`;
}

function judge(
  list: readonly Holder[],
  about: ReadonlyMap<string, Host>,
  refusals: Map<Wish, Refusal>,
): void {
  const winner = list.find(({ wish }) => wish === undefined) ?? list[0];
  for (const { claim, host, wish } of list) {
    if (!wish || !winner || host === winner.host || refusals.has(wish)) continue;
    const holder = winner.wish
      ? `row ${winner.wish.row.row} gives it to ${winner.host}`
      : `belongs to ${tellHolder(about.get(winner.host), winner.host)}`;
    refusals.set(wish, {
      cell: cellOf(wish.row, claim.field),
      reason: winner.wish ? `${claim.what} is wanted twice: ${holder}` : `${claim.what} ${holder}`,
      hint: 'find out on the PCs themselves which of the two is right',
    });
  }
}

function tellHolder(host: Host | undefined, name: string): string {
  const owner = host?.owner.name ?? '';
  const seat = host?.seat ? `seat ${host.seat}${host.room ? ` of ${host.room.name}` : ''}` : '';
  const more = [owner, seat].filter((part) => part !== '').join(', ');
  return more === '' ? name : `${name} (${more})`;
}

/** As in the rules of lint: docks may be shared, retired hosts have left the network and their seat. */
function claimsOf(host: Host): Claim[] {
  const inUse = host.status !== 'retired';
  return [
    ...host.macs.filter(({ role }) => role !== 'dock').map(({ addr }) => claimMac(addr)),
    ...claim('ip', inUse ? host.ip : '', `the IP address ${host.ip}`),
    ...claimSeat(inUse ? host.seat : '', host.room?.name ?? ''),
    ...claimSerial(host.serial),
    ...claim('asset', host.asset, `the asset number ${host.asset}`),
    ...claim('uuid', isJunkUuid(host.uuid) ? '' : host.uuid, `the UUID ${host.uuid}`),
  ];
}

function wishedClaims({ values, macs, existing, group }: Wish): Claim[] {
  const inUse = (values.get('status') ?? existing?.status) !== 'retired';
  const value = (field: ImportField): string => values.get(field) ?? '';
  return [
    ...macs.filter(({ role }) => role !== 'dock').map(({ addr }) => claimMac(addr)),
    ...claim('ip', inUse ? value('ip') : '', `the IP address ${value('ip')}`),
    ...claimSeat(inUse ? value('seat') : '', existing?.room?.name ?? group),
    ...claimSerial(value('serial')),
    ...claim('asset', value('asset'), `the asset number ${value('asset')}`),
    ...claim('uuid', isJunkUuid(value('uuid')) ? '' : value('uuid'), `the UUID ${value('uuid')}`),
  ];
}

/** A host that gets another value of the field gives up the one it has. */
function keeps(wish: Wish, { field }: Claim, { macs }: Host): boolean {
  if (field === 'mac')
    return wish.macs.every(({ addr }) => macs.some((known) => known.addr === addr));
  if (wish.values.get('status') === 'retired' && (field === 'ip' || field === 'seat')) return false;
  return !wish.values.has(field);
}

function claim(field: ImportField, value: string, what: string): Claim[] {
  return value === '' ? [] : [{ field, key: foldText(value), what }];
}

function claimMac(addr: string): Claim {
  return { field: 'mac', key: addr, what: `the MAC address ${addr}` };
}

function claimSeat(seat: string, room: string): Claim[] {
  if (seat === '' || room === '') return [];
  return [{ field: 'seat', key: `${room}\0${seatKey(seat)}`, what: `seat ${seat} of ${room}` }];
}

function claimSerial(serial: string): Claim[] {
  return claim('serial', isJunkSerial(serial) ? '' : serial, `the serial number ${serial}`);
}
