import { bool, path, str } from '../../../model/arguments.ts';
import type { Call, Diff, PathState } from '../../../model/module.ts';
import { attributeDiff } from './content-diff.ts';
import { stateWord } from './file-result.ts';
import { type AttributeWish, attributeArgs } from './path-attributes.ts';

export const fileStates = ['absent', 'directory', 'file', 'hard', 'link', 'touch'];

/** The arguments of `file`. */
export interface FileArgs extends AttributeWish {
  readonly path: string;
  readonly state: string | undefined;
  readonly src: string | undefined;
  readonly recurse: boolean;
  readonly force: boolean;
  readonly follow: boolean;
  readonly modification_time: string | undefined;
  readonly modification_time_format: string;
  readonly access_time: string | undefined;
  readonly access_time_format: string;
  readonly unsafe_writes: boolean;
}

const timeFormat = '%Y%m%d%H%M.%S';

export const fileArgs = {
  path: path({ required: true, aliases: ['dest', 'name'] }),
  state: str({ choices: fileStates }),
  src: path(),
  recurse: bool({ fallback: false }),
  force: bool({ fallback: false }),
  follow: bool({ fallback: true }),
  modification_time: str(),
  modification_time_format: str({ fallback: timeFormat }),
  access_time: str(),
  access_time_format: str({ fallback: timeFormat }),
  unsafe_writes: bool({ fallback: false, ignored: 'no content is written' }),
  ...attributeArgs,
};

/** One task of `file`: what is asked and what was found. `state` is what is wished, worked out where it was not written. */
export interface FileTask {
  readonly args: FileArgs;
  readonly call: Call;
  readonly state: string;
  readonly found: PathState;
}

/** The difference between states, as Ansible's `file` shows it. */
export function stateDiff(
  { found, state }: FileTask,
  before: { readonly [name: string]: unknown } = {},
  after: { readonly [name: string]: unknown } = {},
): Diff {
  const was = stateWord(found.kind);
  const { path: at } = found;
  const states = was === state ? {} : { before: { state: was }, after: { state } };
  return attributeDiff(
    { ...states.before, ...before, path: at },
    { ...states.after, ...after, path: at },
  );
}
