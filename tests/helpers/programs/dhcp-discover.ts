import { createSocket } from 'node:dgram';

/**
 * Asks a DHCP server as a relay would (RFC 2131, 4.1): sends a DISCOVER of a PC from the relay's address and prints the OFFER as JSON, or null
 * when none comes in time. Arguments: server, the relay's own address in the PC's subnet, the PC's MAC address, a client id in hex or '',
 * milliseconds, further options in hex.
 */
const [server = '', relay = '', mac = '', clientId = '', waitMs = '2000', more = ''] =
  process.argv.slice(2);
const transaction = Math.floor(Math.random() * 2 ** 32);
const cookie = [99, 130, 83, 99];

function makeDiscover(): Buffer {
  const head = Buffer.alloc(236);
  head.writeUInt8(1, 0); // BOOTREQUEST
  head.writeUInt8(1, 1); // Ethernet
  head.writeUInt8(6, 2);
  head.writeUInt8(1, 3); // one relay on the way
  head.writeUInt32BE(transaction, 4);
  Buffer.from(relay.split('.').map(Number)).copy(head, 24);
  Buffer.from(mac.replaceAll(':', ''), 'hex').copy(head, 28);
  const id = Buffer.from(clientId, 'hex');
  const asked = [1, 3, 6, 12, 43, 60, 66, 67];
  const options = [
    ...[53, 1, 1, 55, asked.length, ...asked, ...Buffer.from(more, 'hex')],
    ...(id.length > 0 ? [61, id.length, ...id] : []),
  ];
  return Buffer.concat([head, Buffer.from([...cookie, ...options, 255]), Buffer.alloc(60)]);
}

function readOptions(packet: Buffer): Map<number, Buffer> {
  const options = new Map<number, Buffer>();
  for (let at = 240; at < packet.length && packet[at] !== 255; ) {
    if (packet[at] === 0) at += 1;
    else {
      const length = packet[at + 1] ?? 0;
      options.set(packet[at] ?? 0, packet.subarray(at + 2, at + 2 + length));
      at += 2 + length;
    }
  }
  return options;
}

const dotted = (bytes: Buffer | undefined): string => (bytes ? [...bytes].join('.') : '');

const textOf = (bytes: Buffer | undefined): string =>
  bytes?.toString('latin1').replace(/\0.*/s, '') ?? '';

const socket = createSocket({ type: 'udp4', reuseAddr: true });
const giveUp = setTimeout(() => {
  console.log('null');
  socket.close();
}, Number(waitMs));
socket.on('message', (packet) => {
  if (packet.readUInt32BE(4) !== transaction) return;
  const options = readOptions(packet);
  console.log(
    JSON.stringify({
      type: options.get(53)?.[0],
      ip: dotted(packet.subarray(16, 20)),
      netmask: dotted(options.get(1)),
      router: dotted(options.get(3)),
      dns: dotted(options.get(6)),
      name: textOf(options.get(12)),
      vendorClass: textOf(options.get(60)),
      bootFile: textOf(options.get(67)) || textOf(packet.subarray(108, 236)),
      bootServer: dotted(packet.subarray(20, 24)),
      leaseSeconds: options.get(51)?.readUInt32BE(0),
    }),
  );
  clearTimeout(giveUp);
  socket.close();
});
socket.bind(67, relay, () => socket.send(makeDiscover(), 67, server));
