import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { releaseSent } from '../../src/transport/ssh2-tuning.ts';

/** Settles when a socket has sent what it was given. */
const sent = (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    socket.write(new Uint8Array(1));
    const look = () => (socket.writableLength === 0 ? resolve() : setImmediate(look));
    look();
  });

describe('a socket that frees what it has sent', () => {
  let server: Server;
  let socket: Socket;
  let received: Promise<Buffer>;
  beforeEach(async () => {
    server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    received = once(server, 'connection').then(async ([peer]: Socket[]) =>
      Buffer.concat(await (peer as Socket).toArray()),
    );
    const address = server.address();
    socket = connect(typeof address === 'object' && address ? address.port : 0, '127.0.0.1');
    await once(socket, 'connect');
    releaseSent(socket);
  });
  afterEach(() => {
    socket.destroy();
    server.close();
  });

  it('sends every byte, also of packets that wait in its queue, and frees the large ones', async () => {
    const packets = Array.from({ length: 200 }, (_, index) => new Uint8Array(40_000).fill(index));
    const expected = Buffer.concat([...packets, new Uint8Array(1)]);
    for (const packet of packets) socket.write(packet);
    await sent(socket);
    expect(packets.map(({ byteLength }) => byteLength)).toEqual(packets.map(() => 0));
    socket.end();
    expect(expected.equals(await received)).toBe(true);
  });

  it('leaves alone what is small, and what is a part of something larger', async () => {
    const small = new Uint8Array(100).fill(1);
    const whole = new Uint8Array(100_000).fill(2);
    socket.write(small);
    socket.write(whole.subarray(0, 50_000));
    socket.write(whole.subarray(50_000));
    await sent(socket);
    expect([small.byteLength, whole.byteLength]).toEqual([100, 100_000]);
    socket.end();
    expect((await received).length).toBe(100_101);
  });

  it('keeps what it could not send', async () => {
    const packet = new Uint8Array(40_000);
    socket.on('error', () => {});
    socket.destroy();
    socket.write(packet);
    await new Promise(setImmediate);
    expect(packet.byteLength).toBe(40_000);
  });
});
