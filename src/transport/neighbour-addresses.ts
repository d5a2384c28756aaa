import { readFile } from 'node:fs/promises';

/** IPv4 addresses at which this machine's kernel has seen cards with these MAC addresses (proc(5), /proc/net/arp); none where there is no such table. */
export async function findNeighbourAddresses(macs: readonly string[]): Promise<string[]> {
  const table = await readFile('/proc/net/arp', 'utf8').catch(() => '');
  return parseNeighbours(table, macs);
}

/** Reads the kernel's table of neighbours. */
export function parseNeighbours(table: string, macs: readonly string[]): string[] {
  const wanted = new Set(macs.map((mac) => mac.toLowerCase()));
  return table.split('\n').flatMap((line) => {
    const [ip = '', , flags, mac = ''] = line.trim().split(/\s+/);
    return flags !== '0x0' && wanted.has(mac.toLowerCase()) ? [ip] : [];
  });
}
