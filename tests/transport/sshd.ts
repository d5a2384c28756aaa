import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A real OpenSSH server on loopback, with keys, settings, accounts and homes of its own. */
export interface Sshd {
  readonly address: string;
  readonly port: number;
  readonly folder: string;
  readonly user: string;
  /** The private key that opens every account of the server. */
  readonly keyFile: string;
  readonly hostKeyFile: string;
  /** The server's process; its children are the sessions. */
  readonly pid: number;
  stop(): Promise<void>;
}

/** Settings of a test server. */
export interface SshdOptions {
  readonly address?: string;
  readonly port?: number;
  /** More lines of sshd_config; the first of a keyword wins. */
  readonly config?: string;
  readonly hostKeyType?: 'ed25519' | 'ecdsa' | 'rsa';
  /** Login shell of both accounts. */
  readonly shell?: string;
  /** The file sudoers as it is on the server. */
  readonly sudoers?: string;
}

/** The account besides root: its password is `testerPassword`. */
export const tester = 'tester';
export const testerPassword = 'correct horse "battery" staple$';
const testerId = 47_001;

export function makeKey(file: string, type = 'ed25519', passphrase = ''): string {
  execFileSync('ssh-keygen', ['-q', '-t', type, '-N', passphrase, '-C', 'test', '-f', file]);
  return file;
}

export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'labt-'));
  chmodSync(folder, 0o755);
  return folder;
}

export async function freePort(address = '127.0.0.1'): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  const found = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (found === null || typeof found === 'string') throw new Error('no port');
  return found.port;
}

/** Starts a server and waits until it takes connections. Its accounts live in a mount namespace: the machine's own are neither used nor changed. */
export async function startSshd(options: SshdOptions = {}): Promise<Sshd> {
  if (process.getuid?.() !== 0)
    throw new Error('these tests start a real sshd with accounts of its own: run them as root');
  const address = options.address ?? '127.0.0.1';
  const folder = makeFolder();
  const port = options.port ?? (await freePort(address));
  const keyFile = makeKey(join(folder, 'user_key'));
  const hostKeyFile = makeKey(join(folder, 'host_key'), options.hostKeyType ?? 'ed25519');
  writeFileSync(join(folder, 'authorized_keys'), readFileSync(`${keyFile}.pub`));
  makeAccounts(folder, options);
  writeFileSync(join(folder, 'sshd_config'), configOf(folder, address, port, options));
  const child = spawn('unshare', ['-m', 'sh', '-c', startScript, 'sh', folder], {
    stdio: 'ignore',
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  await waitForPort(address, port, () => readFileSync(join(folder, 'sshd.log'), 'utf8'));
  const pid = child.pid ?? 0;
  return {
    address,
    port,
    folder,
    user: 'root',
    keyFile,
    hostKeyFile,
    pid,
    async stop() {
      for (const session of childrenOf(pid)) kill(session);
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The log is a file, not a pipe: a server whose log nobody reads stops in its tracks. The server ends with the tests, however they end. */
const startScript = `set -e
for name in passwd shadow group sudoers; do mount --bind "$1/etc/$name" "/etc/$name"; done
mkdir -p /run/sshd
exec setpriv --pdeathsig TERM /usr/sbin/sshd -D -E "$1/sshd.log" -f "$1/sshd_config"`;

function configOf(folder: string, address: string, port: number, { config = '' }: SshdOptions) {
  return `${config}
ListenAddress ${address}
Port ${port}
HostKey ${folder}/host_key
AuthorizedKeysFile ${folder}/authorized_keys
PidFile none
UsePAM no
StrictModes no
PermitRootLogin yes
MaxStartups 200
`;
}

function makeAccounts(folder: string, { shell = '/bin/bash', sudoers }: SshdOptions): void {
  mkdirSync(join(folder, 'etc'));
  for (const [name, id] of [['root', 0] as const, [tester, testerId] as const]) {
    mkdirSync(join(folder, 'home', name), { recursive: true });
    chownSync(join(folder, 'home', name), id, id);
  }
  const home = join(folder, 'home');
  const others = readFileSync('/etc/passwd', 'utf8').replace(/^root:.*\n/m, '');
  const passwd = `root:x:0:0:root:${home}/root:${shell}\n${tester}:x:${testerId}:${testerId}::${home}/${tester}:${shell}\n${others}`;
  const hash = execFileSync('openssl', ['passwd', '-6', '-stdin'], { input: testerPassword });
  const shadow = `root:*:19000:0:99999:7:::\n${tester}:${String(hash).trim()}:19000:0:99999:7:::\n`;
  const write = (name: string, text: string, mode: number) => {
    writeFileSync(join(folder, 'etc', name), text, { mode });
    chmodSync(join(folder, 'etc', name), mode);
  };
  write('passwd', passwd, 0o644);
  write('shadow', shadow, 0o600);
  write('group', `${readFileSync('/etc/group', 'utf8')}${tester}:x:${testerId}:\n`, 0o644);
  write('sudoers', sudoers ?? `Defaults env_reset, use_pty\n${tester} ALL=(ALL) ALL\n`, 0o440);
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

/** Process ids below one, nearest first. */
export function childrenOf(pid: number): number[] {
  let found: string;
  try {
    found = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
  } catch {
    return [];
  }
  const direct = found.trim().split(' ').filter(Boolean).map(Number);
  return [...direct, ...direct.flatMap(childrenOf)];
}

export function kill(pid: number, signal: NodeJS.Signals = 'SIGKILL'): void {
  try {
    process.kill(pid, signal);
  } catch {
    // it has ended meanwhile
  }
}
