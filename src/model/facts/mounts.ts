import { makeVars, type Value, type Vars } from '../value.ts';
import { type HostFiles, linesOf } from './read-files.ts';

/** Mounted disks and network folders with their sizes. `sizes` is what `stat -f` printed; `links` maps a device to its UUID. */
export function readMounts(
  files: HostFiles,
  sizes: string,
  links: ReadonlyMap<string, string>,
): Vars {
  const bySize = readSizes(sizes);
  const bound = boundMounts(files);
  const mounts = new Map<string, Value>();
  for (const line of linesOf(files, '/proc/mounts')) {
    const [device = '', mount = '', fstype = '', options = ''] = line.split(' ').map(readOctal);
    if (!(device.startsWith('/') || device.includes(':/')) || fstype === 'none') continue;
    mounts.set(mount, {
      mount,
      device,
      fstype,
      options: bound.has(mount) ? `${options},bind` : options,
      ...bySize.get(mount),
      uuid: links.get(device) ?? 'N/A',
    });
  }
  return makeVars([['ansible_mounts', [...mounts.values()]]]);
}

/** Spaces and such are written in octal (proc_pid_mounts(5), fstab(5)). */
function readOctal(field: string): string {
  return field.replaceAll(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}

/** Mount points that show only a part of a file system (proc_pid_mountinfo(5), fields 4 and 5). */
function boundMounts(files: HostFiles): ReadonlySet<string> {
  const fields = linesOf(files, '/proc/self/mountinfo').map((line) => line.split(' '));
  return new Set(
    fields
      .filter(([, , , root]) => root !== undefined && root !== '/')
      .map(([, , , , mount = '']) => readOctal(mount)),
  );
}

function readSizes(stdout: string): ReadonlyMap<string, { readonly [name: string]: Value }> {
  const sizes = new Map<string, { readonly [name: string]: Value }>();
  for (const line of stdout.split('\n')) {
    const [, numbers = '', mount = ''] = /^((?:\d+ ){6})(\/.*)$/.exec(line) ?? [];
    const [free = 0, total = 0, blockSize = 0, unit = 0, inodes = 0, freeInodes = 0] = numbers
      .split(' ')
      .map(Number);
    if (mount === '') continue;
    sizes.set(mount, {
      size_total: unit * total,
      size_available: unit * free,
      block_size: blockSize,
      block_total: total,
      block_available: free,
      block_used: total - free,
      inode_total: inodes,
      inode_available: freeInodes,
      inode_used: inodes - freeInodes,
    });
  }
  return sizes;
}
