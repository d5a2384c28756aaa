/** Says what this machine lacks to carry a simulated room, in words a person can act on. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { LabError } from '../src/model/lab-error.ts';

const tools: readonly (readonly [command: string, debianPackage: string])[] = [
  ['unshare', 'util-linux'],
  ['nsenter', 'util-linux'],
  ['flock', 'util-linux'],
  ['setpriv', 'util-linux'],
  ['ip', 'iproute2'],
  ['ssh-keygen', 'openssh-client'],
  ['debootstrap', 'debootstrap'],
];

/** The folders programs are looked up in: a user's PATH on Debian lacks the sbin folders. */
export const searchPath = `${process.env['PATH'] ?? ''}:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin`;

function isInstalled(command: string): boolean {
  return searchPath.split(':').some((folder) => {
    try {
      accessSync(`${folder}/${command}`, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Root in a container may not be allowed what a room is made of: only trying tells. */
function refusedNamespaces(): string {
  const flags = [
    '--mount',
    '--propagation',
    'private',
    '--net',
    '--pid',
    '--ipc',
    '--uts',
    '--fork',
  ];
  const tried = spawnSync('unshare', [...flags, 'mount', '-t', 'tmpfs', 'probe', '/mnt'], {
    env: { PATH: searchPath, LC_ALL: 'C' },
    encoding: 'utf8',
  });
  if (tried.status === 0) return '';
  return `a simulated room needs namespaces and mounts, which are refused here: ${tried.stderr.trim()}`;
}

/** One sentence about what is missing here, or '' where a room can be raised. */
export function missingHere(): string {
  if (process.platform !== 'linux') return 'a simulated room needs Linux';
  if (process.getuid?.() !== 0) return 'a simulated room needs root (network and mount namespaces)';
  const missing = tools.filter(([command]) => !isInstalled(command));
  if (missing.length === 0) return refusedNamespaces();
  const packages = new Set(missing.map(([, name]) => name));
  return `missing: ${missing.map(([command]) => command).join(', ')}; apt-get install ${[...packages].join(' ')}`;
}

/** Throws LabError('environment') where no room can be raised. */
export function requireRoomTools(): void {
  const missing = missingHere();
  if (missing !== '')
    throw new LabError(
      'environment',
      missing,
      'use root on a Debian or Ubuntu machine: sudo bin/demo',
    );
}
