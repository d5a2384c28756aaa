/** The DHCP client of a PC that boots from the network (RFC 2131; RFC 4578; iPXE's option 175). */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

/** Who asks. */
export interface DhcpAsker {
  readonly mac: string;
  /** Option 93. */
  readonly architecture: number;
  readonly uuid: string;
  /** Whether it is the iPXE that was loaded, not the firmware. */
  readonly isIpxe: boolean;
}

/** What it was given. */
export interface DhcpLease {
  readonly ip: string;
  /** Who has the file. */
  readonly server: string;
  readonly file: string;
}

const cookie = [99, 130, 83, 99];
const [discover, offer, request, acknowledge] = [1, 2, 3, 5];
/** Firmware gives up after the last of these. */
const waitsMs = [1000, 2000, 4000, 8000, 16_000];

/** Port 68 of this network, for broadcasts. */
export async function openDhcpSocket(): Promise<Socket> {
  const socket = createSocket({ type: 'udp4', reuseAddr: true });
  socket.bind(68);
  await once(socket, 'listening');
  socket.setBroadcast(true);
  return socket;
}

/** DISCOVER to ACK; throws when nobody answers in all the time that firmware takes. */
export async function askDhcp(socket: Socket, asker: DhcpAsker): Promise<DhcpLease> {
  const transaction = Buffer.from(asker.mac.replaceAll(':', ''), 'hex').readUInt32BE(2);
  const offered = await exchange(socket, makePacket(asker, transaction, discover, []), offer);
  const ip = offered.packet.subarray(16, 20);
  const server = offered.options.get(54) ?? Buffer.alloc(4);
  const wanted = [50, 4, ...ip, 54, 4, ...server];
  const packet = makePacket(asker, transaction, request, wanted);
  const given = await exchange(socket, packet, acknowledge);
  const text = (bytes: Buffer | undefined) => bytes?.toString('latin1').split('\0')[0] ?? '';
  return {
    ip: [...ip].join('.'),
    server: [...given.packet.subarray(20, 24)].join('.'),
    file: text(given.options.get(67)) || text(given.packet.subarray(108, 236)),
  };
}

interface Answer {
  readonly packet: Buffer;
  readonly options: ReadonlyMap<number, Buffer>;
}

/** Sends until an answer of this type to this very packet comes. */
async function exchange(socket: Socket, packet: Buffer, type: number): Promise<Answer> {
  const found = Promise.withResolvers<Answer>();
  const hear = (answer: Buffer) => {
    if (answer.length < 241 || !answer.subarray(4, 8).equals(packet.subarray(4, 8))) return;
    if (!answer.subarray(28, 34).equals(packet.subarray(28, 34))) return;
    const options = readOptions(answer);
    if (options.get(53)?.[0] === type) found.resolve({ packet: answer, options });
  };
  socket.on('message', hear);
  try {
    for (const waitMs of waitsMs) {
      socket.send(packet, 67, '255.255.255.255');
      const late = Promise.withResolvers<undefined>();
      const timer = setTimeout(() => late.resolve(undefined), waitMs);
      const answer = await Promise.race([found.promise, late.promise]);
      clearTimeout(timer);
      if (answer) return answer;
    }
    throw new Error(`no DHCP answer of type ${type}`);
  } finally {
    socket.off('message', hear);
  }
}

function makePacket(
  { mac, architecture, uuid, isIpxe }: DhcpAsker,
  transaction: number,
  type: number,
  more: readonly number[],
): Buffer {
  const head = Buffer.alloc(236);
  head.set([1, 1, 6, 0]);
  head.writeUInt32BE(transaction, 4);
  // Nobody can send to an address that this PC does not have yet.
  head.writeUInt16BE(0x8000, 10);
  Buffer.from(mac.replaceAll(':', ''), 'hex').copy(head, 28);
  const vendor = Buffer.from(`PXEClient:Arch:${String(architecture).padStart(5, '0')}:UNDI:002001`);
  const options = [
    ...[53, 1, type, ...more],
    ...[55, 6, 1, 3, 6, 43, 66, 67],
    ...[57, 2, 0x05, 0xc0],
    ...[60, vendor.length, ...vendor],
    ...[93, 2, 0, architecture],
    ...[94, 3, 1, 2, 1],
    ...[97, 17, 0, ...Buffer.from(uuid.replaceAll('-', ''), 'hex')],
    ...(isIpxe ? [77, 4, ...Buffer.from('iPXE'), 175, 3, 0x15, 1, 1] : []),
    255,
  ];
  return Buffer.concat([head, Buffer.from([...cookie, ...options]), Buffer.alloc(32)]);
}

function readOptions(packet: Buffer): Map<number, Buffer> {
  const options = new Map<number, Buffer>();
  for (let at = 240; at < packet.length && packet[at] !== 255; ) {
    const length = packet[at] === 0 ? -1 : (packet[at + 1] ?? 0);
    if (length >= 0) options.set(packet[at] ?? 0, packet.subarray(at + 2, at + 2 + length));
    at += 2 + length;
  }
  return options;
}
