import type { Host, Inventory, Room } from '../model/host.ts';
import { containsIp, parseSubnet } from '../model/ip.ts';
import { LabError } from '../model/lab-error.ts';
import type { RegistryAsk } from '../model/registration.ts';
import { makeAsk } from './ask.ts';
import { type Placed, proposeAt, proposeNext } from './propose.ts';
import type { OpenRequest } from './requests.ts';
import { findPerson, unknownPerson } from './unknown-person.ts';

/** What was typed in the boot menu of a PC that nobody has registered, and what the PC says of itself. */
export interface MenuWish {
  readonly room: string;
  readonly seat: string;
  /** The staff number of who answers for it. */
  readonly staffNumber: string;
  readonly mac: string;
  /** The address it has now, for a room without a subnet. */
  readonly address: string;
  /** Maker, model, serial number and UUID in one line, for who decides. */
  readonly about: string;
}

/** A room in which it may be registered, with its next free seat; '' where the room gives no clue. */
export interface SeatProposal {
  readonly room: string;
  readonly seat: string;
}

/** The rooms for an unknown PC: the ones its address belongs to first, each with the seat that waits for its PC, else the next new one. Seats that open requests ask for are taken. */
export function proposeSeats(
  inventory: Inventory,
  open: readonly OpenRequest[],
  address: string,
): SeatProposal[] {
  const placed = placedWith(inventory, open);
  const asked = askedHosts(open);
  const near = (room: Room) => (isIn(room, address) ? 0 : 1);
  return [...inventory.rooms]
    .sort((one, other) => near(one) - near(other))
    .map((room) => {
      const waiting = inventory.hosts.find(
        (host) => isWaiting(host, room.name) && host.seat !== '' && !asked.has(host.name),
      );
      return { room: room.name, seat: waiting?.seat ?? proposeNext(room, placed).seat };
    });
}

/** What the request of the boot menu asks for, and why. Throws LabError 'refused' for a seat that has its PC or is asked for already, 'input' for a room that is not there or a seat or number that is missing. */
export function planMenuRequest(
  inventory: Inventory,
  open: readonly OpenRequest[],
  wish: MenuWish,
): { readonly ask: RegistryAsk; readonly reason: string } {
  refuseTwice(open, wish);
  const room = inventory.rooms.find(({ name }) => name === wish.room);
  if (!room || wish.seat === '' || wish.staffNumber === '')
    throw new LabError(
      'input',
      room ? 'seat and staff number are needed' : 'there is no such room',
      'choose again in the boot menu',
    );
  const there = inventory.hosts.find(
    ({ room: own, seat, status }) =>
      own?.name === room.name && seat === wish.seat && status !== 'retired',
  );
  if (there && there.macs.length > 0)
    throw new LabError('refused', `seat ${wish.seat} of ${room.name} is ${there.name}`, '');
  const owner = ownerOf(inventory, wish.staffNumber, there);
  const fresh = proposeAt(room, placedWith(inventory, open), wish.seat);
  const ask = makeAsk('register', there?.name ?? fresh.name, {
    owner: owner.name,
    ownerId: owner.id,
    mac: wish.mac,
    ip: (there?.ip ?? '') || fresh.ip || wish.address,
    seat: wish.seat,
    ...(there ? {} : { room: room.name }),
  });
  return { ask, reason: reasonOf(wish, owner) };
}

interface MenuOwner {
  readonly name: string;
  readonly id: string;
  readonly isKnown: boolean;
}

/** Who answers for a seat already goes on doing so; whose staff number no host has is an unknown person, whom the registrar names when it is approved. */
function ownerOf(inventory: Inventory, staffNumber: string, there: Host | undefined): MenuOwner {
  if (there && there.owner.name !== '' && there.owner.id !== '')
    return { name: there.owner.name, id: there.owner.id, isKnown: true };
  const known = findPerson(inventory.hosts, staffNumber);
  return { name: known?.name ?? unknownPerson, id: staffNumber, isKnown: known !== undefined };
}

function reasonOf({ about, staffNumber }: MenuWish, { id, isKnown }: MenuOwner): string {
  const typed = id === staffNumber ? '' : `; staff number typed: ${staffNumber}`;
  const unknown = isKnown ? '' : '; nobody in the inventory has this staff number';
  return `boot menu: ${about.slice(0, 120)}${typed}${unknown}`.slice(0, 200);
}

function refuseTwice(open: readonly OpenRequest[], { mac, room, seat }: MenuWish): void {
  const same = open.find(
    ({ ask, row }) =>
      ask.mac === mac || (seat !== '' && row.after?.room === room && row.after.seat === seat),
  );
  if (!same) return;
  throw new LabError(
    'refused',
    same.ask.mac === mac
      ? `this PC waits already: request ${same.row.seq}`
      : `seat ${seat} of ${room} is asked for already: request ${same.row.seq}`,
    'lab registry pending shows it',
  );
}

function isWaiting({ room, macs, status }: Host, name: string): boolean {
  return room?.name === name && macs.length === 0 && status !== 'retired';
}

function isIn({ subnet }: Room, address: string): boolean {
  const parsed = parseSubnet(subnet);
  return 'subnet' in parsed && address !== '' && containsIp(parsed.subnet, address);
}

function askedHosts(open: readonly OpenRequest[]): Set<string> {
  return new Set(open.map(({ ask }) => ask.host));
}

/** Hosts with those that are asked for, so that two PCs are not proposed the same seat. */
function placedWith({ hosts, rooms }: Inventory, open: readonly OpenRequest[]): Placed[] {
  const known = new Set(hosts.map(({ name }) => name));
  const coming = open.flatMap(({ ask }): Placed[] => {
    const room = rooms.find(({ name }) => name === ask.room);
    if (!room || known.has(ask.host)) return [];
    return [{ name: ask.host, seat: ask.seat, ip: ask.ip, status: 'active', room }];
  });
  return [...hosts, ...coming];
}
