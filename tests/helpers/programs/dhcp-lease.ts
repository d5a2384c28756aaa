import { createSocket } from 'node:dgram';

/**
 * Gets a lease as a PC behind a relay would (RFC 2131, 4.3): DISCOVER, then REQUEST of what was offered, until it is acknowledged; prints the address.
 * Arguments: server, the relay's own address in the PC's subnet, the PC's MAC address, the PC's name.
 */
const [server = '', relay = '', mac = '', name = ''] = process.argv.slice(2);
const transaction = Math.floor(Math.random() * 2 ** 32);
const [discover, offer, request, acknowledge] = [1, 2, 3, 5];

function makePacket(type: number, more: readonly number[] = []): Buffer {
  const head = Buffer.alloc(236);
  head.set([1, 1, 6, 1]);
  head.writeUInt32BE(transaction, 4);
  head.set(relay.split('.').map(Number), 24);
  head.set(Buffer.from(mac.replaceAll(':', ''), 'hex'), 28);
  const host = [12, name.length, ...Buffer.from(name, 'latin1')];
  const options = [99, 130, 83, 99, 53, 1, type, ...host, ...more, 255];
  return Buffer.concat([head, Buffer.from(options), Buffer.alloc(60)]);
}

function optionOf(packet: Buffer, wanted: number): Buffer {
  for (let at = 240; at < packet.length && packet[at] !== 255; at += 2 + (packet[at + 1] ?? 0)) {
    const length = packet[at + 1] ?? 0;
    if (packet[at] === wanted) return packet.subarray(at + 2, at + 2 + length);
  }
  return Buffer.alloc(1);
}

const socket = createSocket({ type: 'udp4', reuseAddr: true });
let next = makePacket(discover);
const send = (): void => socket.send(next, 67, server);
const timer = setInterval(send, 500);
socket.on('message', (packet) => {
  if (packet.readUInt32BE(4) !== transaction) return;
  const [type] = optionOf(packet, 53);
  const ip = packet.subarray(16, 20);
  if (type === offer) {
    next = makePacket(request, [50, 4, ...ip, 54, 4, ...optionOf(packet, 54)]);
    send();
  }
  if (type !== acknowledge) return;
  console.log([...ip].join('.'));
  clearInterval(timer);
  socket.close();
});
socket.bind(67, relay, send);
