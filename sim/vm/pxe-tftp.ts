/** The TFTP client of network firmware: reads a file, block by block (RFC 1350; block sizes by RFC 2347 and 2348). */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';

const [readRequest, data, acknowledgement, failure, options] = [1, 3, 4, 5, 6];
const blockBytes = 1432;
const againMs = 1000;
const mostTries = 6;

/** The whole file; throws what the server says, or when it is silent for several seconds. */
export async function fetchTftp(server: string, file: string): Promise<Buffer> {
  const socket = createSocket('udp4');
  try {
    socket.bind(0);
    await once(socket, 'listening');
    const blocks: Buffer[] = [];
    const asked = Buffer.from(`\0\x01${file}\0octet\0blksize\0${blockBytes}\0`, 'latin1');
    asked.writeUInt16BE(readRequest, 0);
    let last: { readonly bytes: Buffer; readonly port: number } = { bytes: asked, port: 69 };
    for (;;) {
      const { packet, port } = await answerTo(last.bytes, last.port, blocks.length);
      const type = packet.readUInt16BE(0);
      if (type === failure) throw new Error(`TFTP ${file}: ${packet.toString('latin1', 4)}`);
      if (type === data) blocks.push(Buffer.from(packet.subarray(4)));
      last = { bytes: acknowledge(blocks.length), port };
      if (type === data && packet.length < 4 + blockBytes) {
        socket.send(last.bytes, port, server);
        return Buffer.concat(blocks);
      }
    }
  } finally {
    socket.close();
  }

  /** Sends until the next block, the server's options or its refusal comes. */
  async function answerTo(bytes: Buffer, port: number, have: number) {
    for (let tries = 0; tries < mostTries; tries++) {
      socket.send(bytes, port, server);
      const found = await nextPacket((packet) => {
        const type = packet.readUInt16BE(0);
        if (type === data) return packet.readUInt16BE(2) === ((have + 1) & 0xffff);
        return type === failure || (type === options && have === 0);
      });
      if (found) return found;
    }
    throw new Error(`TFTP ${file}: ${server} is silent behind block ${have}`);
  }

  function nextPacket(
    isIt: (packet: Buffer) => boolean,
  ): Promise<{ readonly packet: Buffer; readonly port: number } | undefined> {
    return new Promise((resolve) => {
      const hear = (packet: Buffer, { port }: { port: number }) => {
        if (isIt(packet)) end({ packet, port });
      };
      const timer = setTimeout(() => end(undefined), againMs);
      const end = (found: { packet: Buffer; port: number } | undefined) => {
        clearTimeout(timer);
        socket.off('message', hear);
        resolve(found);
      };
      socket.on('message', hear);
    });
  }
}

function acknowledge(block: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt16BE(acknowledgement, 0);
  bytes.writeUInt16BE(block & 0xffff, 2);
  return bytes;
}
