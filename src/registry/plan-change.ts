import { explainHostName } from '../model/dns-name.ts';
import type { Host, HostMac, HostStatus, Inventory, Owner, Room } from '../model/host.ts';
import { containsIp, parseSubnet, reservedAs } from '../model/ip.ts';
import { LabError } from '../model/lab-error.ts';
import type { Registration, RegistryAsk } from '../model/registration.ts';
import { findConflicts } from './conflicts.ts';
import {
  isSamePerson,
  isSameRegistration,
  nobody,
  registrationOf,
  renderOwner,
} from './registration.ts';

/** A change of the register, worked out against the inventory as it is. */
export interface PlannedChange {
  readonly host: string;
  /** Null for a host that is new. */
  readonly before: Registration | null;
  readonly after: Registration;
  /** What the host's status becomes; '' where it stays. */
  readonly status: HostStatus | '';
  /** False when the inventory says all of it already. */
  readonly isChange: boolean;
}

/** Works a change out, or refuses it: LabError 'usage' names what is missing, 'input' a value that cannot be, 'refused' whom it would take something from. */
export function planChange(inventory: Inventory, ask: RegistryAsk): PlannedChange {
  const host = inventory.hosts.find(({ name }) => name === ask.host);
  const missing = missingFields(inventory, ask);
  if (missing.length > 0)
    throw new LabError(
      'usage',
      `${ask.host} cannot be registered without ${missing.map(({ flag }) => flag).join(', ')}`,
      `add ${missing.map(({ flag, example }) => `${flag} ${example}`).join(' ')}`,
    );
  const planned = host ? planKnown(host, ask) : planNew(inventory, ask);
  if (planned.isChange && ask.verb !== 'release') {
    checkAddress(planned.after, host, inventory.rooms);
    refuseConflicts(inventory, planned.after);
  }
  return planned;
}

/** A flag that a change cannot do without. */
export interface MissingField {
  readonly flag: '--owner' | '--owner-id' | '--mac' | '--ip' | '--room';
  readonly example: string;
}

const examples: { readonly [F in MissingField['flag']]: string } = {
  '--owner': 'NAME',
  '--owner-id': 'ID',
  '--mac': '00:e0:4c:01:00:07',
  '--ip': '10.1.1.7',
  '--room': 'ROOM',
};

/** Which flags are missing: an owner with a number always, an address and a room where the host has none. */
export function missingFields({ hosts }: Inventory, ask: RegistryAsk): MissingField[] {
  const host = hosts.find(({ name }) => name === ask.host);
  if (ask.verb !== 'register' && !host)
    throw new LabError('usage', `there is no host ${ask.host}`, 'see `lab inventory list`');
  if (ask.verb === 'release') return [];
  const flags: MissingField['flag'][] = [];
  if (ask.owner.name === '') flags.push('--owner');
  if (ask.owner.id === '') flags.push('--owner-id');
  if (ask.mac === '' && (host?.mac ?? '') === '') flags.push('--mac');
  if (ask.ip === '' && (host?.ip ?? '') === '') flags.push('--ip');
  if (ask.room === '' && !host) flags.push('--room');
  return flags.map((flag) => ({ flag, example: examples[flag] }));
}

function planKnown(host: Host, ask: RegistryAsk): PlannedChange {
  const before = registrationOf(host);
  refuseVerb(before, ask);
  if (ask.room !== '' && ask.room !== before.room)
    throw new LabError(
      'input',
      `${host.name} is in ${before.room === '' ? 'no room' : before.room}, not in ${ask.room}`,
      'move its lines in the inventory to change its room, or leave --room out',
    );
  const isRelease = ask.verb === 'release';
  const after: Registration = {
    ...before,
    seat: ask.seat || before.seat,
    ip: isRelease ? '' : ask.ip || before.ip,
    macs: isRelease ? [] : withPrimary(before.macs, ask.mac),
    owner: isRelease ? nobody : ownerAfter(before.owner, ask.owner),
  };
  const status = statusAfter(host, ask);
  const isChange = status !== '' || !isSameRegistration(before, after);
  return { host: host.name, before, after, status, isChange };
}

function planNew(inventory: Inventory, ask: RegistryAsk): PlannedChange {
  const wrong = explainHostName(ask.host);
  if (wrong !== '')
    throw new LabError(
      'input',
      `"${ask.host}" ${wrong}`,
      'use letters, digits and hyphens, such as lab-a-07',
    );
  const twin = inventory.hosts.find(({ name }) => name.toLowerCase() === ask.host.toLowerCase());
  if (twin || inventory.groups.some(({ name }) => name === ask.host))
    throw new LabError(
      'refused',
      `${twin ? `${twin.name} is a host` : `${ask.host} is a group`} already`,
      'choose another name',
    );
  if (!inventory.rooms.some(({ name }) => name === ask.room)) {
    const names = inventory.rooms.map(({ name }) => name);
    throw new LabError(
      'input',
      `there is no room ${ask.room}`,
      names.length === 0
        ? 'give a group a room variable first'
        : `write one of ${names.slice(0, 20).join(', ')}`,
    );
  }
  const after: Registration = {
    host: ask.host,
    room: ask.room,
    seat: ask.seat,
    ip: ask.ip,
    macs: withPrimary([], ask.mac),
    owner: ask.owner,
  };
  return { host: ask.host, before: null, after, status: '', isChange: true };
}

/** Registering takes no host from anyone, and only what somebody answers for can be handed on. */
function refuseVerb({ host, owner }: Registration, ask: RegistryAsk): void {
  const isOwned = owner.name !== '' || owner.id !== '';
  if (ask.verb === 'register' && isOwned && !isSamePerson(owner, ask.owner))
    throw new LabError(
      'refused',
      `${renderOwner(owner)} answers for ${host} already`,
      `hand it on: lab registry transfer ${host} --owner ... --owner-id ...`,
    );
  if (ask.verb === 'transfer' && !isOwned)
    throw new LabError(
      'refused',
      `nobody answers for ${host}, so there is nobody to take it over from`,
      `lab registry register ${host} --owner ... --owner-id ...`,
    );
}

/** One person keeps the department and telephone that nobody named; the next one does not inherit them. */
function ownerAfter(before: Owner, asked: Owner): Owner {
  if (!isSamePerson(before, asked)) return asked;
  return {
    name: asked.name,
    id: asked.id,
    department: asked.department || before.department,
    phone: asked.phone || before.phone,
  };
}

function withPrimary(macs: readonly HostMac[], addr: string): readonly HostMac[] {
  if (addr === '') return macs;
  if (macs.length === 0) return [{ addr, role: 'wired', primary: true }];
  return macs.map((mac) => (mac.primary ? { ...mac, addr } : mac));
}

function statusAfter({ status }: Host, ask: RegistryAsk): HostStatus | '' {
  const isIdle = status === 'spare' || status === 'retired';
  const wanted = ask.verb === 'release' ? ask.status || 'spare' : isIdle ? 'active' : status;
  return wanted === status ? '' : wanted;
}

/** An address that cannot work where the host stands. */
function checkAddress(
  { ip, room: roomName }: Registration,
  host: Host | undefined,
  rooms: readonly Room[],
): void {
  const room = rooms.find(({ name }) => name === roomName);
  if (!room || ip === '' || ip === host?.ip) return;
  const refuse = (problem: string): never => {
    throw new LabError('input', `--ip: ${problem}`, `choose another address of ${room.name}`);
  };
  if (ip === room.gateway) refuse(`${ip} is the gateway of ${room.name}`);
  const parsed = parseSubnet(room.subnet);
  if ('problem' in parsed || (host && host.vlan !== '' && host.vlan !== room.vlan)) return;
  if (!containsIp(parsed.subnet, ip))
    refuse(`${ip} is outside ${room.subnet}, the subnet of ${room.name}`);
  const reserved = reservedAs(parsed.subnet, ip);
  if (reserved !== '') refuse(`${ip} is the ${reserved} address of ${room.subnet}`);
}

/** Refuses what another host has already (LabError 'refused'), naming the holders. */
export function refuseConflicts({ hosts }: Pick<Inventory, 'hosts'>, wanted: Registration): void {
  const problems = findConflicts(hosts, wanted);
  if (problems.length > 0)
    throw new LabError('refused', 'that belongs to somebody else; nothing was changed', '', {
      problems,
    });
}
