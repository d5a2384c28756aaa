import type { NetworkInterfaceInfo } from 'node:os';
import { describe, expect, it } from 'vitest';
import { judgeServers } from '../../../src/cli/netboot/check-ground.ts';
import { parseSockets, portsElsewhere } from '../../../src/cli/netboot/port-holders.ts';
import { readServeWish } from '../../../src/cli/netboot/read-serve-wish.ts';
import { renderUnit, unitWord } from '../../../src/cli/netboot/render-unit.ts';
import { netmaskOf, selectCard } from '../../../src/cli/netboot/select-card.ts';
import type { Room } from '../../../src/model/host.ts';
import type { DhcpServer } from '../../../src/netboot/dnsmasq/find-dhcp-servers.ts';

const card = (address: string): NetworkInterfaceInfo[] => [
  {
    ...{ address, netmask: '255.255.255.0', family: 'IPv4', mac: '52:54:00:00:00:02' },
    ...{ internal: address.startsWith('127.'), cidr: `${address}/24` },
  },
];
const interfaces = { lo: card('127.0.0.1'), eth0: card('192.0.2.2'), eth1: card('10.1.1.252') };
const room = (subnet: string) => ({ subnet }) as Room;

describe('the interface to serve on', () => {
  it('is the one in the subnet of a room, or the one that is named', () => {
    expect(selectCard(interfaces, [room('10.1.1.0/24')], undefined)).toMatchObject({
      ...{ name: 'eth1', network: '10.1.1.0' },
    });
    expect(selectCard(interfaces, [], 'eth0').name).toBe('eth0');
  });

  it('is asked for where several could be meant, with their names', () => {
    expect(() => selectCard(interfaces, [], undefined)).toThrow(/eth0 \(192\.0\.2\.2\), eth1/);
    expect(() => selectCard(interfaces, [], 'eth9')).toThrow('--interface eth9');
    expect(() => selectCard({ lo: card('127.0.0.1') }, [], undefined)).toThrow('no IPv4 address');
  });

  it.each([
    [8, '255.0.0.0'],
    [24, '255.255.255.0'],
    [26, '255.255.255.192'],
    [32, '255.255.255.255'],
    [0, '0.0.0.0'],
  ])('has for /%i the netmask %s', (prefix, netmask) => {
    expect(netmaskOf(prefix)).toBe(netmask);
  });
});

describe('other DHCP servers', () => {
  const server = (address: string, isProxy = false): DhcpServer => ({
    ...{ address, server: address, isProxy, mac: '52:54:00:00:00:66', offered: '' },
    ...{ router: '', dns: '', bootFile: '', bootServer: '' },
  });
  const judge = (mode: 'proxy' | 'dhcp', servers: DhcpServer[], expected: string[] = []) =>
    judgeServers(servers, { mode }, expected).troubles.map(({ message }) => message);

  it('are one beside the proxy mode, and none beside the dhcp mode', () => {
    expect(judge('proxy', [server('10.1.1.1')])).toEqual([]);
    expect(judge('dhcp', [server('10.1.1.1')])).toHaveLength(1);
    expect(judge('proxy', [server('10.1.1.1'), server('10.1.1.66')])).toHaveLength(2);
    expect(
      judge('proxy', [server('10.1.1.1'), server('10.1.1.2')], ['10.1.1.1', '10.1.1.2']),
    ).toEqual([]);
  });

  it('are named where they are strange; what is meant to be there is not', () => {
    expect(judge('proxy', [server('10.1.1.1'), server('10.1.1.66')], ['10.1.1.1'])).toEqual([
      'several DHCP servers: 10.1.1.66 (52:54:00:00:00:66) gives addresses',
    ]);
  });

  it('that answer network boot are always named', () => {
    expect(judge('proxy', [server('10.1.1.1'), server('10.1.1.5', true)])).toEqual([
      '10.1.1.5 (52:54:00:00:00:66) answers network boot: PCs would ask it, not us',
    ]);
  });
});

describe('flags of netboot serve', () => {
  const read = (more: Record<string, string>) =>
    readServeWish({ mode: 'proxy', port: '8080', ...more });

  it('are read', () => {
    expect(read({ mode: 'dhcp', pool: '10.1.1.200-10.1.1.250', dns: '10.1.1.53' })).toMatchObject({
      ...{ mode: 'dhcp', port: 8080, dns: ['10.1.1.53'] },
      pool: { first: '10.1.1.200', last: '10.1.1.250' },
    });
  });

  it.each<Record<string, string>>([
    { mode: 'both' },
    { port: '0' },
    { port: '99999' },
    { pool: '10.1.1.1-10.1.1.9' },
    { mode: 'dhcp', pool: '10.1.1.1' },
    { dns: 'fe80::1' },
  ])('are refused: %o', (more) => {
    expect(() => read(more)).toThrow();
  });
});

describe('sockets of this machine', () => {
  it('are read from /proc: who waits at which port', () => {
    const text = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0200004D:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1
   1: 0200004D:1F90 0100004D:9C40 01 00000000:00000000 00:00000000 00000000     0        0 4712 1
`;
    expect(parseSockets(text, 'tcp')).toEqual([
      { protocol: 'tcp', port: 8080, address: '77.0.0.2', inode: '4711' },
    ]);
  });
});

describe('ports that other interfaces hold', () => {
  const libvirt = 'UNCONN 0      0      0.0.0.0%virbr0:67 0.0.0.0:*    \n';
  it.each([
    ['leave room', libvirt, [67]],
    ['do not where another is bound to all', `${libvirt}UNCONN 0 0 0.0.0.0:67 0.0.0.0:*\n`, []],
    ['do not where it is this one', 'UNCONN 0 0 0.0.0.0%eth0:67 0.0.0.0:*\n', []],
    ['do not over IPv6', `${libvirt}UNCONN 0 0 *:67 *:*\n`, []],
    ['do not by an address', `${libvirt}UNCONN 0 0 10.1.1.252:67 0.0.0.0:*\n`, []],
    ['are none where nothing is known', '', []],
  ])('%s', (_, text, ports) => {
    expect([...portsElsewhere(text, 'eth0')]).toEqual(ports);
  });
});

describe('the unit', () => {
  it('quotes what systemd would read otherwise, and refuses line breaks', () => {
    expect(unitWord('/opt/my lab/bin')).toBe('"/opt/my lab/bin"');
    expect(unitWord('50%$HOME')).toBe('50%%$$HOME');
    expect(unitWord('a"b')).toBe('"a\\"b"');
    expect(() => unitWord('a\nExecStartPre=/bin/sh')).toThrow('control characters');
    const wish = { command: ['/usr/bin/lab'], projectFolder: '/srv/lab', stateFolder: '/srv/a b' };
    expect(() => renderUnit(wish)).toThrow('cannot stand in a unit');
  });
});
