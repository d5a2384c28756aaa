import { type Connect, Unreachable } from '../model/connection.ts';
import type { Host } from '../model/host.ts';
import { LabError } from '../model/lab-error.ts';
import { openHostKeys } from './host-keys.ts';
import { openLocal } from './local-session.ts';
import { prepareLogins } from './login.ts';
import { openConnection } from './open-connection.ts';
import { abortTrouble } from './reach.ts';
import type { Session } from './session.ts';
import { defaultConnectTimeoutMs, defaultKeepaliveMs, type TransportSettings } from './settings.ts';
import { openSsh2, type Phase } from './ssh2-session.ts';
import { openTcp, orAborted } from './tcp.ts';

/** Makes the function that opens sessions, and the one that ends whatever is still open. */
export function createConnect(settings: TransportSettings): {
  connect: Connect;
  close(): Promise<void>;
} {
  const open = new Set<Session>();
  const ssh2 = waysBySsh2(settings);
  const connect: Connect = async (host, signal) => {
    if (signal.aborted) throw abortTrouble(host.name, signal);
    const session = host.connection.kind === 'local' ? openLocal() : await ssh2(host, signal);
    open.add(session);
    return openConnection(
      host,
      { ...session, close: () => closeIn(open, session) },
      settings.secrets,
    );
  };
  return {
    connect,
    async close() {
      await Promise.all([...open].map((session) => closeIn(open, session)));
    },
  };
}

async function closeIn(open: Set<Session>, session: Session): Promise<void> {
  if (open.delete(session)) await session.close();
}

function waysBySsh2(settings: TransportSettings) {
  const hostKeys = openHostKeys(settings);
  const chooseLogin = prepareLogins(settings);
  const limitMs = settings.connectTimeoutMs ?? defaultConnectTimeoutMs;
  return async (host: Host, signal: AbortSignal): Promise<Session> => {
    const { address, port = 22, user = settings.defaultUser } = host.connection;
    if (host.connection.kind === 'winrm')
      throw new LabError('environment', `${host.name}: WinRM is not supported yet`, '');
    const where = address === host.name ? host.name : `${host.name} (${address})`;
    const login = await orAborted(chooseLogin(host), signal).catch((error: unknown) => {
      throw signal.aborted ? abortTrouble(where, signal) : error;
    });
    const known = await hostKeys.of({ alias: host.name, address, port });
    return withinLimit(where, limitMs, signal, async (limit, phase) => {
      phase('tcp');
      const socket = await openTcp(address, port, limit);
      const target = {
        where,
        user,
        login,
        hostKeys: known,
        keepaliveMs: settings.keepaliveMs ?? defaultKeepaliveMs,
        phase,
      };
      return openSsh2(socket, target, limit);
    });
  };
}

/** Gives an attempt its deadline; when it passes, the phase it hung in says why. */
async function withinLimit<T>(
  where: string,
  limitMs: number,
  signal: AbortSignal,
  attempt: (limit: AbortSignal, phase: (phase: Phase) => void) => Promise<T>,
): Promise<T> {
  let phase: Phase = 'tcp';
  const limit = new AbortController();
  const onAbort = () => limit.abort(abortTrouble(where, signal));
  signal.addEventListener('abort', onAbort, { once: true });
  const timer = setTimeout(() => limit.abort(lateTrouble(where, phase, limitMs)), limitMs);
  try {
    if (signal.aborted) onAbort();
    return await attempt(limit.signal, (next) => {
      phase = next;
    });
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}

function lateTrouble(where: string, phase: Phase, limitMs: number): Unreachable {
  const seconds = `${limitMs / 1000} s`;
  if (phase === 'banner')
    return new Unreachable(
      'banner-timeout',
      `${where} took the connection but did not say SSH within ${seconds}`,
      'its SSH server hangs, or something else listens on that port',
    );
  if (phase === 'tcp')
    return new Unreachable(
      'timeout',
      `${where} did not answer within ${seconds}`,
      'is it switched on, and does a firewall let SSH through?',
    );
  return new Unreachable('timeout', `${where} did not finish the login within ${seconds}`, '');
}
