import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openSegment, type Segment } from '../../../sim/vm/segment.ts';
import type { DhcpServer } from '../../../src/netboot/dnsmasq/find-dhcp-servers.ts';
import { renderDnsmasq } from '../../../src/netboot/dnsmasq/render.ts';
import { canServe } from '../../helpers/can-serve.ts';
import { makeDnsmasqSettings } from '../../helpers/netboot-settings.ts';

const program = join(import.meta.dirname, '../../helpers/programs/find-dhcp-servers.ts');

const config = (first: string, last: string, router: string) =>
  `port=0\ninterface=lan\nbind-interfaces\ndhcp-range=${first},${last},255.255.255.0,1h\ndhcp-option=3,${router}\n`;

async function ask(segment: Segment, namespace: string): Promise<DhcpServer[]> {
  const printed = await segment.run(namespace, [process.execPath, program, 'lan']);
  if (!printed.startsWith('[')) throw new Error(printed);
  return JSON.parse(printed);
}

describe.skipIf(!canServe('dnsmasq'))('asking a segment who answers DHCP', () => {
  it('names every server by address and MAC, the rogue one and proxyDHCP included', async () => {
    await using segment = openSegment();
    const [asking, campus, rogue, proxy] = [2, 1, 66, 3].map((last) =>
      segment.join(`10.77.0.${last}`),
    );
    if (!asking || !campus || !rogue || !proxy) throw new Error('no machines');
    await segment.startDnsmasq(campus.namespace, config('10.77.0.100', '10.77.0.120', '10.77.0.1'));
    await segment.startDnsmasq(rogue.namespace, config('10.77.0.130', '10.77.0.140', '10.77.0.66'));
    await segment.startDnsmasq(
      proxy.namespace,
      renderDnsmasq(
        makeDnsmasqSettings({
          address: '10.77.0.3',
          tftpRoot: segment.folder,
          pidFile: join(segment.folder, 'pid'),
        }),
      ).replace(/^pid-file.*\n/m, ''),
    );
    const found = await ask(segment, asking.namespace);
    const named = found.map(({ address, server, mac, isProxy }) => ({
      address,
      server,
      mac,
      isProxy,
    }));
    const one = (machine: { mac: string }, address: string, isProxy: boolean) => ({
      ...{ address, server: address, mac: machine.mac, isProxy },
    });
    expect(new Set(named)).toEqual(
      new Set([
        one(campus, '10.77.0.1', false),
        one(rogue, '10.77.0.66', false),
        one(proxy, '10.77.0.3', true),
      ]),
    );
    expect(found.find(({ address }) => address === '10.77.0.66')?.router).toBe('10.77.0.66');
  });

  it('names a home router that somebody plugged in, though its network is another one', async () => {
    await using segment = openSegment();
    const asking = segment.join('10.77.0.2');
    const router = segment.join('192.168.1.1');
    await segment.startDnsmasq(
      router.namespace,
      config('192.168.1.100', '192.168.1.120', '192.168.1.1'),
    );
    expect(await ask(segment, asking.namespace)).toEqual([
      expect.objectContaining({ address: '192.168.1.1', mac: router.mac, isProxy: false }),
    ]);
  });

  it('finds nobody on a segment without servers, and says which interface does not exist', async () => {
    await using segment = openSegment();
    const { namespace } = segment.join('10.77.0.2');
    expect(await ask(segment, namespace)).toEqual([]);
    const printed = await segment.run(namespace, [process.execPath, program, 'eth9']);
    expect(printed).toContain('eth9 has no IPv4 address, or does not exist');
  });
});
