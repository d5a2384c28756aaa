/**
 * Plays the firmware of one PC in the network it is run in, and then the iPXE it was given: DHCP (RFC 2131, RFC 4578), its loader by TFTP (RFC 1350, 2348), DHCP
 * again as iPXE, its two boot scripts by HTTP. Begins at SIGUSR2, so that many begin at once; prints `ready` before and what it got as JSON afterwards.
 * Arguments: its MAC address, its client architecture (option 93), its UUID.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { get } from 'node:http';
import { askDhcp, openDhcpSocket } from './pxe-dhcp.ts';
import { fetchTftp } from './pxe-tftp.ts';
import type { PxeBoot } from './types.ts';

const [mac = '', architecture = '0', uuid = ''] = process.argv.slice(2);
routeBroadcasts();
const socket = await openDhcpSocket();
const client = { mac, architecture: Number(architecture), uuid };

/** Broadcasts go out of the card whatever network it is in; the kernel forgets this with the card's last address. */
function routeBroadcasts(): void {
  execFileSync('ip', ['route', 'replace', '255.255.255.255', 'dev', 'lan']);
}

/** The first answer of a connection of its own; iPXE, too, opens one for each file. */
async function ask(url: string): Promise<{ readonly text: string; readonly ms: number }> {
  const began = performance.now();
  const request = get(url, { agent: false });
  const [answer] = await once(request, 'response');
  const ms = performance.now() - began;
  let text = '';
  answer.setEncoding('utf8');
  for await (const piece of answer) text += piece;
  if (answer.statusCode !== 200) throw new Error(`${url}: ${answer.statusCode} ${text}`);
  return { text, ms };
}

/** Settings of iPXE that the scripts of the service ask for, as it would write them into a URL. */
function expand(text: string, ip: string): string {
  const known: { readonly [setting: string]: string } = {
    'netX/mac:hexhyp': mac.replaceAll(':', '-'),
    ...{ uuid, 'netX/ip': ip, buildarch: 'i386' },
    platform: client.architecture === 0 ? 'pcbios' : 'efi',
  };
  return text.replaceAll(/\$\{([^}]+)\}/g, (_, setting: string) => known[setting] ?? '');
}

async function boot(): Promise<PxeBoot> {
  const began = performance.now();
  const firmware = await askDhcp(socket, { ...client, isIpxe: false });
  const offerMs = performance.now() - began;
  execFileSync('ip', ['address', 'flush', 'dev', 'lan', 'scope', 'global']);
  execFileSync('ip', ['address', 'add', `${firmware.ip}/24`, 'dev', 'lan']);
  routeBroadcasts();
  const loader = await fetchTftp(firmware.server, firmware.file);
  const loaderMs = performance.now() - began;
  const ipxe = await askDhcp(socket, { ...client, isIpxe: true });
  const greeting = await ask(expand(ipxe.file, ipxe.ip));
  const next = /^chain .*?(http:\S+)/m.exec(greeting.text)?.[1] ?? '';
  const script = await ask(expand(next, ipxe.ip));
  return {
    ...{ mac, ip: firmware.ip, offerMs, loaderMs, loader: firmware.file },
    loaderSha256: createHash('sha256').update(loader).digest('hex'),
    ...{ greetingMs: greeting.ms, scriptMs: script.ms, script: script.text },
    totalMs: performance.now() - began,
  };
}

process.once('SIGUSR2', () => {
  boot().then(
    (got) => process.stdout.write(`${JSON.stringify(got)}\n`, () => process.exit(0)),
    (error: unknown) => process.stdout.write(`lost: ${String(error)}\n`, () => process.exit(1)),
  );
});
console.log('ready');
