import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadEntry } from '../../src/cli/catalog.ts';
import type { AnyExport, Binding } from '../../src/model/export.ts';
import type { Host } from '../../src/model/host.ts';
import { LabError } from '../../src/model/lab-error.ts';
import { readOptions } from '../../src/model/options.ts';
import { makeHost } from '../helpers/make-host.ts';

const program = join(import.meta.dirname, '..', '..', 'src');
const names = ['huawei', 'h3c', 'h3c-old', 'ruijie', 'cisco'] as const;
type Name = (typeof names)[number];
const loaded = await Promise.all(
  names.map(async (name) => [name, await loadEntry<AnyExport>(program, 'catalog/exports', name)]),
);
const exportOf = Object.fromEntries(loaded) as Record<Name, AnyExport>;

/** All ways a switch's lines can look. */
const ways: readonly (readonly [Name, Record<string, string | boolean | readonly string[]>])[] = [
  ['huawei', {}],
  ['huawei', { vlan: true }],
  ['huawei', { where: 'port', vlan: true, check: true, uplinks: ['GE0/0/24'] }],
  ['huawei', { where: 'inside-port', check: true, rollback: true }],
  ['huawei', { os: 'cloudengine', check: true, where: 'port' }],
  ['h3c', {}],
  ['h3c', { where: 'port', vlan: true, check: true, uplinks: ['XGE1/0/49'] }],
  ['h3c', { vlan: true, rollback: true }],
  ['h3c-old', {}],
  ['h3c-old', { vlan: true, rollback: true }],
  ['h3c-old', { syntax: 'am' }],
  ['h3c-old', { syntax: 'am', where: 'switch' }],
  ['ruijie', {}],
  ['ruijie', { check: true, uplinks: ['Gi0/49'], ipv6: 'loose', rollback: true }],
  ['ruijie', { where: 'port', check: true }],
  ['ruijie', { where: 'port', vlan: false, rollback: true }],
  ['cisco', {}],
  ['cisco', { check: true, macCheck: true, uplinks: ['Te1/1/1'], rollback: true }],
];

function optionsOf(
  entry: AnyExport,
  written: Record<string, string | boolean | readonly string[]>,
) {
  const { options, problems } = readOptions(entry.options, written);
  expect(problems).toEqual([]);
  return options;
}

function contextOf(hosts: readonly Host[]) {
  return {
    inventory: { hosts, groups: [], rooms: [], files: [] },
    at: '2026-11-23T14:15:00.000Z',
  };
}

function write(name: Name, hosts: readonly Host[], written = {}, all = hosts): string {
  const entry = exportOf[name];
  return String(entry.write(hosts, optionsOf(entry, written), contextOf(all)));
}

function read(name: Name, text: string) {
  const result = exportOf[name].read?.(text, optionsOf(exportOf[name], {}));
  if (!result) throw new Error(`${name} cannot read`);
  return result;
}

function host(name: string, mac: string, ip: string, more: Partial<Host> = {}): Host {
  const macs = [{ addr: mac, role: 'wired' as const, primary: true }];
  return makeHost(name, { mac, macs, ip, vlan: '110', ...more });
}

const octet = fc.integer({ min: 0, max: 255 });
const macs = fc
  .tuple(octet, octet, octet, octet, octet, octet)
  .map((octets) =>
    octets.map((each, at) => (at === 0 ? (each & 0xfe) | 4 : each).toString(16).padStart(2, '0')),
  )
  .map((octets) => octets.join(':'));
const ips = fc
  .tuple(fc.integer({ min: 1, max: 223 }), octet, octet, fc.integer({ min: 1, max: 254 }))
  .filter(([first]) => first !== 127)
  .map((parts) => parts.join('.'));
const words = ['GE', 'GigabitEthernet', 'gi', 'GigabitEthernet '];
const registers = fc
  .tuple(
    fc.uniqueArray(macs, { minLength: 1, maxLength: 30 }),
    fc.uniqueArray(ips, { minLength: 30, maxLength: 30 }),
    fc.array(fc.integer({ min: 1, max: 4094 }), { minLength: 30, maxLength: 30 }),
    fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.constantFrom(...words)), {
      minLength: 30,
      maxLength: 30,
    }),
  )
  .map(([cards, addresses, vlans, ports]) =>
    cards.map((mac, at) =>
      host(`pc${at}`, mac, addresses[at] ?? '', {
        vlan: String(vlans[at]),
        switchPort: `sw-a ${ports[at]?.[1]}${ports[at]?.[0]}/0/${at % 23}`,
      }),
    ),
  );
/** What does not depend on the place in the text. */
const bare = (bindings: readonly Binding[]): string[] =>
  bindings.map(({ mac, ip, vlan, port }) => [mac, ip, vlan, port].join(' ')).sort();

describe.each(ways)('%s with %j', (name, written) => {
  it('reads back exactly what it wrote, over hundreds of random registers', () => {
    fc.assert(
      fc.property(registers, (hosts) => {
        const text = write(name, hosts, written);
        const { bindings, unknown } = read(name, text);
        expect(unknown).toEqual([]);
        expect(bindings.length).toBe(hosts.length);
        const found = new Map(bindings.map((each) => [each.mac, each]));
        for (const each of hosts) {
          const binding = found.get(each.mac);
          expect(binding?.ip).toBe(each.ip);
          if (binding?.vlan !== '') expect(binding?.vlan).toBe(each.vlan);
          if (binding?.port !== '')
            expect(binding?.port.replace(/^GigabitEthernet ?/, '')).toBe(
              each.switchPort.replace(/^.*?(?=\d+\/)/, ''),
            );
          expect(text.split('\n')[(binding?.line ?? 0) - 1]).toContain(each.ip);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('undoes with lines that bind nothing, one for each binding', () => {
    fc.assert(
      fc.property(registers, (hosts) => {
        const entry = exportOf[name];
        const { bindings } = read(name, write(name, hosts, written));
        const undone = entry.undo?.(bindings, optionsOf(entry, written), hosts) ?? '';
        expect(read(name, undone).bindings).toEqual([]);
        const own = undone.split('\n').filter((line) => /^ ?(?:undo|no) .*\d+\.\d+\./.test(line));
        expect(own.length).toBe(hosts.length);
      }),
      { numRuns: 100 },
    );
  });

  it('is the same text every time, ends in a line end and has no other than ASCII', () => {
    const hosts = [host('a1', '00:e0:4c:01:00:01', '10.1.1.1', { switchPort: 'sw-a GE0/0/1' })];
    const text = write(name, hosts, written);
    expect(write(name, hosts, written)).toBe(text);
    expect(text).toMatch(/^[\x20-\x7e\n]+\n$/);
    expect(text).toMatch(/^[#!] generated by Labkit from 1 hosts/);
  });
});

describe('a line in the spelling of another maker', () => {
  const hosts = [
    host('a1', '00:e0:4c:01:00:01', '10.1.1.1', { switchPort: 'sw-a GigabitEthernet1/0/1' }),
  ];

  it.each(
    ways.flatMap(([name, written]) =>
      names.filter((other) => other !== name).map((other) => [name, written, other] as const),
    ),
  )('of %s with %j is not read by %s', (name, written, other) => {
    expect(read(other, write(name, hosts, written)).bindings).toEqual([]);
  });

  it.each([
    ['huawei', 'user-bind static ip-address 10.1.1.1 mac-address 00-e0-4c-01-00-01'],
    ['huawei', 'user-bind static ip-address 10.1.1.1 mac-address AA-BB-CC-DD-EE-FF vlan 10'],
    ['huawei', 'user-bind static ip-address 10.1.1.1 mac-address 00e0.4c01.0001'],
    ['huawei', 'user-bind static ip-address 10.1.1.1 mac-address 00e0-4c01-0001 vlan 4095'],
    ['huawei', 'user-bind static ip-address 10.1.1.1 mac-address 00e0-4c01-0001 interface Gi7'],
    ['huawei', 'user-bind static ipv6-address FC00::1 mac-address 00e0-4c01-0001'],
    ['huawei', 'user-bind static ip-address 10.1.1.9 to 10.1.1.1 mac-address 00e0-4c01-0001'],
    ['huawei', 'user-bind static ip-address 10.1.1.300 mac-address 00e0-4c01-0001'],
    ['h3c', 'ip source binding ip-address 10.1.1.1 mac-address 00e0.4c01.0001'],
    ['h3c', 'ip source binding ip-address 10.1.1.1 mac-address 01e0-4c01-0001'],
    ['h3c', 'ip source binding 10.1.1.1 00e0-4c01-0001'],
    ['h3c-old', 'user-bind ip-address 10.1.1.1 mac-address 00e0-4c01-0001'],
    ['h3c-old', 'am user-bind mac-addr 00e0.4c01.0001 ip-addr 10.1.1.1'],
    ['ruijie', 'address-bind 10.1.1.1 00e0-4c01-0001'],
    ['ruijie', 'address-bind 10.1.1.1 00e0.4c01.00'],
    ['cisco', 'ip source binding 00e0-4c01-0001 vlan 10 10.1.1.1 interface Gi1/0/1'],
    ['cisco', 'ip source binding 00e0.4c01.0001 vlan 10 10.1.1.1'],
  ] as const)('%s does not read "%s", and gives it back', (name, line) => {
    expect(read(name, `${line}\n`)).toEqual({ bindings: [], unknown: [{ line: 1, text: line }] });
  });
});

describe('what a device prints', () => {
  it('is read from a Huawei configuration, with prompts, pager traces, lists and ranges', () => {
    const text = [
      '<SW-A>display current-configuration',
      '#',
      'sysname SW-A',
      '#',
      'user-bind static ip-address 10.1.1.1 10.1.1.3 to 10.1.1.4 mac-address 00E0-4C01-0001 interface GigabitEthernet0/0/1 vlan 110',
      '  ---- More ----\u001b[16D                \u001b[16Duser-bind static ip-address 10.1.1.9 mac-address 00e0-4c01-0009\r',
      '#',
      'interface GigabitEthernet0/0/2',
      ' port default vlan 110',
      ' user-bind static ip-address 10.1.1.2 mac-address 00e0-4c01-0002 vlan 110',
      ' ip source check user-bind enable',
      '#',
      'return',
    ].join('\n');
    const { bindings, unknown } = read('huawei', text);
    expect(bindings.map(({ ip, mac, port, vlan, line }) => [line, ip, mac, port, vlan])).toEqual([
      [5, '10.1.1.1', '00:e0:4c:01:00:01', 'GigabitEthernet0/0/1', '110'],
      [5, '10.1.1.3', '00:e0:4c:01:00:01', 'GigabitEthernet0/0/1', '110'],
      [5, '10.1.1.4', '00:e0:4c:01:00:01', 'GigabitEthernet0/0/1', '110'],
      [6, '10.1.1.9', '00:e0:4c:01:00:09', '', ''],
      [10, '10.1.1.2', '00:e0:4c:01:00:02', 'GigabitEthernet0/0/2', '110'],
    ]);
    expect(unknown.map(({ line }) => line)).toEqual([1, 3, 9]);
  });

  it.each([
    [
      'huawei',
      `DHCP static Bind-table:
Flags:O - outer vlan ,I - inner vlan ,P - Vlan-mapping
IP Address                      MAC Address     VSI/VLAN(O/I/P) Interface
--------------------------------------------------------------------------------
10.1.1.1                        00e0-4c01-0001  --  /--  /--    GE0/0/1
10.1.1.2                        00e0-4c01-0002  110 /--  /--    --
--------------------------------------------------------------------------------
Print count:           2          Total count:           2
`,
      ['00:e0:4c:01:00:01 10.1.1.1  GigabitEthernet0/0/1', '00:e0:4c:01:00:02 10.1.1.2 110 '],
    ],
    [
      'h3c',
      `Total entries found: 3
IP address      MAC address    Interface                VLAN Type
10.1.1.1        00e0-4c01-0001 XGE1/0/1                 N/A  Static
10.1.1.2        00e0-4c01-0002 N/A                      N/A  Static
10.1.1.3        00e0-4c01-0003 GE1/0/3                  1    DHCP snooping
`,
      ['00:e0:4c:01:00:01 10.1.1.1  Ten-GigabitEthernet1/0/1', '00:e0:4c:01:00:02 10.1.1.2  '],
    ],
    [
      'ruijie',
      `Total Bind Addresses in System : 1
IP Address        Binding MAC Addr
---------------   ----------------
10.1.1.1          00e0.4c01.0001
`,
      ['00:e0:4c:01:00:01 10.1.1.1  '],
    ],
    [
      'cisco',
      `MacAddress          IpAddress        Lease(sec)  Type           VLAN  Interface
------------------  ---------------  ----------  -------------  ----  --------------------
00:E0:4C:01:00:01   10.1.1.1         infinite    static         110   GigabitEthernet1/0/1
00:E0:4C:01:00:02   10.1.1.2         86400       dhcp-snooping  110   GigabitEthernet1/0/2
Total number of bindings: 2
`,
      ['00:e0:4c:01:00:01 10.1.1.1 110 GigabitEthernet1/0/1'],
    ],
  ] as const)('is read from a table of %s', (name, text, expected) => {
    const { bindings, unknown } = read(name, text);
    expect(unknown).toEqual([]);
    expect(bare(bindings)).toEqual(expected);
  });

  it('never makes a reader fail, and each line is either read or given back', () => {
    const line = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.constantFrom('interface GE1/0/1', 'interface range Gi1/0/1 - 4', '#', '!', 'quit'),
      fc.constantFrom('user-bind', 'ip source binding', 'address-bind', 'vlan 10', 'am user-bind'),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), fc.constantFrom(...names), (lines, name) => {
        const { bindings, unknown } = read(name, lines.join('\n'));
        expect(bindings).toEqual([]);
        const count = lines.join('\n').split('\n').length;
        for (const each of unknown) expect(each.line).toBeLessThanOrEqual(count);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('what a switch export refuses', () => {
  const good = host('a1', '00:e0:4c:01:00:01', '10.1.1.1', { switchPort: 'sw-a GE1/0/1' });
  const refused = (name: Name, hosts: readonly Host[], written = {}, all = hosts): LabError => {
    try {
      write(name, hosts, written, all);
    } catch (error) {
      if (error instanceof LabError) return error;
      throw error;
    }
    throw new Error('it was written');
  };
  const rulesOf = (error: LabError) => error.problems.map(({ rule }) => rule);
  const room = {
    ...{ name: 'lab_a', title: '', kind: '', maintainer: '', subnet: '10.1.1.0/24' },
    ...{ gateway: '10.1.1.254', vlan: '110', columns: 0, lessons: null },
    at: { file: 'inventory.yaml', line: 1, column: 1 },
  };

  it.each(names)('%s: all at once, and the gateway among them', (name) => {
    const bad = [
      good,
      host('a2', '00:e0:4c:01:00:02', '10.1.1.254', { switchPort: 'sw-a GE1/0/2', room }),
      host('a3', '01:00:5e:01:00:02', '10.1.1.3', { switchPort: 'sw-a GE1/0/3' }),
      host('a4', 'ff:ff:ff:ff:ff:ff', '10.1.1.4', { switchPort: 'sw-a GE1/0/4' }),
      host('a5', '00:00:00:00:00:00', '10.1.1.5', { switchPort: 'sw-a GE1/0/5' }),
      host('a6', '00:e0:4c:01:00:06', '127.0.0.6', { switchPort: 'sw-a GE1/0/6' }),
      host('a7', '00:e0:4c:01:00:07', '224.0.0.7', { switchPort: 'sw-a GE1/0/7' }),
      host('a8', '00:e0:4c:01:00:08', '0.0.0.0', { switchPort: 'sw-a GE1/0/8' }),
      host('a9', '00:e0:4c:01:00:09', 'fd00::9', { switchPort: 'sw-a GE1/0/9' }),
      host('b1', '00:e0:4c:01:00:01', '10.1.1.1', { switchPort: 'sw-a GE1/0/10' }),
    ];
    const rules = rulesOf(refused(name, bad));
    expect(rules.filter((rule) => rule === 'bad-mac').length).toBe(3);
    expect(rules.filter((rule) => rule === 'bad-ip').length).toBe(4);
    expect(rules).toContain('ip-is-gateway');
    expect(rules).toContain('duplicate-mac');
    expect(rules).toContain('duplicate-ip');
  });

  it('a port no such switch has, or none, where the lines name ports', () => {
    const without = host('a2', '00:e0:4c:01:00:02', '10.1.1.2');
    const odd = host('a3', '00:e0:4c:01:00:03', '10.1.1.3', { switchPort: '机房柜 07' });
    for (const name of ['h3c-old', 'cisco'] as const)
      expect(rulesOf(refused(name, [good, without, odd]))).toEqual([
        'bad-switch-port',
        'bad-switch-port',
      ]);
    expect(write('h3c', [good, without, odd])).toContain('10.1.1.3');
  });

  it('hosts on several switches where the lines name ports, unless one switch is chosen', () => {
    const other = host('a2', '00:e0:4c:01:00:02', '10.1.1.2', { switchPort: 'sw-b GE1/0/1' });
    expect(rulesOf(refused('cisco', [good, other]))).toContain('bad-switch-port');
    expect(write('cisco', [good, other], { switch: 'sw-b' })).not.toContain('10.1.1.1 ');
    expect(refused('cisco', [good, other], { switch: 'sw-c' }).hint).toBe('known are sw-a, sw-b');
  });

  it('checking a port that another machine is on, or an uplink', () => {
    const phone = host('phone', '00:e0:4c:01:00:77', '10.1.9.1', { switchPort: 'sw-a GE1/0/1' });
    for (const name of ['huawei', 'h3c', 'cisco'] as const) {
      const check = { check: true, uplinks: ['GE1/0/48'] };
      expect(rulesOf(refused(name, [good], check, [good, phone]))).toEqual(['cut-off']);
      expect(rulesOf(refused(name, [good], { check: true, uplinks: ['GE1/0/1'] }))).toEqual([
        'cut-off',
      ]);
      expect(write(name, [good], {}, [good, phone])).toContain('10.1.1.1');
    }
    expect(rulesOf(refused('h3c-old', [good], {}, [good, phone]))).toEqual(['cut-off']);
    expect(
      rulesOf(refused('ruijie', [good], { where: 'port', check: true }, [good, phone])),
    ).toEqual(['cut-off']);
  });

  it('snooping on Cisco without an uplink to trust', () => {
    expect(refused('cisco', [good], { check: true }).message).toContain('DHCP would stop');
  });

  it('address-bind install without an uplink, or with an unbound PC elsewhere on that switch', () => {
    expect(refused('ruijie', [good], { check: true }).message).toContain('no uplink was named');
    const other = host('a2', '00:e0:4c:01:00:02', '10.1.1.2', { switchPort: 'sw-a GE1/0/9' });
    const written = { check: true, uplinks: ['Gi1/0/49'] };
    expect(rulesOf(refused('ruijie', [good], written, [good, other]))).toEqual(['cut-off']);
    const named = { check: true, uplinks: ['Gi1/0/49', 'Gi1/0/9'] };
    expect(write('ruijie', [good], named, [good, other])).toContain('address-bind install');
  });

  it('a missing VLAN where the line needs one', () => {
    const none = host('a2', '00:e0:4c:01:00:02', '10.1.1.2', {
      switchPort: 'sw-a GE1/0/2',
      vlan: '',
    });
    expect(rulesOf(refused('cisco', [none]))).toEqual(['no-vlan']);
    expect(rulesOf(refused('huawei', [{ ...none, vlan: '4095' }], { vlan: true }))).toEqual([
      'bad-vlan',
    ]);
  });
});

describe('the order of lines', () => {
  const hosts = [host('a1', '00:e0:4c:01:00:01', '10.1.1.1', { switchPort: 'sw-a Gi0/1' })];
  const placeOf = (text: string, part: string) => {
    const at = text.indexOf(part);
    expect(at, `${part} in ${text}`).toBeGreaterThanOrEqual(0);
    return at;
  };

  it('is uplinks, bindings, install on Ruijie, and install goes first when it is undone', () => {
    const written = { check: true, uplinks: ['Gi0/25'] };
    const text = write('ruijie', hosts, written);
    const places = ['uplink', '10.1.1.1', 'install'].map((each) => placeOf(text, each));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    const { ruijie } = exportOf;
    const undone =
      ruijie.undo?.(read('ruijie', text).bindings, optionsOf(ruijie, written), hosts) ?? '';
    expect(placeOf(undone, 'no address-bind install')).toBeLessThan(placeOf(undone, '10.1.1.1'));
  });

  it.each([
    ['huawei', { check: true }, 'ip source check user-bind enable'],
    ['huawei', { check: true, where: 'inside-port' }, 'ip source check user-bind enable'],
    ['h3c', { check: true }, 'ip verify source ip-address mac-address'],
    ['cisco', { check: true, uplinks: ['Gi1/0/48'] }, 'ip verify source'],
    ['ruijie', { check: true, where: 'port' }, 'switchport port-security\n'],
  ] as const)(
    'binds before it checks on %s with %j, and the other way round to undo it',
    (name, written, check) => {
      const one = [{ ...(hosts[0] as Host), switchPort: 'sw-a GE1/0/1' }];
      const text = write(name, one, written);
      expect(placeOf(text, '10.1.1.1')).toBeLessThan(placeOf(text, check));
      const entry = exportOf[name];
      const undone = entry.undo?.(read(name, text).bindings, optionsOf(entry, written), one) ?? '';
      expect(
        undone.search(/(?:undo|no) (?:ip verify|ip source check|switchport port-security\n)/),
      ).toBeGreaterThan(0);
      expect(
        undone.search(/(?:undo|no) (?:ip verify|ip source check|switchport port-security\n)/),
      ).toBeLessThan(placeOf(undone, '10.1.1.1'));
    },
  );

  it('ends in commit on CloudEngine, and not elsewhere', () => {
    expect(write('huawei', hosts, { os: 'cloudengine' })).toMatch(/\ncommit\n$/);
    expect(write('huawei', hosts)).not.toContain('commit');
  });
});

describe('warnings', () => {
  const warningsOf = (name: Name, hosts: readonly Host[], written = {}) =>
    (exportOf[name].warnings?.(hosts, optionsOf(exportOf[name], written)) ?? []).join('\n');
  const one = host('a1', '00:e0:4c:01:00:01', '10.1.1.1', { switchPort: 'sw-a GE1/0/1' });

  it.each(names)('%s tells what checking would cut off', (name) => {
    const written = name === 'h3c-old' ? {} : { check: true, uplinks: ['GE1/0/49'] };
    expect(warningsOf(name, [one], written)).toContain('access point');
  });

  it('tell missing VLANs, several switches, further cards and retired hosts', () => {
    const hosts = [
      { ...one, vlan: '' },
      host('b1', '00:e0:4c:01:00:02', '10.1.1.2', { switchPort: 'sw-b GE1/0/1' }),
      host('b2', '00:e0:4c:01:00:03', '10.1.1.3', { status: 'retired' }),
      host('b3', '00:e0:4c:01:00:04', '10.1.1.4', {
        macs: [
          { addr: '00:e0:4c:01:00:04', role: 'wired', primary: true },
          { addr: '00:e0:4c:01:00:05', role: 'dock', primary: false },
        ],
      }),
    ];
    const told = warningsOf('huawei', hosts);
    for (const words of ['No VLAN is known for a1', 'sw-a, sw-b', 'retired: b2', 'bound of b3'])
      expect(told).toContain(words);
  });

  it('speak only of the PCs on the chosen switch', () => {
    const other = host('b1', '00:e0:4c:01:00:02', '10.1.1.2', {
      switchPort: 'sw-b Gi1/0/1',
      vlan: '',
    });
    expect(warningsOf('cisco', [one, other])).toContain('b1');
    expect(warningsOf('cisco', [one, other], { switch: 'sw-a' })).not.toMatch(/b1|sw-b/);
  });

  it('tell that Ruijie in strict mode drops IPv6', () => {
    expect(warningsOf('ruijie', [one])).toContain('IPv6');
    expect(warningsOf('ruijie', [one], { ipv6: 'loose' })).not.toContain('IPv6');
  });
});
