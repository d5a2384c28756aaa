/** Prints the MAC address of every magic packet that arrives by UDP, at the ports that are usual for it. */
import { createSocket } from 'node:dgram';

for (const port of [7, 9]) {
  const socket = createSocket({ type: 'udp4', reuseAddr: true });
  socket.on('message', (packet) => {
    const mac = readMagicPacket(packet);
    if (mac !== '') console.log(mac);
  });
  socket.bind(port);
}

/** Six bytes of ones, then the address 16 times (AMD, Magic Packet Technology); '' for anything else. */
function readMagicPacket(packet: Buffer): string {
  const mac = packet.subarray(6, 12);
  const wanted = Buffer.concat([Buffer.alloc(6, 0xff), ...Array.from({ length: 16 }, () => mac)]);
  if (mac.length < 6 || !packet.subarray(0, wanted.length).equals(wanted)) return '';
  return mac.toString('hex').replace(/(..)(?=.)/g, '$1:');
}
