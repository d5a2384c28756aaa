/** Command lines of the peers, and the settings files they are run with; pure. */

/** Programs that are compared with; left out where they are not installed. */
export const peerPrograms = ['ssh', 'scp', 'clush', 'parallel-ssh', 'ansible'] as const;

/** What a clever administrator sets: the cheaper key exchange and cipher. */
export const tunedSshOptions = [
  'KexAlgorithms=curve25519-sha256',
  'Ciphers=aes128-gcm@openssh.com',
] as const;

/** The ssh_config(5) all OpenSSH-based peers are given: the room's key, known hosts of their own, no shared connections. */
export function renderSshConfig(access: {
  readonly keyFile: string;
  readonly knownHosts: string;
  readonly hosts: readonly { readonly name: string; readonly ip: string }[];
}): string {
  const names = access.hosts.flatMap(({ name, ip }) => [`Host ${name}`, `  HostName ${ip}`]);
  return [
    ...names,
    'Host *',
    '  User root',
    `  IdentityFile ${access.keyFile}`,
    '  IdentitiesOnly yes',
    '  StrictHostKeyChecking no',
    `  UserKnownHostsFile ${access.knownHosts}`,
    '  BatchMode yes',
    '  LogLevel ERROR',
    '  ControlMaster no',
    '',
  ].join('\n');
}

/** Tuned: 64 forks, pipelining, the interpreter named. Shared connections are off, so that no process is left behind uncounted; one task needs one connection anyway. */
export function renderAnsibleConfig(sshConfig: string): string {
  return [
    '[defaults]',
    'forks = 64',
    'host_key_checking = False',
    'interpreter_python = /usr/bin/python3',
    'retry_files_enabled = False',
    'nocows = True',
    '[ssh_connection]',
    'pipelining = True',
    `ssh_args = -F ${sshConfig} -o ControlMaster=no`,
    '',
  ].join('\n');
}

/** One host a line, in Ansible's INI format. */
export function renderAnsibleInventory(
  hosts: readonly { readonly name: string; readonly ip: string }[],
): string {
  return hosts.map(({ name, ip }) => `${name} ansible_host=${ip} ansible_user=root\n`).join('');
}

/** ssh(1) with our settings; the command follows. */
export function sshLine(
  sshConfig: string,
  host: string,
  options: readonly string[] = [],
): string[] {
  return ['ssh', '-F', sshConfig, ...options.flatMap((option) => ['-o', option]), host];
}

/** clush(1): `-o` takes one text of ssh options. */
export function clushLine(
  sshConfig: string,
  hosts: readonly string[],
  settings: { readonly options?: readonly string[]; readonly flags?: readonly string[] } = {},
): string[] {
  const options = (settings.options ?? []).map((option) => ` -o ${option}`).join('');
  const where = ['-w', hosts.join(',')];
  return [
    'clush',
    '-f',
    '64',
    ...(settings.flags ?? []),
    ...where,
    '-o',
    `-F ${sshConfig}${options}`,
  ];
}

/** parallel-ssh(1); the command follows. */
export function psshLine(
  sshConfig: string,
  hosts: readonly string[],
  settings: { readonly options?: readonly string[]; readonly flags?: readonly string[] } = {},
): string[] {
  return [
    'parallel-ssh',
    ...['-p', '64', ...(settings.flags ?? [])],
    ...hosts.flatMap((host) => ['-H', host]),
    ...['-x', `-F ${sshConfig}`],
    ...(settings.options ?? []).flatMap((option) => ['-O', option]),
  ];
}

/** An ad-hoc ansible(1) command. */
export function ansibleLine(
  inventory: string,
  module: string,
  args: string,
  flags: readonly string[] = [],
): string[] {
  const what = ['-m', module, ...(args === '' ? [] : ['-a', args])];
  return ['ansible', 'all', '-i', inventory, ...flags, ...what];
}
