import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

/** A real OpenSSH server on loopback, with keys and settings of its own. */
export interface Sshd {
  readonly address: string;
  readonly port: number;
  readonly folder: string;
  readonly user: string;
  /** The user's private key; its public half is authorised. */
  readonly keyFile: string;
  readonly hostKeyFile: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** Settings of a test server. */
export interface SshdOptions {
  readonly address?: string;
  readonly port?: number;
  /** More lines of sshd_config. */
  readonly config?: string;
  readonly hostKeyType?: 'ed25519' | 'ecdsa' | 'rsa';
  /** Words before the server's own command line, such as `unshare`. */
  readonly through?: readonly string[];
  readonly folder?: string;
}

export function makeKey(file: string, type = 'ed25519', passphrase = ''): string {
  execFileSync('ssh-keygen', ['-q', '-t', type, '-N', passphrase, '-C', 'test', '-f', file]);
  return file;
}

export function makeFolder(): string {
  return mkdtempSync(join(tmpdir(), 'labt-'));
}

export async function freePort(address = '127.0.0.1'): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  const found = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (found === null || typeof found === 'string') throw new Error('no port');
  return found.port;
}

/** Starts a server and waits until it takes connections. */
export async function startSshd(options: SshdOptions = {}): Promise<Sshd> {
  const address = options.address ?? '127.0.0.1';
  const folder = options.folder ?? makeFolder();
  mkdirSync(folder, { recursive: true });
  mkdirSync('/run/sshd', { recursive: true });
  const port = options.port ?? (await freePort(address));
  const keyFile = makeKey(join(folder, 'user_key'));
  const hostKeyFile = makeKey(join(folder, 'host_key'), options.hostKeyType ?? 'ed25519');
  const authorized = join(folder, 'authorized_keys');
  writeFileSync(authorized, readFileSync(`${keyFile}.pub`));
  const config = join(folder, 'sshd_config');
  writeFileSync(
    config,
    `${options.config ?? ''}
ListenAddress ${address}
Port ${port}
HostKey ${hostKeyFile}
AuthorizedKeysFile ${authorized}
PidFile none
UsePAM no
StrictModes no
PermitRootLogin yes
MaxStartups 200
`,
  );
  const command = [...(options.through ?? []), '/usr/sbin/sshd', '-D', '-e', '-f', config];
  const [program = '', ...args] = command;
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  child.stderr.on('data', (bytes) => {
    log = `${log}${bytes}`.slice(-20_000);
  });
  await waitForPort(address, port, () => log);
  return {
    address,
    port,
    folder,
    user: userInfo().username,
    keyFile,
    hostKeyFile,
    pid: child.pid ?? 0,
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      if (child.exitCode === null && child.signalCode === null) await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function waitForPort(address: string, port: number, log: () => string): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect({ host: address, port });
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (open) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`sshd did not start: ${log()}`);
}
