import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { renderWakePacket } from '../../src/catalog/wake-packet.ts';
import { callProgram } from '../../src/transport/call-program.ts';
import { sendDatagrams } from '../../src/transport/send-datagrams.ts';

describe('magic packets', () => {
  it('arrive as one datagram: six bytes of ones, then the address sixteen times', async () => {
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    const heard = once(socket, 'message');
    const packet = renderWakePacket('52:54:00:aa:bb:cc');
    await sendDatagrams(packet, ['127.0.0.1'], socket.address().port);
    const [message] = (await heard) as [Buffer];
    socket.close();
    expect(message.toString('hex')).toBe(`${'ff'.repeat(6)}${'525400aabbcc'.repeat(16)}`);
  });

  it('say so when none could be sent', async () => {
    await expect(sendDatagrams(new Uint8Array(1), ['256.1.1.1'], 9)).rejects.toThrow(
      'no magic packet could be sent',
    );
  });
});

describe('programs of this machine', () => {
  const more = { signal: new AbortController().signal, timeoutMs: 10_000 };

  it('get their words as they are: no shell reads them', async () => {
    const words = ['$HOME', 'a b', ';reboot', "it's"];
    const ran = await callProgram('printf', ['[%s]', ...words], more);
    expect(ran).toMatchObject({ exitCode: 0, stdout: words.map((word) => `[${word}]`).join('') });
  });

  it('that fail are a result; that are missing are refused by name', async () => {
    expect((await callProgram('false', [], more)).exitCode).toBe(1);
    await expect(callProgram('no-such-program', [], more)).rejects.toThrow('cannot run no-such');
  });
});
