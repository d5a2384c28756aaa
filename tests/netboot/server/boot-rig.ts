import { connect, type Socket } from 'node:net';
import type { BootDesk } from '../../../src/netboot/boot-desk-types.ts';
import {
  type BootServer,
  type BootServerOptions,
  openBootServer,
} from '../../../src/netboot/server/open-boot-server.ts';

/** What the server asked of the desk, and what it noted. */
export interface Record {
  readonly asked: unknown[][];
  readonly refused: { address: string; mac: string; asked: string; reason: string }[];
}

const no = { kind: 'refused', status: 410, message: 'this token is not good' } as const;

/** A desk that knows nobody, and keeps what it was asked. */
export function makeDesk(own: Partial<BootDesk> = {}): BootDesk & Record {
  const asked: unknown[][] = [];
  const refused: Record['refused'] = [];
  const keep =
    <T>(name: string, answer: T) =>
    async (...args: unknown[]): Promise<T> => {
      asked.push([name, ...args]);
      return answer;
    };
  return {
    asked,
    refused,
    greet: keep('greet', undefined),
    script: keep('script', { kind: 'local', menu: false, reason: '' } as const),
    identify: keep('identify', { ...no, status: 403 } as const),
    job: keep('job', no),
    answers: keep('answers', no),
    report: keep('report', no),
    authorizeImage: keep('authorizeImage', no),
    menuReinstall: keep('menuReinstall', { ...no, status: 403, message: 'wrong PIN' } as const),
    menuRegister: keep('menuRegister', { kind: 'noted', message: 'Noted.' } as const),
    notice: keep('notice', undefined),
    expire: () => undefined,
    refuse: (address, mac, what, reason) =>
      void refused.push({ address, mac, asked: what, reason }),
    ...own,
  };
}

/** A server on a free loopback port, closed with the scope. */
export async function openRig(
  desk: BootDesk,
  options: Partial<BootServerOptions> = {},
): Promise<BootServer & AsyncDisposable> {
  const server = await openBootServer({
    desk,
    listen: { host: '127.0.0.1', port: 0 },
    publicUrl: '',
    findAsset: () => undefined,
    findImageFile: () => undefined,
    propose: async () => [],
    now: () => performance.now(),
    site: {
      sshKeys: [],
      findAsset: () => undefined,
      localGrub: undefined,
      localBootOf: () => '',
      menuSeconds: 5,
    },
    ...options,
  });
  return { ...server, [Symbol.asyncDispose]: () => server.close() };
}

/** A connection that sends bytes as they are: fetch would tidy a path first. */
export function dial(port: number): Socket {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  return socket;
}

/** Sends a request as raw bytes and returns everything that came back. */
export async function sendRaw(port: number, text: string | Uint8Array): Promise<string> {
  const socket = dial(port);
  const parts: Buffer[] = [];
  socket.on('data', (part: Buffer) => void parts.push(part));
  socket.write(text);
  await new Promise((done) => socket.once('close', done));
  return Buffer.concat(parts).toString('latin1');
}

/** `GET PATH` with nothing tidied; the connection is closed after it. */
export function getRaw(port: number, path: string, headers = ''): Promise<string> {
  return sendRaw(port, `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${headers}\r\n`);
}
