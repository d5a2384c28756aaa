import type { Socket } from 'node:net';
import type { Client, ClientChannel, ConnectConfig } from 'ssh2';
import { Unreachable } from '../model/connection.ts';
import type { Phase } from './attempt.ts';
import type { KnownKeys } from './judge-host-key.ts';
import { keyTypeOf } from './known-hosts.ts';
import { type Login, loginSteps } from './login.ts';
import { messageOf, socketTrouble } from './reach.ts';
import { type Exit, type Process, type Session, sessionsBusy } from './session.ts';
import { keepaliveTries } from './settings.ts';
import { hurry, leaveHostKeysAlone, releaseSent } from './ssh2-tuning.ts';

/** What an SSH session is opened with; the socket is connected already. */
export interface Ssh2Target {
  readonly where: string;
  readonly user: string;
  readonly login: Login;
  readonly hostKeys: KnownKeys;
  readonly keepaliveMs: number;
  readonly phase: (phase: Phase) => void;
}

/** Logs in over a socket that has just been connected. Throws `Unreachable`; the socket is destroyed then. */
export async function openSsh2(
  Client: typeof import('ssh2').Client,
  socket: Socket,
  target: Ssh2Target,
  signal: AbortSignal,
): Promise<Session> {
  const client = new Client();
  const fate = watch(client, socket, target);
  const stop = () => socket.destroy();
  signal.addEventListener('abort', stop, { once: true });
  try {
    signal.throwIfAborted();
    target.phase('banner');
    socket.on('data', fate.sawBytes);
    releaseSent(socket);
    client.connect(configOf(socket, target, fate));
    await fate.ready;
    await target.hostKeys.remember();
    return sessionOf(client, socket, target, fate);
  } catch (error) {
    socket.destroy();
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
    socket.off('data', fate.sawBytes);
  }
}

/** What became of the session, gathered from ssh2's events. */
interface Fate {
  readonly ready: Promise<void>;
  lost(): Unreachable | undefined;
  refuseKey(trouble: Unreachable): void;
  sawBytes(bytes: Buffer): void;
}

function watch(client: Client, socket: Socket, target: Ssh2Target): Fate {
  let phase: Phase = 'banner';
  let trouble: Unreachable | undefined;
  const reached = (next: Phase) => {
    phase = next;
    target.phase(next);
  };
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  promise.catch(() => {});
  const lose = (cause: unknown) => {
    trouble ??= troubleOf(cause, phase, target);
    reject(trouble);
    socket.destroy();
  };
  client
    .on('handshake', () => {
      leaveHostKeysAlone(client);
      reached('login');
    })
    .on('ready', () => {
      reached('open');
      resolve();
    })
    .on('error', lose)
    .on('end', () => lose(undefined))
    .on('close', () => lose(undefined));
  return {
    ready: promise,
    lost: () => trouble,
    refuseKey: (refusal) => {
      trouble ??= refusal;
    },
    sawBytes: (bytes) => {
      if (phase === 'banner' && bytes.includes('SSH-')) reached('key-exchange');
    },
  };
}

function troubleOf(cause: unknown, phase: Phase, target: Ssh2Target): Unreachable {
  const { where, user, login } = target;
  const level = cause instanceof Error && 'level' in cause ? cause.level : '';
  if (level === 'client-socket') return socketTrouble(where, cause);
  if (level === 'client-timeout')
    return new Unreachable('timeout', `${where} fell silent: the session was given up`, '', cause);
  if (
    level === 'client-authentication' ||
    level === 'agent' ||
    (phase === 'login' && isDisconnect(cause))
  )
    return new Unreachable(
      'auth-failed',
      `${where} ${login.kind === 'none' ? `wants a key or a password` : `refused ${login.shown}`} for the user ${user}${level === 'agent' ? ` (${messageOf(cause)})` : ''}`,
      'set ansible_user and ansible_ssh_private_key_file in the inventory, or use --user, --private-key or --ask-pass',
      cause,
    );
  const detail = cause === undefined ? '' : ` (${messageOf(cause)})`;
  const words = phase === 'open' ? 'closed the session' : 'closed the connection before the login';
  return new Unreachable('reset', `${where} ${words}${detail}`, '', cause);
}

/** The server said good-bye by a DISCONNECT message, such as "Too many authentication failures". */
function isDisconnect(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'number';
}

/** Host key types in the order they are asked for (RFC 8332 for the two kinds of RSA signatures). */
const hostKeyAlgorithms = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
  'ssh-rsa',
] as const;

function configOf(socket: Socket, target: Ssh2Target, fate: Fate): ConnectConfig {
  const { types } = target.hostKeys;
  const typeOf = (algorithm: string) => (algorithm.startsWith('rsa-') ? 'ssh-rsa' : algorithm);
  const known = hostKeyAlgorithms.filter((name) => types.includes(typeOf(name)));
  const others = hostKeyAlgorithms.filter((name) => !known.includes(name));
  const next = loginSteps(target.login, target.user);
  return {
    sock: socket,
    username: target.user,
    readyTimeout: 0,
    keepaliveInterval: target.keepaliveMs,
    keepaliveCountMax: keepaliveTries,
    algorithms: {
      kex: {
        prepend: ['curve25519-sha256', 'curve25519-sha256@libssh.org'],
        append: [],
        remove: [],
      },
      cipher: { prepend: ['aes128-gcm@openssh.com'], append: [], remove: [] },
      serverHostKey: [...known, ...others],
    },
    hostVerifier: (blob: Buffer) => {
      const refusal = keyTypeOf(blob) ? target.hostKeys.judge(blob) : notAKey(target.where);
      if (refusal) fate.refuseKey(refusal);
      return refusal === undefined;
    },
    // `next` is called by ssh2 with null at first, which its types do not say
    authHandler: (methodsLeft, _partial, answer) => answer(next(methodsLeft) as never),
  };
}

function notAKey(where: string): Unreachable {
  return new Unreachable('host-key-changed', `${where} shows an unreadable host key`);
}

function sessionOf(client: Client, socket: Socket, target: Ssh2Target, fate: Fate): Session {
  let first = true;
  const gone = (cause: unknown) => fate.lost() ?? troubleOf(cause, 'open', target);
  return {
    user: target.user,
    lost: fate.lost,
    start(line) {
      const { promise, resolve, reject } = Promise.withResolvers<Process>();
      const calm = first ? hurry(client, socket) : () => {};
      first = false;
      try {
        client.exec(line, (error, channel) => {
          calm();
          if (!error) resolve(processOf(channel, fate));
          else if ('reason' in error && !fate.lost()) reject(sessionsBusy);
          else reject(gone(error));
        });
      } catch (error) {
        reject(gone(error));
      }
      return promise;
    },
    async close() {
      client.end();
      socket.destroySoon();
    },
  };
}

function processOf(channel: ClientChannel, fate: Fate): Process {
  let exit: Exit | undefined;
  const { promise, resolve, reject } = Promise.withResolvers<Exit>();
  promise.catch(() => {});
  const exited = Promise.withResolvers<Exit>();
  channel.on('exit', (code: number | null, signal?: string) => {
    exit = { exitCode: code, signal: signal ?? null };
    exited.resolve(exit);
  });
  channel
    .on('error', () => {})
    .on('close', () => {
      const lost = fate.lost();
      if (exit) resolve(exit);
      else if (lost) reject(lost);
      else resolve({ exitCode: null, signal: null });
    });
  return {
    stdin: channel,
    stdout: channel,
    stderr: channel.stderr,
    exited: exited.promise,
    ended: promise,
    stop() {
      channel.signal('KILL');
      channel.close();
    },
  };
}
