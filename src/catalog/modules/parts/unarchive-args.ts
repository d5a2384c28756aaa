import { bool, int, path, texts } from '../../../model/arguments.ts';
import { type AttributeWish, attributeArgs } from './path-attributes.ts';

/** The arguments of `unarchive`. */
export interface UnarchiveArgs extends AttributeWish {
  readonly src: string;
  readonly dest: string;
  readonly remote_src: boolean | undefined;
  readonly copy: boolean | undefined;
  readonly creates: string | undefined;
  readonly list_files: boolean;
  readonly keep_newer: boolean;
  readonly exclude: readonly string[];
  readonly include: readonly string[];
  readonly extra_opts: readonly string[];
  readonly validate_certs: boolean;
  readonly io_buffer_size: number;
  readonly decrypt: boolean;
  readonly unsafe_writes: boolean;
}

export const unarchiveArgs = {
  src: path({ required: true }),
  dest: path({ required: true }),
  remote_src: bool(),
  copy: bool(),
  creates: path(),
  list_files: bool({ fallback: false }),
  keep_newer: bool({ fallback: false }),
  exclude: texts({ fallback: [] }),
  include: texts({ fallback: [] }),
  extra_opts: texts({ fallback: [] }),
  validate_certs: bool({ fallback: true }),
  io_buffer_size: int({ fallback: 65_536, ignored: 'files are compared by the tools of the host' }),
  decrypt: bool({ fallback: true }),
  unsafe_writes: bool({ fallback: false, ignored: 'the tool that unpacks writes the files' }),
  ...attributeArgs,
};

/** Whether the archive is on the host already. */
export function isOnHost({ remote_src, copy }: UnarchiveArgs): boolean {
  return remote_src ?? (copy === undefined ? false : !copy);
}
