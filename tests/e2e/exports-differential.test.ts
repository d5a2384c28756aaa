import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import dnsmasq from '../../src/catalog/exports/dnsmasq.ts';
import iscDhcpd from '../../src/catalog/exports/isc-dhcpd.ts';
import kea from '../../src/catalog/exports/kea.ts';
import { lintInventory } from '../../src/inventory/lint.ts';
import { LabError } from '../../src/model/lab-error.ts';
import { canServe } from '../helpers/can-serve.ts';
import { writeExport } from '../helpers/write-export.ts';
import { makeFile, resolveTexts } from '../inventory/load-raw.ts';

/**
 * Broken registers, each with one fault. Labkit refuses every one of them; what each consumer's own check says of the same entries, written
 * without us, is recorded here and compared: `ok` where it finds nothing wrong. That is why an export must be stricter than they are.
 */
interface Fault {
  readonly title: string;
  /** Two PCs: name, MAC address and IP address as somebody typed them. */
  readonly pcs: readonly (readonly [name: string, mac: string, ip: string])[];
  /** The rule of lint that tells it, and one of the exports' problems. */
  readonly rule: RegExp;
  /** Addresses stand in the YAML without quotes. */
  readonly unquoted?: boolean;
  readonly says: {
    readonly dnsmasq: string;
    readonly kea: string;
    readonly dhcpd: string;
    readonly ansible: string;
  };
}

const good = ['a01', '00:e0:4c:01:00:01', '10.1.1.1'] as const;
const faults: readonly Fault[] = [
  {
    title: 'one MAC address twice, in two spellings',
    pcs: [good, ['a02', '00:E0:4C:1:0:1', '10.1.1.2']],
    rule: /duplicate-mac/,
    says: { dnsmasq: 'ok', kea: 'refused', dhcpd: 'ok', ansible: 'ok' },
  },
  {
    title: 'one IP address twice',
    pcs: [good, ['a02', '00:e0:4c:01:00:02', '10.1.1.1']],
    rule: /duplicate-ip/,
    says: { dnsmasq: 'refused', kea: 'refused', dhcpd: 'ok', ansible: 'ok' },
  },
  {
    title: 'an IP address that ends in .300',
    pcs: [good, ['a02', '00:e0:4c:01:00:02', '10.1.1.300']],
    rule: /bad-ip|no-ip/,
    says: { dnsmasq: 'ok', kea: 'refused', dhcpd: 'refused', ansible: 'ok' },
  },
  {
    title: 'a MAC address of five octets',
    pcs: [good, ['a02', '00:e0:4c:01:00', '10.1.1.2']],
    rule: /bad-mac|no-mac/,
    says: { dnsmasq: 'ok', kea: 'ok', dhcpd: 'ok', ansible: 'ok' },
  },
  {
    title: 'a MAC address as a switch writes it',
    pcs: [good, ['a02', '00e0.4c01.0001', '10.1.1.2']],
    rule: /duplicate-mac/,
    says: { dnsmasq: 'ok', kea: 'refused', dhcpd: 'refused', ansible: 'ok' },
  },
  {
    title: 'one name twice, but for capitals',
    pcs: [good, ['A01', '00:e0:4c:01:00:02', '10.1.1.2']],
    rule: /duplicate-host-name/,
    says: { dnsmasq: 'ok', kea: 'ok', dhcpd: 'ok', ansible: 'ok' },
  },
  {
    title: 'an address outside the subnet',
    pcs: [good, ['a02', '00:e0:4c:01:00:02', '10.2.1.2']],
    rule: /ip-outside-subnet/,
    says: { dnsmasq: 'ok', kea: 'refused', dhcpd: 'ok', ansible: 'ok' },
  },
  {
    title: 'a name in Chinese',
    pcs: [good, ['教师机', '00:e0:4c:01:00:02', '10.1.1.2']],
    rule: /bad-host-name/,
    says: { dnsmasq: 'refused', kea: 'ok', dhcpd: 'refused', ansible: 'ok' },
  },
  {
    title: 'a name with an accent',
    pcs: [good, ['café', '00:e0:4c:01:00:02', '10.1.1.2']],
    rule: /bad-host-name/,
    says: { dnsmasq: 'ok', kea: 'ok', dhcpd: 'refused', ansible: 'ok' },
  },
  {
    title: 'a MAC address without quotes that YAML takes for a number',
    pcs: [good, ['a02', '10:20:30:40:50:06', '10.1.1.2']],
    rule: /unquoted-mac/,
    unquoted: true,
    says: { dnsmasq: 'ok', kea: 'ok', dhcpd: 'ok', ansible: '8041827006' },
  },
];

function inventoryOf({ pcs, unquoted = false }: Fault): string {
  const hosts = pcs.map(
    ([name, mac, ip]) =>
      `        ${name}: {mac: ${unquoted ? mac : JSON.stringify(mac)}, ip: ${ip}}`,
  );
  const room = '{title: A, subnet: 10.1.1.0/24, gateway: 10.1.1.254}';
  return `all:\n  children:\n    lab_a:\n      vars: {room: ${room}}\n      hosts:\n${hosts.join('\n')}\n`;
}

/** The same entries as somebody would write them by hand, for each consumer. */
const byHand = {
  dnsmasq: ({ pcs }: Fault) =>
    `dhcp-range=10.1.1.0,static,255.255.255.0\n${pcs.map(([name, mac, ip]) => `dhcp-host=${mac},${ip},${name}\n`).join('')}`,
  kea: ({ pcs }: Fault) =>
    JSON.stringify({
      Dhcp4: {
        subnet4: [
          {
            id: 1,
            subnet: '10.1.1.0/24',
            reservations: pcs.map(([hostname, mac, ip]) => ({
              'hw-address': mac,
              'ip-address': ip,
              hostname,
            })),
          },
        ],
      },
    }),
  dhcpd: ({ pcs }: Fault) =>
    `subnet 10.1.1.0 netmask 255.255.255.0 { }\n${pcs.map(([name, mac, ip]) => `host ${name} { hardware ethernet ${mac}; fixed-address ${ip}; }\n`).join('')}`,
  ansible: inventoryOf,
};

const folder = mkdtempSync(join(tmpdir(), 'labkit-differential-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(command: string, text: string): { status: number | null; output: string } {
  writeFileSync(join(folder, 'file.yaml'), text);
  // daemons that AppArmor confines read their own folders only
  const script = `for place in /etc/kea /etc/dhcp; do mount -t tmpfs tmpfs $place; cp "$0/file.yaml" $place/file; done; ${command}`;
  const args = ['--mount', '--net', 'sh', '-c', script, folder];
  const env = { ...process.env, LC_ALL: 'C.UTF-8' };
  const { status, stdout, stderr } = spawnSync('unshare', args, { encoding: 'utf8', env });
  return { status, output: stdout + stderr };
}

const commands = {
  dnsmasq: 'dnsmasq --test -C "$0/file.yaml"',
  kea: 'kea-dhcp4 -t /etc/kea/file',
  dhcpd: 'touch "$0/leases"; dhcpd -t -cf /etc/dhcp/file -lf "$0/leases"',
  ansible: 'ANSIBLE_LOCALHOST_WARNING=0 ansible-inventory -i "$0/file.yaml" --list',
} as const;
type Consumer = keyof typeof commands;
const consumers = ['dnsmasq', 'kea', 'dhcpd', 'ansible'] as const;

function verdictOf(consumer: Consumer, text: string): string {
  const { status, output } = run(commands[consumer], text);
  if (status !== 0) return 'refused';
  const number = consumer === 'ansible' ? /"mac": (\d+)/.exec(output)?.[1] : undefined;
  return number ?? 'ok';
}

describe('a broken register', () => {
  it.each(faults)('is refused by lint and by the exports: $title', (fault) => {
    const text = inventoryOf(fault);
    const { raw, inventory, problems } = resolveTexts(makeFile(text));
    const told = [...problems, ...lintInventory(raw, inventory)];
    expect(told.map(({ rule }) => rule).join()).toMatch(fault.rule);
    if (fault.unquoted) {
      expect(writeExport(dnsmasq, text)).toContain('dhcp-host=10:20:30:40:50:06,10.1.1.2,a02,');
      return;
    }
    for (const entry of [dnsmasq, kea, iscDhcpd]) {
      const write = () => writeExport(entry, text);
      expect(write, entry.name).toThrow(LabError);
    }
  });
});

describe.skipIf(!canServe('dnsmasq', 'kea-dhcp4', 'dhcpd', 'ansible-inventory'))(
  'what others say of a broken register',
  () => {
    it.each(faults)('$title', (fault) => {
      const said = Object.fromEntries(
        consumers.map((each) => [each, verdictOf(each, byHand[each](fault))]),
      );
      expect(said).toEqual(fault.says);
    });

    it('a byte order mark: the DHCP servers refuse it, and no export writes one', () => {
      const sound = { title: '', pcs: [good], rule: /x/, says: faults[0]?.says } as Fault;
      const said = consumers.map((each) => verdictOf(each, `\ufeff${byHand[each](sound)}`));
      expect(said).toEqual(['refused', 'refused', 'refused', 'ok']);
      for (const entry of [dnsmasq, kea, iscDhcpd])
        expect(writeExport(entry, `\ufeff${inventoryOf(sound)}`)).not.toContain('\ufeff');
    });
  },
);
