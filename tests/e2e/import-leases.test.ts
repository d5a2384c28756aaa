import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import dnsmasqLeases from '../../src/catalog/imports/dnsmasq-leases.ts';
import iscLeases from '../../src/catalog/imports/isc-leases.ts';
import keaLeases from '../../src/catalog/imports/kea-leases.ts';
import type { Import } from '../../src/model/import.ts';
import { canServe } from '../helpers/can-serve.ts';
import { type DhcpRig, openDhcpRig } from '../helpers/dhcp-rig.ts';

const program = join(import.meta.dirname, '..', 'helpers', 'programs', 'dhcp-lease.ts');

/** Each server with a pool of its own, and where it keeps its leases. */
const servers: readonly {
  readonly entry: Import;
  readonly tool: string;
  readonly config: string;
  readonly command: string;
  readonly leases: string;
  readonly tellsWhen: boolean;
}[] = [
  {
    entry: dnsmasqLeases,
    tool: 'dnsmasq',
    config: 'dhcp-range=10.1.1.100,10.1.1.120,255.255.255.0,1h\n',
    command:
      'exec dnsmasq --keep-in-foreground --port=0 --no-ping --user=root --conf-file="$folder/config" --log-facility=- --dhcp-leasefile=/var/lib/dhcp/leases --pid-file',
    leases: '/var/lib/dhcp/leases',
    tellsWhen: false,
  },
  {
    entry: keaLeases,
    tool: 'kea-dhcp4',
    config: JSON.stringify({
      Dhcp4: {
        'interfaces-config': { interfaces: ['lan'] },
        'lease-database': { type: 'memfile', persist: true, 'lfc-interval': 0 },
        'valid-lifetime': 3600,
        subnet4: [{ subnet: '10.1.1.0/24', pools: [{ pool: '10.1.1.100 - 10.1.1.120' }] }],
      },
    }),
    command: 'exec kea-dhcp4 -c /etc/kea/config',
    leases: '/var/lib/kea/kea-leases4.csv',
    tellsWhen: true,
  },
  {
    entry: iscLeases,
    tool: 'dhcpd',
    config:
      'authoritative; ping-check false; default-lease-time 3600;\nsubnet 10.1.1.0 netmask 255.255.255.0 { range 10.1.1.100 10.1.1.120; }\n',
    command:
      'touch /var/lib/dhcp/dhcpd.leases; exec dhcpd -4 -f -d -cf /etc/dhcp/config -lf /var/lib/dhcp/dhcpd.leases -pf /run/dhcpd.pid lan',
    leases: '/var/lib/dhcp/dhcpd.leases',
    tellsWhen: true,
  },
];

const pcs = [
  { mac: '00:e0:4c:01:00:0a', name: 'a10' },
  { mac: '00:e0:4c:01:00:0b', name: 'a11' },
];

function getLease(rig: DhcpRig, { mac, name }: (typeof pcs)[number]): string {
  const words = [process.execPath, program, '10.1.1.252', '10.1.1.253', mac, name];
  const options = { encoding: 'utf8', timeout: 20_000 } as const;
  return execFileSync('ip', ['netns', 'exec', rig.asking, ...words], options).trim();
}

/** Servers write their leases a moment after they gave them. */
async function readLeases(rig: DhcpRig, entry: Import, path: string) {
  for (let round = 0; ; round += 1) {
    const read = entry.read({ file: 'leases', bytes: rig.read(path) });
    if (read.rows.length >= pcs.length || round > 100) return read;
    await wait(50);
  }
}

for (const { entry, tool, config, command, leases, tellsWhen } of servers) {
  describe.skipIf(!canServe(tool))(`leases that a running ${tool} gave`, () => {
    it(`are read by ${entry.name} as they were given`, async () => {
      await using rig = await openDhcpRig(config, command);
      const before = Date.now();
      const given = pcs.map((pc) => ({ ...pc, ip: getLease(rig, pc) }));
      const { rows, problems } = await readLeases(rig, entry, leases);
      expect(problems).toEqual([]);
      const read = rows.map(({ fields }) => ({
        mac: fields.mac?.text,
        name: fields.name?.text,
        ip: fields.ip?.text,
      }));
      expect(read).toHaveLength(given.length);
      expect(read).toEqual(expect.arrayContaining(given));
      for (const { seenAt, expiresAt, refused } of rows) {
        expect(refused).toBeUndefined();
        expect(Date.parse(expiresAt ?? '')).toBeGreaterThan(before + 3_500_000);
        expect(seenAt === undefined).toBe(!tellsWhen);
        // Servers count in whole seconds.
        if (seenAt !== undefined) expect(Date.parse(seenAt)).toBeGreaterThan(before - 2000);
      }
    });
  });
}
