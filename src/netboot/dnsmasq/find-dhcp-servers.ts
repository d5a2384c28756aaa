import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { networkInterfaces } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { LabError } from '../../model/lab-error.ts';
import { type DhcpAnswer, makeDiscover, parseOffer } from './dhcp-packet.ts';

/** A machine that answers DHCP on a segment. */
export interface DhcpServer extends DhcpAnswer {
  /** Where its answer came from: with a relay or two addresses not what it calls itself. */
  readonly address: string;
  /** By the neighbour table; '' where it is not known. */
  readonly mac: string;
}

/** What asking needs of the machine. */
export interface FindEffects {
  readonly random: () => number;
  /** The MAC address of a neighbour; asked after something was sent there, so that the kernel has looked. */
  readonly neighbourMac: (address: string, card: string) => Promise<string>;
}

/** dnsmasq checks each address for up to 3 seconds before it offers it. */
const listenMs = 4000;

/** Asks a segment as a PC that boots would, and names everyone who answers. `interface` must have an IPv4 address. Throws LabError 'environment' where port 68 is not to be had. */
export async function findDhcpServers(
  card: string,
  { random, neighbourMac }: FindEffects,
  forMs = listenMs,
): Promise<DhcpServer[]> {
  const own = networkInterfaces()[card]?.find(({ family }) => family === 'IPv4');
  if (own === undefined)
    throw new LabError(
      'environment',
      `${card} has no IPv4 address, or does not exist`,
      'ip -brief address shows the interfaces',
    );
  const transaction = Math.floor(random() * 2 ** 32);
  const found = new Map<string, Omit<DhcpServer, 'mac'>>();
  const sockets: Socket[] = [];
  try {
    // Broadcasts reach a socket that is bound to no address; one that is bound to ours sends out of its interface.
    for (const address of ['0.0.0.0', own.address]) sockets.push(await bind(address));
    for (const socket of sockets)
      socket.on('message', (packet, { address }) => {
        const answer = parseOffer(packet, transaction);
        if (answer)
          found.set(`${address} ${answer.server} ${answer.isProxy}`, { ...answer, address });
      });
    const [, sender] = sockets;
    const discover = makeDiscover(transaction, own.mac);
    // One packet may be lost, or meet a server that is just checking an address for another PC.
    for (const restMs of [forMs / 2, forMs / 2]) {
      await send(sender as Socket, discover);
      await wait(restMs);
    }
    return await Promise.all(
      [...found.values()].map(async (server) => {
        await send(sender as Socket, Buffer.alloc(1), 9, server.address).catch(() => undefined);
        return { ...server, mac: await neighbourMac(server.address, card) };
      }),
    );
  } finally {
    for (const socket of sockets) socket.close();
  }
}

async function bind(address: string): Promise<Socket> {
  const socket = createSocket({ type: 'udp4', reuseAddr: true });
  try {
    socket.bind(68, address);
    await once(socket, 'listening');
    socket.setBroadcast(true);
    return socket;
  } catch (error) {
    socket.close();
    const { code } = error as NodeJS.ErrnoException;
    throw new LabError(
      'environment',
      `cannot ask who answers DHCP: port 68 on ${address}: ${code}`,
      code === 'EACCES' ? 'run it as root' : 'a DHCP client holds it: ss -lunp shows which',
      { cause: error },
    );
  }
}

function send(
  socket: Socket,
  bytes: Buffer,
  port = 67,
  address = '255.255.255.255',
): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.send(bytes, port, address, (error) => (error ? reject(error) : resolve()));
  });
}
