import type { Host, Room } from '../model/host.ts';
import { isLocallyAdministered } from '../model/mac.ts';
import { type Placed, proposeIp, proposeNext } from './propose.ts';

/** A seat that waits for its PC: a host without a MAC address, or one that is yet to be written. */
export interface FreeSeat {
  readonly host: string;
  readonly seat: string;
  readonly ip: string;
  readonly isNew: boolean;
}

/** A PC as it came onto the network. `at` (milliseconds since 1970) tells who came first; undefined when nobody knows. */
export interface NewLook {
  readonly mac: string;
  readonly ip: string;
  readonly at: number | undefined;
}

/** Why a card is passed over without a question. */
export type PassReason = 'there-before' | 'gateway' | 'randomised' | 'in-place' | 'skipped';

/** What is to be done about the next card: it takes a seat, is passed over, is somebody's already, or came together with another so that nobody knows whose seat comes first. */
export type EnrolStep =
  | { readonly kind: 'fill'; readonly seat: FreeSeat; readonly look: NewLook }
  | { readonly kind: 'pass'; readonly look: NewLook; readonly reason: PassReason }
  | { readonly kind: 'stop'; readonly look: NewLook; readonly host: string }
  | { readonly kind: 'unordered'; readonly looks: readonly NewLook[] }
  | { readonly kind: 'wait' }
  | { readonly kind: 'full' };

/** A round of switching PCs on. All parts are values: each step makes a new one. */
export interface Enrolment {
  readonly room: Room;
  /** Every host of the room in seat order, with the MAC addresses it has by now. */
  readonly order: readonly string[];
  readonly holders: ReadonlyMap<string, string>;
  readonly free: readonly FreeSeat[];
  readonly filled: readonly { readonly seat: FreeSeat; readonly look: NewLook }[];
  readonly passed: ReadonlyMap<string, PassReason>;
  /** Cards that were taken back: they wait until another card has taken the seat. */
  readonly held: ReadonlySet<string>;
}

/** What a round begins with. */
export interface EnrolBeginning {
  readonly room: Room;
  /** All hosts of the inventory; those of the room in seat order. */
  readonly hosts: readonly Host[];
  /** How many hosts may be added behind those that are listed. */
  readonly newHosts: number;
  /** How new hosts are called, such as `a{:02}`; '' as the room's others are. */
  readonly names: string;
}

/** Begins a round: the room's hosts without a MAC address are its free seats, and behind them as many new ones as are wanted; an address is proposed where none is written. */
export function openEnrolment({ room, hosts, newHosts, names }: EnrolBeginning): Enrolment {
  const inRoom = hosts.filter((host) => host.room?.name === room.name);
  const placed: Placed[] = [...hosts];
  const free: FreeSeat[] = [];
  for (const host of inRoom) {
    if (host.macs.length > 0 || host.status === 'retired') continue;
    const ip = host.ip === '' ? proposeIp(room, placed, host.name) : host.ip;
    placed.push({ ...host, ip });
    free.push({ host: host.name, seat: host.seat, ip, isNew: false });
  }
  for (let added = 0; added < newHosts; added += 1) {
    const next = proposeNext(room, placed);
    const host = names === '' ? next.name : nameAfter(names, placed);
    placed.push({ name: host, seat: next.seat, ip: next.ip, status: 'active', room });
    free.push({ host, seat: next.seat, ip: next.ip, isNew: true });
  }
  return {
    room,
    order: [
      ...inRoom.map(({ name }) => name),
      ...free.filter((seat) => seat.isNew).map((seat) => seat.host),
    ],
    holders: new Map(hosts.flatMap(({ name, macs }) => macs.map(({ addr }) => [addr, name]))),
    free,
    filled: [],
    passed: new Map(),
    held: new Set(),
  };
}

/** The first name of a pattern such as `a{:02}` or `pc-{}` that nobody has. */
function nameAfter(pattern: string, placed: readonly Placed[]): string {
  const taken = new Set(placed.map(({ name }) => name));
  const [whole = '', width = '0'] = /\{(?::0(\d))?\}/.exec(pattern) ?? [];
  for (let number = 1; ; number += 1) {
    const name = pattern.replace(whole, String(number).padStart(Number(width), '0'));
    if (!taken.has(name)) return name;
  }
}

/** What is wrong with a pattern of names, or '' for nothing. */
export function explainNames(pattern: string): string {
  const slots = pattern.match(/\{[^}]*\}/g) ?? [];
  if (slots.length === 1 && /^\{(?::0[1-9])?\}$/.test(slots[0] ?? '')) return '';
  return 'it needs one {} or {:02} for the number';
}

/** Leaves out the cards that are on the network before the round begins. */
export function leaveOut(state: Enrolment, looks: readonly NewLook[]): Enrolment {
  const passed = new Map(state.passed);
  for (const { mac } of looks) if (!passed.has(mac)) passed.set(mac, 'there-before');
  return { ...state, passed };
}

/** What is to be done next, given all cards that are on the network now; it is done by `takeStep`. Cards that came first are first in turn. */
export function nextStep(state: Enrolment, looks: readonly NewLook[]): EnrolStep {
  const [seat] = state.free;
  if (!seat) return { kind: 'full' };
  const waiting = newLooks(state, looks);
  const [look] = waiting;
  if (!look) return { kind: 'wait' };
  for (const each of waiting) {
    const reason = reasonToPass(state, each);
    if (reason) return { kind: 'pass', look: each, reason };
  }
  const together = waiting.filter(({ at }) => at === look.at);
  if (together.length > 1) return { kind: 'unordered', looks: together };
  const host = state.holders.get(look.mac);
  return host === undefined ? { kind: 'fill', seat, look } : { kind: 'stop', look, host };
}

function newLooks(state: Enrolment, looks: readonly NewLook[]): NewLook[] {
  const taken = new Set(state.filled.map(({ look }) => look.mac));
  const first = new Map<string, NewLook>();
  for (const look of looks) {
    if (taken.has(look.mac) || state.passed.has(look.mac) || state.held.has(look.mac)) continue;
    const known = first.get(look.mac);
    if (!known || (look.at ?? 0) < (known.at ?? 0)) first.set(look.mac, look);
  }
  return [...first.values()].sort((a, b) => (a.at ?? 0) - (b.at ?? 0));
}

function reasonToPass(state: Enrolment, { mac, ip }: NewLook): PassReason | undefined {
  if (ip !== '' && ip === state.room.gateway) return 'gateway';
  const host = state.holders.get(mac);
  if (host === undefined) return isLocallyAdministered(mac) ? 'randomised' : undefined;
  // A PC of an earlier seat is where it belongs; one of a later seat, or of another room, breaks the order.
  const place = state.order.indexOf(host);
  const next = state.order.indexOf(state.free[0]?.host ?? '');
  return place !== -1 && place < next ? 'in-place' : undefined;
}

/** The round after a step was done: a seat is filled, or a card is passed over. */
export function takeStep(state: Enrolment, step: EnrolStep): Enrolment {
  if (step.kind === 'pass')
    return { ...state, passed: new Map(state.passed).set(step.look.mac, step.reason) };
  if (step.kind !== 'fill') return state;
  const { seat, look } = step;
  return {
    ...state,
    free: state.free.filter(({ host }) => host !== seat.host),
    filled: [...state.filled, { seat, look }],
    holders: new Map(state.holders).set(look.mac, seat.host),
    held: new Set(),
  };
}

/** The round with the last seat free again; its card waits until another one has taken the seat. The seat is undefined when none was filled. */
export function undoLast(state: Enrolment): {
  readonly state: Enrolment;
  readonly undone: { readonly seat: FreeSeat; readonly look: NewLook } | undefined;
} {
  const undone = state.filled.at(-1);
  if (!undone) return { state, undone };
  const holders = new Map(state.holders);
  holders.delete(undone.look.mac);
  return {
    undone,
    state: {
      ...state,
      free: [undone.seat, ...state.free],
      filled: state.filled.slice(0, -1),
      holders,
      held: new Set(state.held).add(undone.look.mac),
    },
  };
}
