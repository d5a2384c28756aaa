import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { followInTarget, runInTarget, targetShells } from '../../helpers/target-shell.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lab-talk-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe.each(targetShells)('a request of a target under $name', ({ shell }) => {
  const ask = async (answer: string) => {
    const server = createServer((socket) => {
      socket.once('data', () => socket.end(answer));
      socket.on('error', () => {});
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const script = 'work=$1 server=$2; : >"$work/auth"; send /x "$work/answer" a=b';
    const words = [folder, `http://127.0.0.1:${port}`];
    try {
      return await followInTarget(shell, ['talk'], script, words);
    } finally {
      server.close();
    }
  };

  it('has the status of its answer', async () => {
    const answer = 'HTTP/1.1 403 Forbidden\r\ncontent-length: 3\r\n\r\nno\n';
    expect(await ask(answer)).toEqual({ status: 0, stdout: '403\n', stderr: '' });
    expect(readFileSync(join(folder, 'answer'), 'utf8')).toBe('no\n');
  });

  it('has none when the answer was cut off, though its head was good', async () => {
    const answer = 'HTTP/1.1 200 OK\r\ncontent-length: 300\r\n\r\ngo\n';
    expect((await ask(answer)).stdout).toBe('000\n');
  });

  it('has none when nobody answers', async () => {
    expect((await ask('')).stdout).toBe('000\n');
  });
});

describe.each(targetShells)('the clock of a target under $name', ({ shell }) => {
  it.each([
    ['0.08 0.01', '8'],
    ['0.00 0.00', '0'],
    ['8.09 7.50', '809'],
    ['0.99 0.00', '99'],
    ['123456.07 1.00', '12345607'],
  ])('reads %s as a number to count with', (uptime, wanted) => {
    writeFileSync(join(folder, 'uptime'), `${uptime}\n`);
    const script = 'uptime_file=$1/uptime; echo $(($(uptime_cs) + 0))';
    const { stdout, stderr } = runInTarget(shell, ['screen'], script, [folder]);
    expect([stdout, stderr]).toEqual([`${wanted}\n`, '']);
  });
});

describe.each(targetShells)('the network of a target under $name', ({ shell }) => {
  const start = (ip: string) => {
    const card = join(folder, 'sys', 'class', 'net', 'eth0');
    mkdirSync(join(card, 'device'), { recursive: true });
    for (const [name, text] of [
      ['type', '1'],
      ['carrier', '1'],
      ['address', '52:54:00:00:00:07'],
    ] as const)
      writeFileSync(join(card, name), `${text}\n`);
    writeFileSync(join(folder, 'line'), 'boot=deploy ip=10.0.0.7::10.0.0.1:255.255.255.0::off:\n');
    const script = `sysfs=$1/sys kernel_line=$1/line work=$1; ${ip}; start_network; echo "status $?"`;
    return runInTarget(shell, ['built-in', 'screen', 'network'], script, [folder]).stdout;
  };

  it('is up with the address it was given', () => {
    expect(start('ip() { :; }')).toBe('status 0\n');
  });

  it('is not up when the address could not be set, and says so', () => {
    const refusing = 'ip() { [ "$1 $2" != "addr add" ]; }';
    expect(start(refusing)).toMatch(/^no address for eth0: .*\nstatus 1\n$/);
  });
});
