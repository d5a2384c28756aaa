/** Makes a network ROM that is an iPXE look like a vendor's: what gives it away is taken out of its DHCP packets, until it has loaded its first file. */
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

/** Connects to the two sockets of QEMU's filter-redirector (each packet behind its length, 4 bytes) and passes packets on. */
export async function openVendorRom(path: string): Promise<void> {
  const out = await connect(`${path}.out`);
  const back = await connect(`${path}.back`);
  let pending = Buffer.alloc(0);
  let isFirst = true;
  out.on('data', (piece: Buffer) => {
    pending = Buffer.concat([pending, piece]);
    while (pending.length >= 4 && pending.length >= 4 + pending.readUInt32BE(0)) {
      const length = pending.readUInt32BE(0);
      const frame = Buffer.from(pending.subarray(0, 4 + length));
      const packet = frame.subarray(4);
      if (isFirst && isUdpTo(packet, 69)) isFirst = false;
      else if (isFirst && isUdpTo(packet, 67)) disguise(packet);
      back.write(frame);
      pending = pending.subarray(4 + length);
    }
  });
}

async function connect(path: string): Promise<Socket> {
  for (let tries = 0; tries < 600; tries++) {
    if (existsSync(path)) {
      const socket = createConnection(path);
      const isOpen = await Promise.race([
        once(socket, 'connect').then(() => true),
        once(socket, 'error').then(() => false),
      ]);
      socket.on('error', () => undefined);
      if (isOpen) return socket;
    }
    await wait(50);
  }
  throw new Error(`QEMU does not listen on ${path}`);
}

/** Ethernet, IPv4 without options, UDP. */
function isUdpTo(packet: Buffer, port: number): boolean {
  return (
    packet.length > 42 &&
    packet.readUInt16BE(12) === 0x0800 &&
    packet[14] === 0x45 &&
    packet[23] === 17 &&
    packet.readUInt16BE(36) === port
  );
}

/** Options 77 (user class) and 175 (iPXE's own) get a number for private use (RFC 2132, 2). The UDP checksum may be left out over IPv4 (RFC 768). */
function disguise(packet: Buffer): void {
  for (let at = 42 + 240; at < packet.length && packet[at] !== 255; ) {
    const code = packet[at] ?? 0;
    if (code === 77 || code === 175) packet[at] = code === 77 ? 224 : 225;
    at += code === 0 ? 1 : 2 + (packet[at + 1] ?? 0);
  }
  packet.writeUInt16BE(0, 40);
}
