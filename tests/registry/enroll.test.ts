import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Host, Room } from '../../src/model/host.ts';
import {
  type Enrolment,
  explainNames,
  leaveOut,
  type NewLook,
  nextStep,
  openEnrolment,
  takeStep,
  undoLast,
} from '../../src/registry/enroll.ts';
import { makeHost } from '../helpers/make-host.ts';

const room: Room = {
  name: 'lab_a',
  title: '',
  kind: '',
  maintainer: '',
  subnet: '10.1.1.0/24',
  gateway: '10.1.1.254',
  vlan: '',
  columns: 0,
  lessons: null,
  at: { file: 'school.yaml', line: 1, column: 1 },
};

function pc(number: number, more: Partial<Host> = {}): Host {
  return makeHost(`a${String(number).padStart(2, '0')}`, { room, seat: `A${number}`, ...more });
}
function withMac(host: Host, addr: string): Host {
  return { ...host, mac: addr, macs: [{ addr, role: 'wired', primary: true }] };
}
const mac = (number: number): string => `00:e0:4c:00:00:${number.toString(16).padStart(2, '0')}`;
const look = (number: number, more: Partial<NewLook> = {}): NewLook => ({
  mac: mac(number),
  ip: '',
  at: number,
  ...more,
});

function begin(
  hosts: readonly Host[],
  more: { newHosts?: number; names?: string } = {},
): Enrolment {
  return openEnrolment({ room, hosts, newHosts: 0, names: '', ...more });
}

/** Takes every step until something needs a person, or nothing is left to do. */
function takeAll(state: Enrolment, looks: readonly NewLook[]) {
  let current = state;
  let step = nextStep(current, looks);
  while (step.kind === 'fill' || step.kind === 'pass') {
    current = takeStep(current, step);
    step = nextStep(current, looks);
  }
  const filled = current.filled.map((each) => `${each.seat.host} ${each.look.mac}`);
  return { state: current, filled, end: step };
}

describe('enrolling a room', () => {
  it('gives each new card the next free seat, in the order they came', () => {
    const hosts = [pc(1), withMac(pc(2), mac(99)), pc(3)];
    const { filled, end } = takeAll(begin(hosts), [look(8), look(7)]);
    expect(filled).toEqual([`a01 ${mac(7)}`, `a03 ${mac(8)}`]);
    expect(end).toEqual({ kind: 'full' });
  });

  it('leaves out what was there before, gateways and made-up addresses', () => {
    const before = leaveOut(begin([pc(1)]), [look(1)]);
    const { filled, state } = takeAll(before, [
      look(1),
      look(2, { ip: '10.1.1.254' }),
      look(3, { mac: 'da:a1:19:00:00:01' }),
      look(4),
    ]);
    expect(filled).toEqual([`a01 ${mac(4)}`]);
    expect(Object.fromEntries(state.passed)).toEqual({
      [mac(1)]: 'there-before',
      [mac(2)]: 'gateway',
      'da:a1:19:00:00:01': 'randomised',
    });
  });

  it('stops at a card that is already somebody’s: of another room, or of a later seat', () => {
    const elsewhere = withMac(makeHost('b07'), mac(77));
    const later = withMac(pc(4), mac(44));
    const hosts = [pc(1), pc(2), later, elsewhere];
    expect(takeAll(begin(hosts), [look(1), look(77), look(80)])).toMatchObject({
      filled: [`a01 ${mac(1)}`],
      end: { kind: 'stop', host: 'b07' },
    });
    expect(takeAll(begin(hosts), [look(44)]).end).toMatchObject({ kind: 'stop', host: 'a04' });
  });

  it('passes a PC that sits in its own place before the next free seat', () => {
    const hosts = [withMac(pc(1), mac(1)), pc(2)];
    expect(takeAll(begin(hosts), [look(1), look(2)]).filled).toEqual([`a02 ${mac(2)}`]);
  });

  it('does not guess which of two cards came first', () => {
    const unknown = { at: undefined };
    const { filled, end } = takeAll(begin([pc(1), pc(2)]), [look(1, unknown), look(2, unknown)]);
    expect(filled).toEqual([]);
    expect(end).toMatchObject({ kind: 'unordered', looks: [{ mac: mac(1) }, { mac: mac(2) }] });
  });

  it('holds an undone card back until another one has taken its seat, then takes it for the next', () => {
    const { state } = takeAll(begin([pc(1), pc(2)]), [look(2)]);
    const { state: undone, undone: what } = undoLast(state);
    expect(what).toMatchObject({ seat: { host: 'a01' }, look: { mac: mac(2) } });
    expect(nextStep(undone, [look(2)])).toEqual({ kind: 'wait' });
    const { filled } = takeAll(undone, [look(2), look(3)]);
    expect(filled).toEqual([`a01 ${mac(3)}`, `a02 ${mac(2)}`]);
  });

  it('has nothing to undo at the beginning', () => {
    const state = begin([pc(1)]);
    expect(undoLast(state)).toEqual({ state, undone: undefined });
  });

  it('proposes addresses by number, and names and seats of new hosts in the manner of the room', () => {
    const hosts = [pc(1, { ip: '10.1.1.1' }), pc(2), pc(3, { ip: '10.1.1.2' })];
    const { free } = begin(
      hosts.map((host, index) => (index === 0 ? withMac(host, mac(1)) : host)),
      {
        newHosts: 2,
      },
    );
    expect(free).toEqual([
      { host: 'a02', seat: 'A2', ip: '10.1.1.3', isNew: false },
      { host: 'a03', seat: 'A3', ip: '10.1.1.2', isNew: false },
      { host: 'a04', seat: 'A4', ip: '10.1.1.4', isNew: true },
      { host: 'a05', seat: 'A5', ip: '10.1.1.5', isNew: true },
    ]);
    expect(
      begin(hosts, { newHosts: 2, names: 'pc-{:03}' })
        .free.slice(3)
        .map(({ host }) => host),
    ).toEqual(['pc-001', 'pc-002']);
  });

  it('explains patterns of names without a place for the number', () => {
    expect(['a{:02}', 'pc-{}', 'a', 'a{:02}-{}', 'a{x}'].map(explainNames)).toEqual([
      '',
      '',
      ...Array.from({ length: 3 }, () => expect.stringContaining('{:02}')),
    ]);
  });

  it('never gives a card two seats nor a seat two cards, and undoing all gives the beginning back', () => {
    const numbers = fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 30 });
    fc.assert(
      fc.property(numbers, fc.integer({ min: 0, max: 8 }), (came, seats) => {
        const hosts = Array.from({ length: seats }, (_, index) => pc(index + 1));
        const beginning = begin(hosts);
        const { state } = takeAll(
          beginning,
          came.map((number, at) => look(number, { at })),
        );
        expect(new Set(state.filled.map(({ look: { mac: addr } }) => addr)).size).toBe(
          state.filled.length,
        );
        expect(new Set(state.filled.map(({ seat }) => seat.host)).size).toBe(state.filled.length);
        expect(state.filled.length).toBe(Math.min(seats, new Set(came).size));
        expect(state.filled.map(({ seat }) => seat.host)).toEqual(
          hosts.slice(0, state.filled.length).map(({ name }) => name),
        );
        let back = state;
        while (back.filled.length > 0) back = undoLast(back).state;
        expect(back.free).toEqual(beginning.free);
        expect(back.holders).toEqual(beginning.holders);
      }),
    );
  });
});
