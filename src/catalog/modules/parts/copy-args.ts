import { bool, mode, path, raw, str } from '../../../model/arguments.ts';
import type { Value } from '../../../model/value.ts';
import { type AttributeWish, attributeArgs } from './path-attributes.ts';

/** The arguments of `copy`. */
export interface CopyArgs extends AttributeWish {
  readonly src: string | undefined;
  readonly content: Value | undefined;
  readonly dest: string;
  readonly backup: boolean;
  readonly force: boolean;
  readonly validate: string | undefined;
  readonly directory_mode: string | undefined;
  readonly remote_src: boolean;
  readonly follow: boolean;
  readonly local_follow: boolean;
  readonly checksum: string | undefined;
  readonly decrypt: boolean;
  readonly unsafe_writes: boolean;
}

export const copyArgs = {
  src: path(),
  content: raw(),
  dest: path({ required: true }),
  backup: bool({ fallback: false }),
  force: bool({ fallback: true, aliases: ['thirsty'] }),
  validate: str(),
  directory_mode: mode(),
  remote_src: bool({ fallback: false }),
  follow: bool({ fallback: false }),
  local_follow: bool({ fallback: true }),
  checksum: str(),
  decrypt: bool({ fallback: true }),
  unsafe_writes: bool({ fallback: false }),
  ...attributeArgs,
};
