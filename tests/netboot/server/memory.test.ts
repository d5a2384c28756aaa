import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { get } from 'node:http';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const bytes = 2 * 1024 ** 3;
const mebibyte = 1024 ** 2;
let folder = '';
let server: ChildProcess;
let port = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lab-boot-memory-'));
  const program = join(import.meta.dirname, 'serve-sparse.ts');
  server = spawn(process.execPath, [program, join(folder, 'sparse'), String(bytes)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (!server.stdout) throw new Error('the server has no stdout');
  for await (const line of createInterface(server.stdout)) {
    port = Number(line);
    break;
  }
}, 60_000);
afterAll(async () => {
  server.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

/** The most memory the server ever held (VmHWM, proc(5)), in MiB. */
async function peakMiB(): Promise<number> {
  const status = await readFile(`/proc/${server.pid}/status`, 'utf8');
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? Number.NaN) / 1024;
}

function download(path: string, headers: { [name: string]: string }): Promise<number> {
  return new Promise((done, fail) => {
    const sent = get({ port, path, headers, host: '127.0.0.1', agent: false }, (answer) => {
      let count = 0;
      answer.on('data', (part: Buffer) => {
        count += part.length;
      });
      answer.on('end', () => done(count));
      answer.on('error', fail);
    });
    sent.on('error', fail);
  });
}

function dial(): Promise<Socket> {
  return new Promise((done, fail) => {
    const socket = connect(port, '127.0.0.1', () => done(socket));
    socket.once('error', fail);
  });
}

/** What came back, once the server has hung up. */
function whenClosed(socket: Socket): Promise<string> {
  const parts: Buffer[] = [];
  socket.on('data', (part: Buffer) => parts.push(part));
  socket.on('error', () => undefined);
  return new Promise((done) =>
    socket.once('close', () => done(Buffer.concat(parts).toString('latin1'))),
  );
}

async function isHealthy(): Promise<boolean> {
  return (await (await fetch(`http://127.0.0.1:${port}/boot/health`)).text()) === 'ok\n';
}

describe('the memory of the boot server', () => {
  it('stays under 200 MB while clients that read nothing hold two gigabytes each', async () => {
    const sockets = await Promise.all(Array.from({ length: 20 }, dial));
    for (const socket of sockets) {
      socket.pause();
      socket.write(`GET /boot/asset/${'e'.repeat(64)}/big HTTP/1.1\r\nHost: x\r\n\r\n`);
    }
    // Answered only after the server has turned to each of them.
    expect(await isHealthy()).toBe(true);
    const slice = { range: `bytes=0-${64 * mebibyte - 1}` };
    expect(await download(`/boot/asset/${'e'.repeat(64)}/big`, slice)).toBe(64 * mebibyte);
    for (const socket of sockets) socket.destroy();
    expect(await peakMiB()).toBeLessThan(200);
  }, 60_000);

  it('stays under 200 MB while 4 clients are sent 2 GB each', async () => {
    const counts = await Promise.all(
      Array.from({ length: 4 }, () =>
        download('/boot/image/debian-12/root.tar.zst', { authorization: 'Bearer session' }),
      ),
    );
    expect(counts).toEqual([bytes, bytes, bytes, bytes]);
    const peak = await peakMiB();
    console.info(`4 x 2 GB sent; peak of the server's memory ${peak.toFixed(0)} MiB`);
    expect(peak).toBeLessThan(200);
  }, 300_000);

  it('is not taken by 200 requests that never end: they are cut off, others are answered meanwhile', async () => {
    const halves = await Promise.all(Array.from({ length: 100 }, dial));
    const endings = halves.map((socket, index) => {
      const ending = whenClosed(socket);
      socket.write(
        index % 2
          ? 'GET /boot/health HTTP/1.1\r\nX-Slow: '
          : 'POST /boot/script HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 60000\r\n\r\nmac=',
      );
      return ending;
    });
    // One byte at a time is no way around the limit.
    const drip = setInterval(() => {
      for (const socket of halves) if (!socket.destroyed) socket.write('a');
    }, 200);
    // The next hundred from the same address are over what one address may hold.
    const more = Array.from({ length: 100 }, () => {
      const socket = connect(port, '127.0.0.1');
      const ending = whenClosed(socket);
      socket.write('GET /boot/health HTTP/1.1\r\nX-Slow: ');
      return ending;
    });
    expect(await isHealthyFrom('127.0.0.2')).toBe(true);
    const said = await Promise.all([...endings, ...more]);
    clearInterval(drip);
    expect(said).toHaveLength(200);
    for (const text of said) expect(text).toMatch(/^$|^HTTP\/1\.1 4(?:08|13|00) /);
    expect(await isHealthy()).toBe(true);
    expect(await peakMiB()).toBeLessThan(200);
  }, 120_000);
});

function isHealthyFrom(localAddress: string): Promise<boolean> {
  return new Promise((done, fail) => {
    get({ port, host: '127.0.0.1', localAddress, path: '/boot/health', agent: false }, (answer) => {
      answer.resume();
      done(answer.statusCode === 200);
    }).on('error', fail);
  });
}
