import { describe, expect, it } from 'vitest';
import type { Discovered } from '../../src/model/discovery.ts';
import type { Host, Inventory, Room } from '../../src/model/host.ts';
import type { ImportRow } from '../../src/model/import.ts';
import { discover, type KnownFacts, type Sides } from '../../src/registry/discover.ts';
import { makeHost } from '../helpers/make-host.ts';

const nowMs = Date.parse('2026-11-23T08:00:00Z');

function makeRoom(name: string, third: number): Room {
  return {
    name,
    title: name,
    kind: '',
    maintainer: '',
    subnet: `10.1.${third}.0/24`,
    gateway: `10.1.${third}.254`,
    vlan: `${third}10`,
    columns: 0,
    lessons: null,
    at: { file: 'school.yaml', line: 1, column: 1 },
  };
}
const rooms = [makeRoom('lab_a', 1), makeRoom('lab_b', 2)] as const;

const macOf = (number: number, room = 0): string =>
  `00:e0:4c:0${room}:00:${number.toString(16).padStart(2, '0')}`;

function pc(number: number, more: Partial<Host> = {}): Host {
  const mac = more.mac ?? macOf(number);
  const digits = String(number).padStart(2, '0');
  return makeHost(`a${digits}`, {
    room: rooms[0],
    seat: `A${number}`,
    ip: `10.1.1.${number}`,
    switchPort: `sw-a:GE0/0/${number}`,
    ...more,
    mac,
    macs: mac === '' ? [] : [{ addr: mac, role: 'wired', primary: true }],
  });
}

interface Seen {
  readonly mac: string;
  readonly ip?: string;
  readonly name?: string;
  readonly port?: string;
  readonly vlan?: string;
  readonly seenAt?: string;
  readonly expiresAt?: string;
}

function rows(seen: readonly Seen[]): ImportRow[] {
  return seen.map(({ mac, ip, name, port, vlan, seenAt, expiresAt }, index) => {
    const told = { mac, ip, name, switch_port: port, vlan };
    const fields = Object.fromEntries(
      Object.entries(told)
        .filter(([, text]) => text !== undefined)
        .map(([field, text]) => [field, { text, cell: `line ${index + 1}`, note: '' }]),
    );
    const times = { ...(seenAt ? { seenAt } : {}), ...(expiresAt ? { expiresAt } : {}) };
    return { file: 'table.txt', row: index + 1, fields, ...times };
  });
}

function look(
  hosts: readonly Host[],
  seen: readonly Seen[],
  more: Partial<Sides> = {},
): ReturnType<typeof discover> {
  const inventory: Inventory = { hosts, groups: [], rooms, files: [] };
  return discover({
    inventory,
    chosen: hosts,
    configured: [],
    observed: [{ name: 'table.txt', rows: rows(seen) }],
    facts: [],
    reached: new Map(),
    subnets: [],
    nowMs,
    withinDays: 30,
    ...more,
  });
}

const seenAs = (host: Host): Seen => ({ mac: host.mac, ip: host.ip });
const told = (findings: readonly Discovered[]): string[] =>
  findings.map(({ kind, detail, host, by, observed, configured }) =>
    [kind, detail, host || observed.mac || configured.mac || configured.ip, by]
      .filter((word) => word !== '')
      .join(' '),
  );

describe('registered and observed side by side', () => {
  it('finds nothing where everything is as registered', () => {
    const hosts = [pc(1), pc(2)];
    const found = look(hosts, hosts.map(seenAs));
    expect(found).toEqual({ findings: [], hosts: 2, inOrder: 2, unseen: [], notCovered: [] });
  });

  it('names the registered PC that answers at the address of another', () => {
    const hosts = [pc(1), pc(2), pc(3)];
    const found = look(hosts, [...hosts.map(seenAs), { mac: macOf(3), ip: '10.1.1.1' }]);
    expect(told(found.findings)).toEqual(['squatted by-registered a01 a03']);
    expect(found.findings[0]?.evidence).toMatchObject([
      { mac: macOf(3), ip: '10.1.1.1', source: 'table.txt', place: 'line 4' },
    ]);
  });

  it('names a stranger at a registered address, and whether the PC answers there as well', () => {
    const hosts = [pc(1), pc(2)];
    const stranger = '00:e0:4c:99:00:01';
    expect(told(look(hosts, [seenAs(pc(2)), { mac: stranger, ip: '10.1.1.1' }]).findings)).toEqual([
      'squatted by-stranger a01',
    ]);
    expect(
      told(look(hosts, [...hosts.map(seenAs), { mac: stranger, ip: '10.1.1.1' }]).findings),
    ).toEqual(['squatted conflict a01']);
  });

  it('names every host whose address one stranger took', () => {
    const hosts = [pc(1), pc(2)];
    const mac = '00:e0:4c:99:00:01';
    const found = look(hosts, [
      { mac, ip: '10.1.1.1' },
      { mac, ip: '10.1.1.2' },
    ]);
    expect(told(found.findings)).toEqual(['squatted by-stranger a01', 'squatted by-stranger a02']);
  });

  it('tells two PCs that changed places once', () => {
    const hosts = [pc(1), pc(2)];
    const found = look(hosts, [
      { mac: macOf(1), ip: '10.1.1.2' },
      { mac: macOf(2), ip: '10.1.1.1' },
    ]);
    expect(told(found.findings)).toEqual(['exchanged pair a01 a02']);
  });

  it('takes a stranger for a new card only when the name, the port or the PC itself says so', () => {
    const hosts = [pc(1)];
    const mac = '00:e0:4c:99:00:01';
    expect(
      told(look(hosts, [{ mac, ip: '10.1.1.1', name: 'A01.school.example' }]).findings),
    ).toEqual(['swapped-nic name a01']);
    expect(
      told(look(hosts, [{ mac, port: 'GigabitEthernet0/0/1', vlan: '110' }]).findings),
    ).toEqual(['swapped-nic port a01']);
    const facts: KnownFacts = {
      host: 'a01',
      at: '2026-11-20T08:00:00Z',
      facts: { ansible_default_ipv4: { address: '10.1.1.1', macaddress: mac } },
    };
    expect(told(look(hosts, [{ mac, ip: '10.1.1.1' }], { facts: [facts] }).findings)).toEqual([
      'swapped-nic facts a01',
    ]);
  });

  it('names a PC that is at another port, in another VLAN or in another room', () => {
    const hosts = [pc(1), pc(2), pc(3), pc(4)];
    const found = look(hosts, [
      { mac: macOf(1), port: 'GE0/0/9' },
      { mac: macOf(2), port: 'GE0/0/2', vlan: '210' },
      { mac: macOf(3), ip: '10.1.2.77' },
      { mac: macOf(4), port: 'Gi 0/0/4', vlan: '110' },
    ]);
    expect(told(found.findings).sort()).toEqual([
      'moved port a01',
      'moved room a03',
      'moved vlan a02',
    ]);
    expect(found.inOrder).toBe(1);
  });

  it('does not take an uplink for the place of a PC', () => {
    const hosts = [pc(1), pc(2), pc(3)];
    const gateway: Seen = { mac: '00:e0:fc:00:00:01', ip: '10.1.1.254' };
    const uplink = [...hosts.map(({ mac }) => mac), gateway.mac].map((mac) => ({
      mac,
      port: 'GE0/0/24',
    }));
    expect(told(look(hosts, [...uplink, gateway]).findings)).toEqual([]);
    const trunk = hosts.map(({ mac }) => ({ mac, port: 'Eth-Trunk1' }));
    expect(told(look(hosts, trunk).findings)).toEqual([]);
  });

  it('tells another address of the same room apart from a second one', () => {
    const hosts = [pc(1), pc(2)];
    const found = look(hosts, [
      { mac: macOf(1), ip: '10.1.1.77' },
      seenAs(pc(2)),
      { mac: macOf(2), ip: '10.1.1.78' },
    ]);
    expect(told(found.findings)).toEqual(['other-address instead a01', 'other-address also a02']);
  });

  it('finds what hides other PCs: many cards at a plug, many addresses at a card, a router by its name, a PC that sees another network', () => {
    const hosts = [pc(1), pc(2), pc(3)];
    const behind = ['01', '02', '03'].map((end) => ({
      mac: `00:e0:4c:77:00:${end}`,
      port: 'GE0/0/1',
    }));
    expect(told(look(hosts, behind).findings)).toEqual([
      'behind-router many-macs 00:e0:4c:77:00:01',
    ]);
    const many = ['71', '72', '73'].map((end) => ({ mac: macOf(2), ip: `10.1.1.${end}` }));
    expect(told(look(hosts, many).findings)).toEqual(['behind-router many-addresses a02']);
    const named = [{ mac: '00:e0:4c:77:00:01', ip: '10.1.1.90', name: 'TP-LINK_AX3000' }];
    expect(told(look(hosts, named).findings)).toEqual([
      'behind-router router-name 00:e0:4c:77:00:01',
    ]);
    const facts: KnownFacts = {
      host: 'a03',
      at: '2026-11-20T08:00:00Z',
      facts: { ansible_default_ipv4: { address: '192.168.1.5', macaddress: macOf(3) } },
    };
    const nat = look(hosts, [{ mac: '00:e0:4c:77:00:09', ip: '10.1.1.3' }], { facts: [facts] });
    expect(told(nat.findings)).toEqual(['behind-router nat a03']);
  });

  it('tells strangers with a made-up address apart from unregistered PCs, and leaves gateways out', () => {
    const found = look(
      [pc(1)],
      [
        seenAs(pc(1)),
        { mac: '00:e0:4c:77:00:01', ip: '10.1.1.90' },
        { mac: 'da:a1:19:00:00:01', ip: '10.1.1.91' },
        { mac: '00:e0:fc:00:00:01', ip: '10.1.1.254' },
      ],
    );
    expect(told(found.findings)).toEqual([
      'unregistered stranger 00:e0:4c:77:00:01',
      'randomised stranger da:a1:19:00:00:01',
    ]);
    expect(found.findings.map(({ room }) => room)).toEqual(['lab_a', 'lab_a']);
  });

  it('counts strangers only within the subnets asked for', () => {
    const seen = [
      { mac: '00:e0:4c:77:00:01', ip: '10.1.1.90' },
      { mac: '00:e0:4c:77:00:02', ip: '172.16.0.9' },
    ];
    const subnets = [
      { text: '10.1.1.0/24', version: 4, prefix: 24, first: 167837952n, last: 167838207n } as const,
    ];
    expect(told(look([pc(1)], seen, { subnets }).findings)).toEqual([
      'unregistered stranger 00:e0:4c:77:00:01',
    ]);
  });

  it('names a registered PC that answers for the gateway', () => {
    const found = look([pc(1)], [seenAs(pc(1)), { mac: macOf(1), ip: '10.1.1.254' }]);
    expect(told(found.findings)).toEqual(['squatted gateway 00:e0:4c:00:00:01 a01']);
  });

  it('names a retired PC that is on the network', () => {
    const host = pc(1, { status: 'retired' });
    expect(told(look([host], [seenAs(host)]).findings)).toEqual(['unregistered retired a01']);
  });

  it('leaves the second card of a PC its own address', () => {
    const host = pc(1);
    const wifi = { addr: '00:e0:4c:00:01:01', role: 'wifi', primary: false } as const;
    const found = look(
      [{ ...host, macs: [...host.macs, wifi] }],
      [seenAs(host), { mac: wifi.addr, ip: '10.1.2.50' }],
    );
    expect(found.findings).toEqual([]);
  });
});

describe('when a host was last seen', () => {
  it('names hosts whose last sign of life is older than the days given', () => {
    const hosts = [pc(1), pc(2)];
    const found = look(hosts, [
      { mac: macOf(1), ip: '10.1.1.1', seenAt: '2026-09-01T08:00:00Z' },
      { mac: macOf(2), ip: '10.1.1.2', seenAt: '2026-11-20T08:00:00Z' },
    ]);
    expect(told(found.findings)).toEqual(['ghost last-seen a01']);
    expect(found.findings[0]?.evidence[0]?.seenAt).toBe('2026-09-01T08:00:00Z');
  });

  it('does not call a host a ghost that was only not seen: it may be off, or its room was not looked at', () => {
    const b01 = pc(1, { name: 'b01', room: rooms[1], ip: '10.1.2.1', mac: macOf(1, 2) });
    const found = look([pc(1), pc(2), b01], [seenAs(pc(1))]);
    expect(found).toMatchObject({ findings: [], unseen: ['a02'], notCovered: ['b01'] });
  });

  it('counts being reached by a run as a sign of life', () => {
    const reached = new Map([
      ['a01', '2026-11-20T08:00:00Z'],
      ['a02', '2026-09-20T08:00:00Z'],
    ]);
    const found = look([pc(1), pc(2)], [], { reached });
    expect(told(found.findings)).toEqual(['ghost last-seen a02']);
    expect(found.findings[0]?.evidence).toMatchObject([{ source: 'runs', place: 'a02' }]);
    expect(found.inOrder).toBe(1);
  });

  it('believes only the last lease of a card, and takes an ended one for no claim', () => {
    const hosts = [pc(1), pc(2)];
    const found = look(hosts, [
      { mac: macOf(1), ip: '10.1.1.99', seenAt: '2026-11-01T08:00:00Z' },
      { mac: macOf(1), ip: '10.1.1.1', seenAt: '2026-11-22T08:00:00Z' },
      { mac: macOf(2), ip: '10.1.1.98', expiresAt: '2026-11-21T08:00:00Z' },
    ]);
    expect(found.findings).toEqual([]);
    expect(found.inOrder).toBe(2);
  });
});

describe('registered and configured side by side', () => {
  const binding = { mac: '', ip: '', name: '', vlan: '', port: '', line: 1 };
  it('names entries that differ, that are missing, that are left over and that stand twice', () => {
    const hosts = [pc(1), pc(2), pc(3)];
    const bindings = [
      { ...binding, mac: macOf(1), ip: '10.1.1.1', name: 'a01', line: 1 },
      { ...binding, mac: macOf(2), ip: '10.1.1.22', line: 2 },
      { ...binding, mac: '00:e0:4c:66:00:01', ip: '10.1.1.66', line: 3 },
      { ...binding, mac: '00:e0:4c:66:00:02', ip: '10.1.1.66', line: 4 },
    ];
    const configured = [{ name: 'dnsmasq.conf', bindings }];
    const found = look(hosts, [], { configured, observed: [] });
    expect(told(found.findings).sort()).toEqual([
      'duplicate configured 00:e0:4c:66:00:01',
      'stale differs a02',
      'stale left-over 00:e0:4c:66:00:01',
      'stale left-over 00:e0:4c:66:00:02',
      'stale missing a03',
    ]);
    expect(found.findings.find(({ host }) => host === 'a02')).toMatchObject({
      registered: { ip: '10.1.1.2' },
      configured: { ip: '10.1.1.22' },
      evidence: [{ source: 'dnsmasq.conf', place: 'line 2' }],
    });
  });

  it('expects nothing of rooms that the text does not have', () => {
    const b01 = pc(1, { name: 'b01', room: rooms[1], ip: '10.1.2.1', mac: macOf(1, 2) });
    const bindings = [{ ...binding, mac: macOf(1), ip: '10.1.1.1' }];
    const found = look([pc(1), b01], [], { configured: [{ name: 'x', bindings }], observed: [] });
    expect(found.findings).toEqual([]);
  });
});

describe('discovering', () => {
  it('gives the same answer whatever order hosts and rows come in, up to that order', () => {
    const hosts = [pc(1), pc(2), pc(3)];
    const seen = [
      { mac: macOf(1), ip: '10.1.1.2' },
      { mac: macOf(2), ip: '10.1.1.1' },
      { mac: '00:e0:4c:77:00:01', ip: '10.1.1.3' },
      { mac: '00:e0:4c:77:00:02', ip: '10.1.1.80' },
    ];
    const one = told(look(hosts, seen).findings).map((text) => text.split(' ')[0]);
    const other = told(look([...hosts].reverse(), [...seen].reverse()).findings);
    expect(other.map((text) => text.split(' ')[0]).sort()).toEqual(one.sort());
    expect(look(hosts, seen)).toEqual(look(hosts, seen));
  });

  it('names addresses that the register has twice', () => {
    const found = look([pc(1), pc(2, { ip: '10.1.1.1' })], []);
    expect(told(found.findings)).toEqual(['duplicate registered a01 a02']);
  });
});
