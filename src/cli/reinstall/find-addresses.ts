import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findNeighbourAddresses } from '../../transport/neighbour-addresses.ts';
import { bootFolders } from '../netboot/boot-folders.ts';
import type { Settings } from '../settings.ts';

/** Where cards with these MAC addresses may be reached: the leases that the boot service gave, the newest last written first, then what this machine's kernel has seen. A new system may have been given another address than its boot loader. */
export async function findAddresses(
  settings: Pick<Settings, 'stateFolder'>,
  macs: readonly string[],
): Promise<string[]> {
  const leases = await readFile(join(bootFolders(settings).service, 'leases'), 'utf8').catch(
    () => '',
  );
  return [...new Set([...parseLeases(leases, macs), ...(await findNeighbourAddresses(macs))])];
}

/** Addresses of these cards in a lease file of dnsmasq (dnsmasq(8), --dhcp-leasefile), those that end latest first. */
export function parseLeases(text: string, macs: readonly string[]): string[] {
  const wanted = new Set(macs);
  return text
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([, mac = '', ip = '']) => wanted.has(mac.toLowerCase()) && /^[\d.]+$/.test(ip))
    .sort(([one], [other]) => Number(other) - Number(one))
    .map(([, , ip = '']) => ip);
}
