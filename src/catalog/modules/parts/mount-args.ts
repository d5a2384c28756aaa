import type { Vars } from '../../../model/value.ts';
import type { FstabEntry } from './fstab.ts';

/** The arguments of the `mount` module. */
export interface MountArgs {
  readonly path: string;
  readonly src: string | undefined;
  readonly fstype: string | undefined;
  readonly opts: string | undefined;
  readonly dump: string;
  readonly passno: string;
  readonly fstab: string | undefined;
  readonly boot: boolean;
  readonly backup: boolean;
  readonly state: string;
}

/** Options with `noauto` where the mount is not for the start of the system, and Ansible's warnings about it. */
export function bootOptions({ opts = 'defaults', boot }: MountArgs): {
  readonly opts: string;
  readonly boot: string;
  readonly warnings: readonly string[];
} {
  const words = opts.split(',');
  if (words.includes('noauto'))
    return { opts, boot: 'yes', warnings: ["Ignore the 'boot' due to 'opts' contains 'noauto'."] };
  if (boot) return { opts, boot: 'yes', warnings: [] };
  if (words.includes('defaults'))
    return { opts, boot: 'no', warnings: ["Ignore the 'boot' due to 'opts' contains 'defaults'."] };
  return { opts: `${opts},noauto`, boot: 'no', warnings: [] };
}

/** The entry of fstab(5) that the arguments describe. */
export function entryOf(args: MountArgs): FstabEntry {
  const { path, src = '', fstype = '', dump, passno } = args;
  return { src, path, fstype, opts: bootOptions(args).opts, dump, passno };
}

/** The module's return values. */
export function mountValues(args: MountArgs): Vars {
  const { path, src, fstype, dump, passno, fstab = '/etc/fstab' } = args;
  const { opts, boot } = bootOptions(args);
  return {
    name: path,
    ...(src !== undefined && { src }),
    ...(fstype !== undefined && { fstype }),
    opts,
    dump,
    passno,
    fstab,
    boot,
    backup_file: '',
  };
}
