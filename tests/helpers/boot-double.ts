import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import type { Image } from '../../src/model/image.ts';
import { openArming } from '../../src/netboot/arming/open-arming.ts';
import { renderJob } from '../../src/netboot/texts/job.ts';
import { makeHost } from './make-host.ts';
import { makeProfile } from './make-profile.ts';

/** A root archive as the double hands it out. */
export interface DoubleArchive {
  readonly path: string;
  readonly chunkBytes: number;
}

/** An image as it lies in a folder, instead of an archive: its job is rendered as the boot service does. */
export interface DoubleImage {
  readonly images: string;
  readonly image: Image;
}

/** What may go wrong; a test sets it before or while a target installs. */
export interface DoubleFaults {
  /** Index of a chunk in which one byte is changed. */
  alterChunk?: number;
  /** The archive ends here for whoever asks. */
  cutAt?: number;
  /** Reports of `writing` are answered with `stop REASON`; from the third chunk on the archive waits for one. */
  stop?: string;
  /** The first so many job replies are cut off before their end. */
  cutJobs?: number;
}

/** Stands for the boot service (docs/netboot-protocol.md): one armed host, one job, notes everything it is told. */
export interface BootDouble {
  readonly port: number;
  readonly token: string;
  readonly faults: DoubleFaults;
  /** Form fields of every report, in order. */
  readonly reports: URLSearchParams[];
  /** `METHOD PATH STATUS` of every request. */
  readonly requests: string[];
  /** Lines of the job; a test may change them before the target asks. */
  job: string[];
  /** No longer listens and drops every connection, as a service that was killed. */
  goDown(): Promise<void>;
  comeUp(): Promise<void>;
  close(): Promise<void>;
}

type Say = (status: number, text: string) => void;

const token = 'T'.repeat(43);
const session = 'S'.repeat(43);

/** Opens the double on loopback for an archive or an image; `base` is the URL by which the target reaches it, given its port. */
export async function openBootDouble(
  content: DoubleArchive | DoubleImage,
  base: (port: number) => string,
): Promise<BootDouble> {
  const files = await openFiles(content);
  const sockets = new Set<Socket>();
  const state = { nonce: '', onReport: [] as (() => void)[] };
  const faults: DoubleFaults = {};
  const reports: URLSearchParams[] = [];
  const requests: string[] = [];
  let server: Server | undefined;
  let port = 0;

  const listen = async () => {
    server = createServer((request, response) => {
      response.on('finish', () =>
        requests.push(`${request.method} ${request.url} ${response.statusCode}`),
      );
      void answer(request, response);
    });
    server.on('connection', (socket: Socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
    });
    await new Promise<void>((resolve) => server?.listen(port, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
  };
  const goDown = async () => {
    const ended = new Promise((resolve) => server?.close(resolve));
    for (const socket of sockets) socket.destroy();
    await ended;
  };
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const say: Say = (status, text) => {
      response.writeHead(status).end(text);
    };
    const form = new URLSearchParams(await readBody(request));
    const secret = request.headers.authorization;
    if (request.url === '/boot/identify') return void say(200, `${token}\n`);
    if (request.url === '/boot/job') {
      if (secret !== `Bearer ${token}`) return void say(410, 'this token is used or old\n');
      return void giveJob(form.get('nonce') ?? '', say);
    }
    if (secret !== `Bearer ${session}`) return void say(410, 'no such session\n');
    if (request.url === '/boot/report') return void takeReport(form, say);
    const file = files.get(request.url ?? '');
    if (file === undefined) return void say(404, 'no such name\n');
    await sendRange(file, request, response);
  }
  function giveJob(nonce: string, say: Say): void {
    if (state.nonce !== '' && state.nonce !== nonce) return void say(410, 'the job was read\n');
    state.nonce = nonce;
    const text = `${double.job.join('\n')}\n`;
    faults.cutJobs = (faults.cutJobs ?? 0) - 1;
    say(200, faults.cutJobs >= 0 ? text.slice(0, text.length / 2) : text);
  }
  function takeReport(form: URLSearchParams, say: Say): void {
    reports.push(form);
    for (const resume of state.onReport.splice(0)) setTimeout(resume, 100);
    const isStop = faults.stop !== undefined && form.get('stage') === 'writing';
    say(200, isStop ? `stop ${faults.stop}\n` : 'go\n');
  }
  async function sendRange(
    { handle, size, chunkBytes }: DoubleFile,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
    const end = Math.min(Number(last) + 1, faults.cutAt ?? size);
    if (faults.stop !== undefined && Number(first) >= 2 * chunkBytes)
      await new Promise<void>((resolve) => state.onReport.push(resolve));
    if (Number(first) >= end) return void response.writeHead(416).end();
    const bytes = Buffer.alloc(end - Number(first));
    await handle.read(bytes, 0, bytes.length, Number(first));
    if (faults.alterChunk === Number(first) / chunkBytes) bytes[1000] = ~(bytes[1000] ?? 0);
    response.writeHead(206, {
      'content-length': bytes.length,
      'content-range': `bytes ${first}-${end - 1}/${size}`,
    });
    response.end(bytes);
  }

  await listen();
  const double: BootDouble = {
    get port() {
      return port;
    },
    token,
    faults,
    reports,
    requests,
    job: await makeJob(base(port), content, files),
    goDown,
    comeUp: listen,
    async close() {
      await goDown();
      for (const { handle } of files.values()) await handle.close();
    },
  };
  return double;
}

async function readBody(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const piece of request) text += String(piece);
  return text;
}

async function digestChunks(file: FileHandle, chunkBytes: number): Promise<string[]> {
  const digests: string[] = [];
  for (let at = 0; ; at += chunkBytes) {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(chunkBytes), 0, chunkBytes, at);
    if (bytesRead === 0) return digests;
    digests.push(createHash('sha256').update(buffer.subarray(0, bytesRead)).digest('hex'));
  }
}

interface DoubleFile {
  readonly handle: FileHandle;
  readonly size: number;
  readonly chunkBytes: number;
}

/** By the path of their requests. */
async function openFiles(content: DoubleArchive | DoubleImage): Promise<Map<string, DoubleFile>> {
  const wanted =
    'path' in content
      ? [{ url: 'tiny/root.tar.zst', ...content }]
      : content.image.files.map(({ name, chunkBytes }) => {
          const url = `${content.image.name}/${name}`;
          return { url, path: join(content.images, url), chunkBytes };
        });
  const files = new Map<string, DoubleFile>();
  for (const { url, path, chunkBytes } of wanted) {
    const handle = await open(path);
    files.set(`/boot/image/${url}`, { handle, size: (await handle.stat()).size, chunkBytes });
  }
  return files;
}

async function makeJob(
  server: string,
  content: DoubleArchive | DoubleImage,
  files: Map<string, DoubleFile>,
): Promise<string[]> {
  if ('image' in content) return renderImageJob(server, content.image);
  const [file] = [...files.values()];
  if (file === undefined) throw new Error('no archive');
  const chunks = await digestChunks(file.handle, file.chunkBytes);
  return renderArchiveJob(server, file.size, file.chunkBytes, chunks);
}

/** By the boot service's own hand. */
function renderImageJob(server: string, image: Image): string[] {
  const now = Date.now();
  const arming = openArming({
    ...{ id: 'order-1', run: 'run-1', host: 'a07', macs: [], uuid: '', serial: '' },
    ...{ profile: 'debian-12', profileDigest: '', disk: { by: 'only' } },
    ...{ armedAt: now, expiresAt: now + 3_600_000 },
  });
  const options = {
    ...{ domain: 'lab.example', timezone: 'Asia/Shanghai', locale: 'C.UTF-8', keymap: 'us' },
    ...{ user: '', after: 'poweroff' },
  };
  const chosen = makeProfile({ image, options });
  const host = makeHost('a07', { seat: 'A-07' });
  const input = { arming, host, chosen, session, token, now };
  return renderJob(input, { server, sshKeys: [] }).trimEnd().split('\n');
}

function renderArchiveJob(
  server: string,
  size: number,
  chunkBytes: number,
  chunks: string[],
): string[] {
  return [
    'job lab.job/1',
    'host a07',
    'seat A-07',
    'room room_a',
    `server ${server}`,
    `session ${session}`,
    `now ${Math.floor(Date.now() / 1000)}`,
    'disk only',
    'firmware bios',
    'kind archive',
    'image tiny',
    `stamp ${'ab'.repeat(32)}`,
    `bytes ${size}`,
    'partition esp 64 vfat -',
    'partition bios 1 none -',
    'partition root 1500 ext4 grows',
    `file root.tar.zst root-archive ${size} ${chunkBytes} 0`,
    ...chunks.map((digest, at) => `chunk root.tar.zst ${at} ${digest}`),
    'hostname a07',
    'domain lab.example',
    'timezone Asia/Shanghai',
    'locale C.UTF-8',
    'keymap us',
    'after poweroff',
    'end',
  ];
}
