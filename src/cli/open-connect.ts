import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Connect } from '../model/connection.ts';
import type { Host } from '../model/host.ts';
import { createConnect } from '../transport/connect.ts';
import type { TransportSettings } from '../transport/settings.ts';
import type { Context } from './context.ts';
import { readSeconds } from './read-number.ts';
import { nameAccount } from './run-identity.ts';
import { loadSecrets, type Secrets } from './secrets.ts';

/** What opens sessions on hosts, and the passwords that were given for all of them. */
export interface OpenedConnect {
  readonly connect: Connect;
  readonly passwords: readonly string[];
}

/** Passwords by the command they were asked for: nobody types one twice. */
const asked = new WeakMap<Context, Promise<Secrets>>();

/** Makes what opens sessions on hosts, from flags, environment and the user's own SSH files; passwords are asked for before any host is touched. What is recorded of host keys is read anew by each. */
export async function openConnect(
  context: Context,
  more: Partial<Pick<TransportSettings, 'hostKeyCheck' | 'connectTimeoutMs'>> = {},
): Promise<OpenedConnect> {
  if (context.connect) return { connect: context.connect, passwords: [] };
  const { flags, io, settings } = context;
  const asking = asked.get(context) ?? loadSecrets(flags, io);
  asked.set(context, asking);
  const secrets = await asking;
  const home = io.env['HOME'] ?? homedir();
  const agentSocket = io.env['SSH_AUTH_SOCK'];
  // The path of a socket may not be long, and a project may lie deep.
  const controlFolder = join(tmpdir(), `lab-${randomBytes(6).toString('hex')}`);
  context.defer(() => rm(controlFolder, { recursive: true, force: true }));
  const connectTimeoutMs = readSeconds('--timeout', flags.timeout);
  const { connect, close } = createConnect({
    knownHostsFile: join(settings.stateFolder, 'known_hosts'),
    userKnownHostsFiles: [join(home, '.ssh', 'known_hosts'), '/etc/ssh/ssh_known_hosts'],
    sshConfigFiles: [join(home, '.ssh', 'config'), '/etc/ssh/ssh_config'],
    hostKeyCheck: flags.hostKeyCheck,
    ...(connectTimeoutMs === undefined ? {} : { connectTimeoutMs }),
    defaultUser: nameAccount(),
    keyFiles: ['id_ed25519', 'id_ecdsa', 'id_rsa'].map((name) => join(home, '.ssh', name)),
    ...(agentSocket === undefined ? {} : { agentSocket }),
    secrets: {
      password: async (host) =>
        textVar(host, 'ansible_password', 'ansible_ssh_pass') ?? secrets.login,
      becomePassword: async (host) =>
        textVar(host, 'ansible_become_password', 'ansible_become_pass', 'ansible_sudo_pass') ??
        secrets.become,
      passphrase: async () => undefined,
    },
    controlFolder,
    ...more,
  });
  context.defer(close);
  const given = [secrets.login, secrets.become];
  return { connect, passwords: given.filter((password) => password !== undefined) };
}

/** As in Ansible, what the inventory says of a host wins over what was asked for all. */
function textVar(host: Host, ...names: readonly string[]): string | undefined {
  const value = names
    .map((name) => host.vars[name])
    .find((each) => each !== undefined && each !== null);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}
