import { randomBytes } from 'node:crypto';
import type { ActingOptions } from '../engine/plan-command.ts';
import type { Host } from '../model/host.ts';
import type { Context } from './context.ts';
import { readCount, readSeconds } from './read-number.ts';
import type { RunIdentity } from './run-identity.ts';

/** How long one host may take to answer questions: far more than all probes' own limits need, far less than a technician waits for a room. */
const longestAnswerMs = 120_000;

/** How long work on one host may take when nobody says otherwise: time for a large upgrade, and an end for a host that floods or hangs. */
const longestWorkMs = 3_600_000;

/** What every plan that only asks is told, from the flags: no host may keep the others' report from being shown. */
export function makeAsking({ flags }: Context, hosts: readonly Host[]) {
  return {
    hosts,
    forks: readCount('--forks', flags.forks, 64),
    deadlineMs: readSeconds('--deadline', flags.deadline) ?? longestAnswerMs,
  };
}

/** What every plan that alters hosts is told, from the flags. */
export function makeActing(
  { flags }: Context,
  identity: RunIdentity,
  hosts: readonly Host[],
): ActingOptions {
  return {
    hosts,
    forks: readCount('--forks', flags.forks, 64),
    deadlineMs: readSeconds('--deadline', flags.deadline) ?? longestWorkMs,
    holder: { ...identity, nonce: randomBytes(12).toString('hex') },
  };
}
