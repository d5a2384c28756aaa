import type { Host } from '../model/host.ts';
import type { HostKeyCheck } from './settings.ts';
import { splitWords } from './ssh-needs.ts';

/** What the words of a master `ssh` are made of. Paths are ours; no secret is among them. */
export interface MasterSettings {
  readonly host: Host;
  readonly user: string;
  readonly port: number;
  readonly socket: string;
  /** The known_hosts file made for this host alone. */
  readonly knownHosts: string;
  /** The name that file knows the host by. */
  readonly keyAlias: string;
  readonly hostKeyCheck: HostKeyCheck;
  /** A known host must show a known key: not even one of another type is taken. */
  readonly hostKeyKnown: boolean;
  readonly limitMs: number;
  readonly keepaliveMs: number;
  readonly keepaliveTries: number;
  readonly keyFile: string | undefined;
  readonly withPassword: boolean;
  readonly asks: boolean;
  readonly sshConfigFiles: readonly string[];
  /** Printed on stdout when the session stands. */
  readonly ready: string;
}

/** The words for an `ssh` that logs in and lets others use its session (ssh(1), ControlMaster). The first mention of an option wins, so ours stand before the inventory's own. */
export function masterWords(settings: MasterSettings): string[] {
  const { host, sshConfigFiles } = settings;
  const config = sshConfigFiles.length === 1 ? ['-F', sshConfigFiles[0] ?? ''] : [];
  const options = { ...hostKeyOptions(settings), ...sessionOptions(settings), ...login(settings) };
  const words = Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  return [
    ...config,
    '-N',
    '-T',
    ...words,
    ...splitWords(host.connection.sshArgs),
    '--',
    host.connection.address,
  ];
}

function hostKeyOptions({ knownHosts, keyAlias, hostKeyCheck, hostKeyKnown }: MasterSettings) {
  return {
    HostKeyAlias: keyAlias,
    UserKnownHostsFile: `"${knownHosts}"`,
    GlobalKnownHostsFile: '/dev/null',
    KnownHostsCommand: 'none',
    StrictHostKeyChecking: hostKeyCheck === 'strict' || hostKeyKnown ? 'yes' : 'accept-new',
    CheckHostIP: 'no',
    HashKnownHosts: 'no',
    UpdateHostKeys: 'no',
    VerifyHostKeyDNS: 'no',
  };
}

function sessionOptions(settings: MasterSettings) {
  return {
    ControlMaster: 'yes',
    ControlPath: `"${settings.socket}"`,
    ControlPersist: 'no',
    ConnectTimeout: Math.max(1, Math.ceil(settings.limitMs / 1000)),
    ServerAliveInterval: Math.ceil(settings.keepaliveMs / 1000),
    ServerAliveCountMax: settings.keepaliveTries,
    ClearAllForwardings: 'yes',
    ForwardAgent: 'no',
    ForwardX11: 'no',
    PermitLocalCommand: 'yes',
    LocalCommand: `echo ${settings.ready}`,
    LogLevel: 'INFO',
  };
}

function login({ user, port, keyFile, withPassword, asks }: MasterSettings) {
  const methods = withPassword ? 'password,keyboard-interactive' : 'publickey,gssapi-with-mic';
  const key =
    keyFile === undefined || withPassword
      ? {}
      : { IdentityFile: `"${keyFile}"`, IdentitiesOnly: 'yes' };
  return {
    User: user,
    Port: port,
    PreferredAuthentications: methods,
    NumberOfPasswordPrompts: 1,
    BatchMode: asks ? 'no' : 'yes',
    ...key,
  };
}

/** The words for an `ssh` that runs one line in a master's session. It must never open a session of its own, which nobody would have checked. */
export function sessionWords(socket: string, line: string): string[] {
  const alone = ['-F', 'none', '-T', '-o', 'ControlMaster=no', '-o', 'ProxyCommand=false'];
  return [...alone, '-o', 'BatchMode=yes', '-o', `ControlPath="${socket}"`, '--', 'host', line];
}
