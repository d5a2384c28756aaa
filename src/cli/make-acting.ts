import { randomBytes } from 'node:crypto';
import type { ActingOptions } from '../engine/plan-command.ts';
import type { Host } from '../model/host.ts';
import type { Context } from './context.ts';
import type { RunIdentity } from './execute-run.ts';
import { readCount, readSeconds } from './read-number.ts';

/** What every plan that alters hosts is told, from the flags. */
export function makeActing(
  { flags }: Context,
  identity: RunIdentity,
  hosts: readonly Host[],
): ActingOptions {
  const deadlineMs = readSeconds('--deadline', flags.deadline);
  return {
    hosts,
    forks: readCount('--forks', flags.forks, 64),
    ...(deadlineMs === undefined ? {} : { deadlineMs }),
    holder: { ...identity, nonce: randomBytes(12).toString('hex') },
  };
}
