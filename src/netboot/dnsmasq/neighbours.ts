import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';

/** The MAC address (lower-case, colons) that a table in the form of /proc/net/arp (proc(5)) has for an IPv4 address; '' where it has none. */
export function findNeighbour(table: string, address: string): string {
  const row = table
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .find(([ip, , flags, mac]) => ip === address && flags !== '0x0' && mac !== '00:00:00:00:00:00');
  const mac = row?.[3]?.toLowerCase() ?? '';
  return /^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/.test(mac) ? mac : '';
}

/** Looks an address up in this machine's neighbour table; '' for one that it never talked with, or that is behind a router. */
export async function neighbourMac(address: string): Promise<string> {
  try {
    return findNeighbour(await readFile('/proc/net/arp', 'utf8'), address);
  } catch {
    return '';
  }
}

/** The same for an address that was just written to: its owner's answer may take a moment. One of another network, such as a home router's, is asked for with arp-scan(1) where that is installed. */
export async function awaitNeighbourMac(
  address: string,
  card: string,
  forMs = 1000,
): Promise<string> {
  for (let leftMs = forMs; leftMs > 0; leftMs -= 50) {
    const mac = await neighbourMac(address);
    if (mac !== '') return mac;
    await wait(50);
  }
  return scanFor(address, card);
}

function scanFor(address: string, card: string): Promise<string> {
  const args = ['--plain', '--quiet', '--retry=2', `--interface=${card}`, address];
  const env = { LC_ALL: 'C', PATH: '/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin' };
  return new Promise((resolve) => {
    execFile('arp-scan', args, { env, timeout: 5000 }, (_, stdout) => {
      const [, mac = ''] = /^\S+\s+((?:[0-9a-f]{2}:){5}[0-9a-f]{2})\b/im.exec(stdout) ?? [];
      resolve(mac.toLowerCase());
    });
  });
}
