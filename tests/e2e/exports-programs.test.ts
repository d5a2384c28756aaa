import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import dnsmasq from '../../src/catalog/exports/dnsmasq.ts';
import hosts from '../../src/catalog/exports/hosts.ts';
import iscDhcpd from '../../src/catalog/exports/isc-dhcpd.ts';
import kea from '../../src/catalog/exports/kea.ts';
import sshConfig from '../../src/catalog/exports/ssh-config.ts';
import type { AnyExport } from '../../src/model/export.ts';
import type { Inventory } from '../../src/model/host.ts';
import { type OptionTable, readOptions } from '../../src/model/options.ts';
import { canServe } from '../helpers/can-serve.ts';
import { anyRegister, makeRegister } from '../helpers/make-register.ts';
import { writeExport } from '../helpers/write-export.ts';

const folder = mkdtempSync(join(tmpdir(), 'labkit-programs-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(entry: AnyExport, inventory: Inventory): string {
  const { options } = readOptions(entry.options as OptionTable<unknown>, {});
  return entry.write(inventory.hosts, options, { inventory, at: '' }) as string;
}

/** Runs a check in namespaces of its own; the text lies in $0/file, /etc/kea/file and /etc/dhcp/file. */
function check(command: string, text: string): { status: number | null; output: string } {
  writeFileSync(join(folder, 'file'), text);
  const script = `for place in /etc/kea /etc/dhcp; do mount -t tmpfs tmpfs $place; cp "$0/file" $place/file; done; ${command}`;
  const args = ['--mount', '--net', 'sh', '-c', script, folder];
  const { status, stdout, stderr } = spawnSync('unshare', args, { encoding: 'utf8' });
  return { status, output: stdout + stderr };
}

const checks = [
  { entry: dnsmasq, command: 'dnsmasq --test -C "$0/file"' },
  { entry: kea, command: 'kea-dhcp4 -t /etc/kea/file' },
  { entry: iscDhcpd, command: 'touch "$0/leases"; dhcpd -t -cf /etc/dhcp/file -lf "$0/leases"' },
] as const;

describe.skipIf(!canServe('dnsmasq', 'kea-dhcp4', 'dhcpd'))('what DHCP servers check', () => {
  it.each(checks)(
    '$entry.name takes any register that could be written, whatever the names',
    ({ entry, command }) => {
      const odd = [
        'host',
        'subnet',
        'pool',
        '1a',
        '7-1',
        'x',
        'e5',
        'default',
        'range',
        '0x1f',
        'A-b-C',
        'null',
        'true',
      ];
      const inventory = makeRegister(48);
      const named = inventory.hosts.map((host, index) => ({
        ...host,
        name: odd[index] ?? host.name,
      }));
      const first = check(command, write(entry, { ...inventory, hosts: named }));
      expect(first.status, first.output).toBe(0);
      fc.assert(
        fc.property(anyRegister(), (register) => {
          const { status, output } = check(command, write(entry, register));
          expect(status, output).toBe(0);
        }),
        { numRuns: 12 },
      );
    },
  );

  it.each(checks)('$entry.name takes a register of 10,000 PCs', ({ entry, command }) => {
    const { status, output } = check(command, write(entry, makeRegister(10_000)));
    expect(status, output.slice(-500)).toBe(0);
  });
});

describe.skipIf(!canServe('getent'))('the C library with our hosts file', () => {
  it('finds every host by name and by address, and itself', () => {
    const text = writeExport(
      hosts,
      `all:
  hosts:
    a01: {ip: 10.1.1.1}
    B02.north.example: {ip: 10.1.1.2}
`,
      { domain: 'lab.example' },
    );
    const ask = (name: string) =>
      check(`mount --bind "$0/file" /etc/hosts; getent -s files hosts ${name}`, text)
        .output.trim()
        .split(/\s+/);
    expect(ask('a01')).toEqual(['10.1.1.1', 'a01.lab.example', 'a01']);
    expect(ask('10.1.1.1')).toEqual(['10.1.1.1', 'a01.lab.example', 'a01']);
    expect(ask('b02')).toEqual(['10.1.1.2', 'B02.north.example', 'B02']);
    expect(ask('localhost').at(0)).toBe('::1');
    expect(ask('a03')).toEqual(['']);
  });
});

describe.skipIf(!canServe('ssh'))('ssh with our file', () => {
  const text = `all:
  hosts:
    a01: {ip: 10.1.1.1, ansible_user: 'LAB\\zhang', ansible_port: 2222, ansible_private_key_file: "~/my keys/%h key"}
    a02: {ansible_host: pc.lab.example, ansible_user: zhang san}
    a03: {ip: "fd00::3"}
`;

  it('knows address, port, login, key and the name that host keys are kept under', () => {
    const file = join(folder, 'ssh_config');
    writeFileSync(file, writeExport(sshConfig, text));
    const settingsOf = (name: string) => {
      const { stdout, stderr } = spawnSync('ssh', ['-G', '-T', '-F', file, name], {
        encoding: 'utf8',
      });
      expect(stderr).toBe('');
      const lines = stdout
        .trim()
        .split('\n')
        .map((line) => line.split(/ (.*)/));
      return Object.fromEntries(lines.map(([key = '', value = '']) => [key, value]));
    };
    expect(settingsOf('a01')).toMatchObject({
      hostname: '10.1.1.1',
      port: '2222',
      user: 'LAB\\zhang',
      hostkeyalias: 'a01',
      identityfile: '~/my keys/%%h key',
    });
    expect(settingsOf('a02')).toMatchObject({ hostname: 'pc.lab.example', user: 'zhang san' });
    expect(settingsOf('a03')).toMatchObject({ hostname: 'fd00::3', hostkeyalias: 'a03' });
  });
});
