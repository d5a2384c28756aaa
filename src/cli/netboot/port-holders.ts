import { spawnSync } from 'node:child_process';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { basename } from 'node:path';

/** Who holds a port of this machine. */
export interface PortHolder {
  readonly protocol: 'udp' | 'tcp';
  readonly port: number;
  /** `0.0.0.0` for all addresses. */
  readonly address: string;
  /** Such as `dnsmasq (process 1234)`; 'an unknown process' where only root may know. */
  readonly who: string;
}

interface Row {
  readonly protocol: 'udp' | 'tcp';
  readonly port: number;
  readonly address: string;
  readonly inode: string;
}

/** Lists who holds any of these ports over IPv4, as /proc tells (proc(5), net/udp and net/tcp), each once. `card` is the interface they are wanted on: DHCP servers that are bound to another one, as those of virtual machines are, leave room there. */
export async function findPortHolders(
  card: string,
  wanted: { readonly udp: readonly number[]; readonly tcp: readonly number[] },
): Promise<PortHolder[]> {
  const rows: Row[] = [];
  for (const protocol of ['udp', 'tcp'] as const) {
    for (const file of [`/proc/net/${protocol}`, `/proc/net/${protocol}6`]) {
      const text = await readFile(file, 'utf8').catch(() => '');
      rows.push(
        ...parseSockets(text, protocol).filter(({ port }) => wanted[protocol].includes(port)),
      );
    }
  }
  if (rows.length === 0) return [];
  const free = portsElsewhere(listBoundSockets(), card);
  const owners = await findOwners(new Set(rows.map(({ inode }) => inode)));
  const holders = rows
    .filter(({ protocol, port }) => protocol === 'tcp' || !free.has(port))
    .map(({ inode, ...row }) => ({ ...row, who: owners.get(inode) ?? 'an unknown process' }));
  // A program that waits over IPv4 and IPv6 has two sockets.
  return [...new Map(holders.map((holder) => [JSON.stringify(holder), holder])).values()];
}

/** UDP sockets that wait, as ss(8) prints them; /proc does not tell which interface one is bound to. '' where there is no ss: then every one counts. */
function listBoundSockets(): string {
  return spawnSync('ss', ['-Hlun'], { encoding: 'utf8' }).stdout ?? '';
}

/** UDP ports that are held on other interfaces alone: `UNCONN 0 0 0.0.0.0%virbr0:67 0.0.0.0:*`. */
export function portsElsewhere(text: string, card: string): ReadonlySet<number> {
  const bound = [...text.matchAll(/^\S+ +\d+ +\d+ +(?:[^\s%]+(?:%(\S+))?|\*):(\d+) /gm)];
  const here = new Set(
    bound.filter(([, device = card]) => device === card).map(([, , port]) => Number(port)),
  );
  const ports = new Set(bound.map(([, , port]) => Number(port)));
  return new Set([...ports].filter((port) => !here.has(port)));
}

/** Sockets that wait: all of UDP, and TCP in the state LISTEN (0A). */
export function parseSockets(text: string, protocol: 'udp' | 'tcp'): Row[] {
  return text
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields.length > 9 && (protocol === 'udp' || fields[3] === '0A'))
    .map((fields) => {
      const [address = '', port = ''] = (fields[1] ?? '').split(':');
      return {
        protocol,
        port: Number.parseInt(port, 16),
        address: addressOf(address),
        inode: fields[9] ?? '',
      };
    });
}

/** IPv4 is written as a number in the order of this machine's bytes; `::` counts as all addresses. */
function addressOf(hex: string): string {
  if (hex.length !== 8) return /^0+$/.test(hex) ? '0.0.0.0' : '::';
  return (hex.match(/../g) ?? [])
    .reverse()
    .map((byte) => Number.parseInt(byte, 16))
    .join('.');
}

async function findOwners(inodes: ReadonlySet<string>): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  for (const pid of pids) {
    const links = await readdir(`/proc/${pid}/fd`).catch(() => []);
    for (const link of links) {
      const target = await readlink(`/proc/${pid}/fd/${link}`).catch(() => '');
      const [, inode = ''] = /^socket:\[(\d+)\]$/.exec(target) ?? [];
      if (!inodes.has(inode)) continue;
      const [program = ''] = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split(
        '\0',
      );
      const name = basename(program) || 'a process';
      found.set(inode, `${name} (process ${pid})`);
    }
  }
  return found;
}
