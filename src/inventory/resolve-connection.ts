import type { ConnectionSettings } from '../model/host.ts';
import {
  flagOf,
  isVault,
  type Reader,
  readFlag,
  readText,
  reportValue,
  shorten,
} from './resolve-values.ts';

/** Ansible's connection plugins by the way in that Labkit has for them. */
const kinds = new Map<string, ConnectionSettings['kind']>([
  ['ssh', 'ssh'],
  ['smart', 'ssh'],
  ['paramiko', 'ssh'],
  ['paramiko_ssh', 'ssh'],
  ['local', 'local'],
  ['winrm', 'winrm'],
  ['psrp', 'winrm'],
]);

/** Each setting's names in Ansible; where several are set the last one counts. */
const names = {
  address: ['ansible_host', 'ansible_ssh_host'],
  port: ['ansible_port', 'ansible_ssh_port'],
  winrmPort: ['ansible_port', 'ansible_winrm_port', 'ansible_psrp_port'],
  user: ['ansible_user', 'ansible_ssh_user'],
  winrmUser: ['ansible_user', 'ansible_winrm_user', 'ansible_psrp_user'],
  keyFile: ['ansible_private_key_file', 'ansible_ssh_private_key_file'],
} as const;

/** Reads how to reach a host. `fallback` is the address when none is written: the registered one, or the host's name. */
export function readConnection(reader: Reader, fallback: string): ConnectionSettings {
  const kind = readKind(reader);
  const isWindows = kind === 'winrm';
  const port = readPort(reader, isWindows ? names.winrmPort : names.port);
  const user = readLast(reader, isWindows ? names.winrmUser : names.user);
  const keyFile = readLast(reader, names.keyFile);
  const sshArgs = [
    readSetting(reader, 'ansible_ssh_common_args'),
    readSetting(reader, 'ansible_ssh_extra_args'),
  ];
  return {
    kind,
    address: readLast(reader, names.address) || fallback,
    ...(port === undefined ? {} : { port }),
    ...(user === '' ? {} : { user }),
    ...(keyFile === '' ? {} : { keyFile }),
    sshArgs: sshArgs.filter((text) => text !== '').join(' '),
    shellType: readSetting(reader, 'ansible_shell_type'),
    become: readBecome(reader),
    becomeUser: readSetting(reader, 'ansible_become_user') || 'root',
    becomeMethod: readSetting(reader, 'ansible_become_method') || 'sudo',
    becomeFlags: readSetting(reader, 'ansible_become_flags'),
  };
}

function readKind(reader: Reader): ConnectionSettings['kind'] {
  const text = readSetting(reader, 'ansible_connection');
  const kind = kinds.get(text.replace(/^ansible\.(?:builtin|netcommon|windows)\./, ''));
  const assignment = reader.effective.get('ansible_connection');
  if (kind === undefined && text !== '' && !isTemplate(text) && assignment)
    reportValue(reader, assignment.path, assignment.node, {
      rule: 'bad-connection',
      message: `Labkit has no connection "${shorten(text)}"`,
      hint: `write one of ${[...kinds.keys()].join(', ')}`,
    });
  return kind ?? 'ssh';
}

function readBecome(reader: Reader): boolean {
  const assignment = reader.effective.get('ansible_become');
  const isText = typeof assignment?.value === 'string' && flagOf(assignment.value) === undefined;
  if (isText && isTemplate(readSetting(reader, 'ansible_become'))) return false;
  return readFlag(reader, 'ansible_become');
}

function readLast(reader: Reader, synonyms: readonly string[]): string {
  return synonyms.map((name) => readSetting(reader, name)).findLast((text) => text !== '') ?? '';
}

function readPort(reader: Reader, synonyms: readonly string[]): number | undefined {
  const name = synonyms.findLast((synonym) => readSetting(reader, synonym) !== '');
  const assignment = name === undefined ? undefined : reader.effective.get(name);
  if (name === undefined || !assignment) return undefined;
  // The port of `host:22` in a host's name has no text of its own.
  const text = String(
    typeof assignment.value === 'number' ? assignment.value : readSetting(reader, name),
  );
  const port = /^\d{1,5}$/.test(text.trim()) ? Number(text) : 0;
  if (port >= 1 && port <= 65_535) return port;
  if (!isTemplate(text))
    reportValue(reader, assignment.path, assignment.node, {
      rule: 'bad-port',
      message: `"${shorten(text)}" is not a port`,
      hint: 'write a number from 1 to 65535',
    });
  return undefined;
}

/** A connection variable's text. A template in it is left as it is, and a warning says so. */
function readSetting(reader: Reader, name: string): string {
  const assignment = reader.effective.get(name);
  if (!assignment || isVault(assignment.value)) return '';
  const text = readText(reader, name);
  if (isTemplate(text))
    reportValue(reader, assignment.path, assignment.node, {
      severity: 'warning',
      rule: 'template-in-connection',
      message: `${name} holds a template, which is not filled in yet`,
      hint: 'write the value itself',
    });
  return text;
}

function isTemplate(text: string): boolean {
  return text.includes('{{') || text.includes('{%');
}
