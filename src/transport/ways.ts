import type { Host } from '../model/host.ts';
import { LabError } from '../model/lab-error.ts';
import { withinLimit } from './attempt.ts';
import { openHostKeys } from './host-keys.ts';
import type { KnownKeys } from './judge-host-key.ts';
import { namesHost, nameWithPort } from './known-hosts.ts';
import { openLocal } from './local-session.ts';
import { prepareLogins } from './login.ts';
import { openOpenssh } from './openssh-session.ts';
import { abortTrouble } from './reach.ts';
import { prepareResolver } from './resolve-name.ts';
import type { Session } from './session.ts';
import {
  type Backend,
  defaultConnectTimeoutMs,
  defaultKeepaliveMs,
  keepaliveTries,
  type TransportSettings,
} from './settings.ts';
import { readSshConfig } from './ssh-config.ts';
import { isLocked, keyFileOf, needOfSystemSsh } from './ssh-needs.ts';
import { loadSsh2 } from './ssh2-library.ts';
import { openSsh2 } from './ssh2-session.ts';
import { openTcp, orAborted } from './tcp.ts';

/** Opens a session on a host by the way its settings need. */
export type OpenSession = (host: Host, signal: AbortSignal) => Promise<Session>;

/** What is known of a host before it is called. */
interface Call {
  readonly host: Host;
  readonly where: string;
  readonly user: string;
  readonly port: number;
  readonly known: KnownKeys;
}

/** Prepares all ways in; what they share (keys, known hosts, configuration) is read once. */
export function prepareWays(settings: TransportSettings): OpenSession {
  const hostKeys = openHostKeys(settings);
  const configSays = readSshConfig(settings.sshConfigFiles ?? []);
  const bySsh2 = waysBySsh2(settings);
  return async (host, signal) => {
    const { kind, address, port = 22, user = settings.defaultUser } = host.connection;
    if (kind === 'local' || settings.backend === 'local') return openLocal();
    if (kind === 'winrm')
      throw new LabError('environment', `${host.name}: WinRM is not supported yet`);
    if (address.startsWith('-') || user.startsWith('-'))
      throw new LabError('input', `${host.name}: an address or a user cannot begin with "-"`);
    const where = address === host.name ? host.name : `${host.name} (${address})`;
    const known = await hostKeys.of({ alias: host.name, address, port });
    const call = { host, where, user, port, known };
    const backend = settings.backend ?? (await backendOf(call, settings, configSays));
    return backend === 'openssh' ? byOpenssh(call, settings, signal) : bySsh2(call, signal);
  };
}

async function backendOf(
  { host, known }: Call,
  settings: TransportSettings,
  configSays: ReturnType<typeof readSshConfig>,
): Promise<Backend> {
  const need =
    (await needOfSystemSsh(host, settings, known.authorities.length > 0)) ??
    (await configSays(host.connection.address));
  return need === undefined ? 'ssh2' : 'openssh';
}

function waysBySsh2(settings: TransportSettings) {
  const chooseLogin = prepareLogins(settings);
  const resolveName = prepareResolver();
  const limitMs = settings.connectTimeoutMs ?? defaultConnectTimeoutMs;
  const keepaliveMs = settings.keepaliveMs ?? defaultKeepaliveMs;
  return async ({ host, where, user, port, known }: Call, signal: AbortSignal) => {
    const login = await orAborted(chooseLogin(host), signal).catch((error: unknown) => {
      throw signal.aborted ? abortTrouble(where, signal) : error;
    });
    return withinLimit(where, limitMs, signal, async (limit, phase) => {
      // loaded before the call: a socket must not wait for anybody to listen to it
      const { Client } = loadSsh2();
      const addresses = await orAborted(resolveName(host.connection.address), limit);
      phase('tcp');
      const socket = await openTcp(where, addresses, port, limit);
      return openSsh2(
        Client,
        socket,
        { where, user, login, hostKeys: known, keepaliveMs, phase },
        limit,
      );
    });
  };
}

async function byOpenssh(
  { host, where, user, port, known }: Call,
  settings: TransportSettings,
  signal: AbortSignal,
): Promise<Session> {
  const limitMs = settings.connectTimeoutMs ?? defaultConnectTimeoutMs;
  const keyFile = await keyFileOf(host, settings);
  const password =
    host.connection.keyFile === undefined ? await settings.secrets.password(host) : undefined;
  const locked = password === undefined && keyFile !== undefined && (await isLocked(keyFile));
  const secret = locked ? await settings.secrets.passphrase(keyFile) : password;
  const target = {
    ...{ host, where, user, port, known, keyFile, secret, limitMs, keepaliveTries },
    keyAlias: aliasFor(host, port, known),
    hostKeyKnown: known.types.length > 0,
    hostKeyCheck: settings.hostKeyCheck,
    keepaliveMs: settings.keepaliveMs ?? defaultKeepaliveMs,
    withPassword: password !== undefined,
    sshConfigFiles: settings.sshConfigFiles ?? [],
    controlFolder: settings.controlFolder,
    agentSocket: settings.agentSocket,
  };
  return withinLimit(where, limitMs + graceMs, signal, (limit, phase) => {
    phase('login');
    return openOpenssh(target, limit);
  });
}

/** `ssh` keeps the deadline itself and says where it hung; it is only killed when it does not. */
const graceMs = 500;

/** The inventory name, except where an authority vouches for the address: a certificate names what it was made for. */
function aliasFor(host: Host, port: number, known: KnownKeys): string {
  const { address } = host.connection;
  if (known.authorities.length === 0) return host.name;
  return known.authorities.some((entry) => namesHost(entry, host.name))
    ? host.name
    : nameWithPort(address, port);
}
