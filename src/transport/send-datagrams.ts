import { createSocket } from 'node:dgram';
import { networkInterfaces } from 'node:os';
import { LabError } from '../model/lab-error.ts';
import { codeOf } from './reach.ts';

/** Sends one UDP datagram to each address; the limited broadcast 255.255.255.255 goes out of every interface of this machine, which the kernel alone would not do. Throws LabError 'environment' when none could be sent. */
export async function sendDatagrams(
  payload: Uint8Array,
  addresses: readonly string[],
  port: number,
): Promise<void> {
  const socket = createSocket('udp4');
  const refused: unknown[] = [];
  let sent = 0;
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.bind(0, resolve);
    });
    socket.setBroadcast(true);
    for (const address of new Set(addresses.flatMap(widen))) {
      await new Promise<void>((resolve) => {
        socket.send(payload, port, address, (error) => {
          if (error) refused.push(error);
          else sent += 1;
          resolve();
        });
      });
    }
  } finally {
    socket.close();
  }
  if (sent > 0) return;
  throw new LabError(
    'environment',
    `no magic packet could be sent: ${codeOf(refused[0]) || 'no address'}`,
    'is this machine in the network of the PCs?',
    { cause: refused[0] },
  );
}

/** The limited broadcast, and the directed one of each of this machine's own networks. */
function widen(address: string): string[] {
  if (address !== '255.255.255.255') return [address];
  const own = Object.values(networkInterfaces()).flatMap((cards) =>
    (cards ?? [])
      .filter(({ family, internal }) => family === 'IPv4' && !internal)
      .map(({ address: ip, netmask }) => broadcastOf(ip, netmask)),
  );
  return [address, ...own];
}

function broadcastOf(ip: string, netmask: string): string {
  const mask = netmask.split('.').map(Number);
  return ip
    .split('.')
    .map((part, index) => (Number(part) | (255 - (mask[index] ?? 255))) & 255)
    .join('.');
}
