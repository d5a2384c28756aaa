import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  containsIp,
  ipNumber,
  overlaps,
  parseIp,
  parseSubnet,
  reservedAs,
  type Subnet,
} from '../../src/model/ip.ts';

function subnetOf(text: string): Subnet {
  const parsed = parseSubnet(text);
  if ('problem' in parsed) throw new Error(parsed.problem);
  return parsed.subnet;
}

describe('parseIp', () => {
  test.each([
    ['10.1.1.21', '10.1.1.21'],
    ['0.0.0.0', '0.0.0.0'],
    ['255.255.255.255', '255.255.255.255'],
    ['2001:DB8:0::1', '2001:db8::1'],
  ])('%s is read as %s', (text, ip) => {
    expect(parseIp(text)).toEqual({ ip });
  });

  test.each([
    '10.1.1.300',
    '10.1.1',
    '10.1.1.1.1',
    '0x0a010101',
    '167837953',
    '10.1.257',
    ' 10.1.1.1',
    '10.1.1.1\n',
    '１０.1.1.1',
    'fe80::1%eth0',
    '',
    'pc01',
  ])('%j is refused', (text) => {
    expect(parseIp(text)).toHaveProperty('problem');
  });

  test('a leading zero is refused with the address that was meant', () => {
    expect(parseIp('010.001.1.021')).toMatchObject({ hint: 'write "10.1.1.21"' });
  });

  test('a subnet is not taken for an address', () => {
    expect(parseIp('10.1.1.0/24')).toMatchObject({ problem: expect.stringContaining('subnet') });
  });

  test('any four bytes are read as typed, and any text gives an address or a reason', () => {
    const quads = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255));
    fc.assert(
      fc.property(quads, (parts) => {
        expect(parseIp(parts.join('.'))).toEqual({ ip: parts.join('.') });
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'0123456789.:abcf/x ') }), (text) => {
        const parsed = parseIp(text);
        return 'ip' in parsed ? ipNumber(parsed.ip) !== undefined : parsed.hint !== '';
      }),
      { numRuns: 20_000 },
    );
  });
});

describe('parseSubnet', () => {
  test.each(['10.1.1.0', '10.1.1.0/33', '10.1.1.0/', '/24', '10.1.1/24', '10.1.1.0/24/8', 'lab'])(
    '%j is refused',
    (text) => {
      expect(parseSubnet(text)).toHaveProperty('problem');
    },
  );

  test('an address within a subnet is refused with the subnet that was meant', () => {
    expect(parseSubnet('10.1.1.21/24')).toMatchObject({ hint: 'write "10.1.1.0/24"' });
    expect(parseSubnet('2001:db8::1/64')).toMatchObject({ hint: 'write "2001:db8::/64"' });
  });

  test('its ends are the first and the last address', () => {
    const subnet = subnetOf('10.1.1.64/26');
    expect([subnet.first, subnet.last]).toEqual([ipNumber('10.1.1.64'), ipNumber('10.1.1.127')]);
  });
});

describe('rules between addresses and subnets', () => {
  test('containment and overlap', () => {
    expect(containsIp(subnetOf('10.1.1.0/24'), '10.1.1.255')).toBe(true);
    expect(containsIp(subnetOf('10.1.1.0/24'), '10.1.2.0')).toBe(false);
    expect(containsIp(subnetOf('2001:db8::/64'), '2001:db8::7')).toBe(true);
    expect(containsIp(subnetOf('::/96'), '10.1.1.1')).toBe(false);
    expect(containsIp(subnetOf('10.1.1.0/24'), 'pc01')).toBe(false);
    expect(overlaps(subnetOf('10.1.0.0/16'), subnetOf('10.1.7.0/24'))).toBe(true);
    expect(overlaps(subnetOf('10.1.0.0/24'), subnetOf('10.1.1.0/24'))).toBe(false);
    expect(overlaps(subnetOf('0.0.0.0/0'), subnetOf('::/0'))).toBe(false);
  });

  test('network and broadcast addresses are reserved, except where a subnet has only hosts', () => {
    const subnet = subnetOf('10.1.1.0/24');
    expect(reservedAs(subnet, '10.1.1.0')).toBe('network');
    expect(reservedAs(subnet, '10.1.1.255')).toBe('broadcast');
    expect(reservedAs(subnet, '10.1.1.1')).toBe('');
    expect(reservedAs(subnet, '10.1.2.0')).toBe('');
    expect(reservedAs(subnetOf('10.1.1.0/31'), '10.1.1.0')).toBe('');
  });

  test('an address is contained exactly when the bits of the prefix are the same', () => {
    fc.assert(
      fc.property(fc.nat(0xffffffff), fc.nat(0xffffffff), fc.nat(32), (base, other, prefix) => {
        const quad = (value: number) => [24, 16, 8, 0].map((at) => (value >>> at) & 255).join('.');
        const mask = prefix === 0 ? 0 : (0xffffffff << (32 - prefix)) >>> 0;
        const subnet = subnetOf(`${quad((base & mask) >>> 0)}/${prefix}`);
        expect(containsIp(subnet, quad(other))).toBe((base & mask) >>> 0 === (other & mask) >>> 0);
      }),
    );
  });
});
