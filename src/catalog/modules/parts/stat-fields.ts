import type { Command } from '../../../model/command.ts';
import { sh } from '../../../model/command.ts';
import type { Value } from '../../../model/value.ts';

/** What `stat -c` is asked for by modules that return all of it (GNU coreutils and busybox); the path comes last, up to the end of the line. */
export const statFields = '%f %u %g %s %i %d %h %Y %X %Z %b %o %t %T %U %G';
/** The same with fractions of seconds, which GNU's knows. */
export const fineStatFields = '%f %u %g %s %i %d %h %.9Y %.9X %.9Z %b %o %t %T %U %G';

/** Fields as Ansible's `stat` and `find` name them. */
export type StatValues = { readonly [field: string]: Value };

/** Reads one line of `stat -c`. */
export function readStatFields(line: string): StatValues | undefined {
  const words = line.split(' ');
  if (words.length < 16) return undefined;
  const [raw = '', ...rest] = words;
  const bits = Number.parseInt(raw, 16);
  const [uid, gid, size, inode, dev, nlink, mtime, atime, ctime, blocks, blockSize] = rest
    .slice(0, 11)
    .map(Number);
  const [major = '0', minor = '0', owner = '', group = ''] = rest.slice(11);
  return {
    ...bitFields(bits),
    ...({ uid, gid, size, inode, dev, nlink, mtime, atime, ctime } as StatValues),
    blocks: blocks ?? 0,
    block_size: blockSize ?? 0,
    device_type: Number.parseInt(major, 16) * 256 + Number.parseInt(minor, 16),
    pw_name: owner === 'UNKNOWN' ? '' : owner,
    gr_name: group === 'UNKNOWN' ? '' : group,
  };
}

/** What the bits of a mode say. */
export function bitFields(bits: number): StatValues {
  const type = bits >> 12;
  const mode = bits & 0o7777;
  const has = (bit: number): boolean => (mode & bit) !== 0;
  return {
    mode: mode.toString(8).padStart(4, '0'),
    ...{ isdir: type === 0o4, ischr: type === 0o2, isblk: type === 0o6, isreg: type === 0o10 },
    ...{ isfifo: type === 0o1, islnk: type === 0o12, issock: type === 0o14 },
    ...{ wusr: has(0o200), rusr: has(0o400), xusr: has(0o100) },
    ...{ wgrp: has(0o020), rgrp: has(0o040), xgrp: has(0o010) },
    ...{ woth: has(0o002), roth: has(0o004), xoth: has(0o001) },
    ...{ isuid: has(0o4000), isgid: has(0o2000) },
  };
}

/** A shell function that sets `form` to the fields this host's `stat` knows. */
export const chooseForm: Command = sh`form=${fineStatFields}
case $(stat -c %.1Y / 2>/dev/null) in *[!0-9.]*|'') form=${statFields} ;; esac`;
