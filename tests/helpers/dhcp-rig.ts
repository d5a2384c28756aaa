import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** What a PC was offered; null when nothing came. */
export interface Offer {
  readonly type: number;
  readonly ip: string;
  readonly netmask: string;
  readonly router: string;
  readonly dns: string;
  readonly name: string;
  readonly leaseSeconds: number;
  /** Option 60. */
  readonly vendorClass: string;
  /** Option 67, else the field `file`. */
  readonly bootFile: string;
  /** The field `siaddr`. */
  readonly bootServer: string;
}

/** A DHCP server in a network namespace, and a relay in another one that asks it. */
export interface DhcpRig extends AsyncDisposable {
  /** Sends the DISCOVER of a PC by the relay of its subnet, until an offer comes or, with `tries` 1, only once; `options` are further ones in hex. */
  discover(
    mac: string,
    subnet: '10.1.1' | '10.1.2',
    more?: { clientId?: string; tries?: number; options?: string },
  ): Promise<Offer | null>;
  /** What the server printed so far. */
  output(): string;
  /** The namespace that PCs ask from, for `ip netns exec`. */
  readonly asking: string;
  /** A file as the server sees it, private folders included. */
  read(path: string): Uint8Array;
}

const server = '10.1.1.252';
const relays = { '10.1.1': '10.1.1.253', '10.1.2': '10.1.2.253' } as const;
const program = join(import.meta.dirname, 'programs', 'dhcp-discover.ts');
let count = 0;

/**
 * Starts a server with a configuration, which lies in "$folder/config" and, for daemons that AppArmor lets read no other place, in /etc/kea/config and
 * /etc/dhcp/config. `command` is a shell text that ends in `exec`; its /etc/kea, /etc/dhcp, /var/lib and /run are private.
 */
export async function openDhcpRig(config: string, command: string): Promise<DhcpRig> {
  count += 1;
  const folder = mkdtempSync(join(tmpdir(), 'labkit-dhcp-'));
  const [serving, asking] = [`labkit-s${process.pid}-${count}`, `labkit-c${process.pid}-${count}`];
  writeFileSync(join(folder, 'config'), config);
  const undo: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
  const dispose = async () => {
    for (const step of undo.reverse().splice(0)) await step();
  };
  try {
    for (const name of [serving, asking]) {
      ip('netns', 'add', name);
      undo.push(() => ip('netns', 'delete', name));
    }
    joinNamespaces(serving, asking);
    const child = startServer(serving, folder, command);
    undo.push(() => stop(child));
    let printed = '';
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (data) => {
        printed += String(data);
      });
    return {
      discover: (mac, subnet, { clientId = '', tries = 40, options = '' } = {}) =>
        discover(asking, [server, relays[subnet], mac, clientId], options, tries, () => {
          if (child.exitCode !== null) throw new Error(`the server ended: ${printed}`);
        }),
      output: () => printed,
      asking,
      read: (path) => new Uint8Array(readFileSync(`/proc/${child.pid}/root${path}`)),
      [Symbol.asyncDispose]: dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}

function ip(...args: readonly string[]): void {
  execFileSync('ip', args, { stdio: 'pipe' });
}

function joinNamespaces(serving: string, asking: string): void {
  ip('-n', serving, 'link', 'add', 'lan', 'type', 'veth', 'peer', 'name', 'lan', 'netns', asking);
  ip('-n', serving, 'address', 'add', `${server}/24`, 'dev', 'lan');
  for (const relay of Object.values(relays))
    ip('-n', asking, 'address', 'add', `${relay}/24`, 'dev', 'lan');
  for (const name of [serving, asking])
    for (const link of ['lo', 'lan']) ip('-n', name, 'link', 'set', link, 'up');
  ip('-n', serving, 'route', 'add', '10.1.2.0/24', 'via', relays['10.1.1']);
}

function startServer(namespace: string, folder: string, command: string): ChildProcess {
  const script = `
folder=$0
for place in /etc/kea /etc/dhcp /var/lib /run; do [ ! -d $place ] || mount -t tmpfs tmpfs $place; done
for place in /etc/kea /etc/dhcp; do [ ! -d $place ] || cp "$folder/config" $place/config; done
mkdir /run/kea /var/lib/kea /var/lib/dhcp
${command}`;
  const args = ['netns', 'exec', namespace, 'unshare', '--mount', 'sh', '-euc', script, folder];
  return spawn('ip', args, { stdio: ['ignore', 'pipe', 'pipe'] });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), 5000);
  await ended;
  clearTimeout(late);
}

async function discover(
  namespace: string,
  args: readonly string[],
  options: string,
  tries: number,
  check: () => void,
): Promise<Offer | null> {
  for (let round = 0; round < tries; round++) {
    check();
    const words = ['netns', 'exec', namespace, process.execPath, program, ...args];
    const child = spawn('ip', [...words, tries === 1 ? '2000' : '500', options], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let answer = '';
    child.stdout.on('data', (data) => {
      answer += String(data);
    });
    await once(child, 'close');
    const offer = JSON.parse(answer) as Offer | null;
    if (offer) return offer;
    await wait(50);
  }
  return null;
}
