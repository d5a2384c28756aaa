import { Unreachable } from '../../model/connection.ts';
import type { Host } from '../../model/host.ts';
import type { Plan, StepResult } from '../../model/plan.ts';
import type { PowerAction } from '../../model/power.ts';
import type { Context } from '../context.ts';
import { executeRun } from '../execute-run.ts';
import { loadTargets } from '../load-hosts.ts';
import { openConnect } from '../open-connect.ts';
import { readCount } from '../read-number.ts';
import { makeRunIdentity } from '../run-identity.ts';
import { choosePower } from './choose-power.ts';
import { converse, type DoDeed } from './converse.ts';
import { openDeeds } from './do-deed.ts';

/** Switches hosts: one step each, told as `lab run` tells its commands. */
export async function runPower(
  context: Context,
  pattern: string,
  action: PowerAction,
): Promise<number> {
  const { hosts } = await loadTargets(context, pattern);
  // Settings that cannot be read are said before any host is touched.
  for (const host of hosts) await choosePower(context.io, host, action);
  const doDeed = openDeeds((await openConnect(context)).connect);
  const plan: Plan = {
    title: `power ${action}`,
    hosts,
    forks: readCount('--forks', context.flags.forks, 64),
    acts: action !== 'status',
    steps: [
      {
        id: 'power',
        title: `power ${action}`,
        run: ({ host, signal }) => switchHost(context, { host, action, doDeed, signal }),
      },
    ],
  };
  const identity = makeRunIdentity(context);
  return (await executeRun(context, { identity, plan, kind: 'power' })).exitCode;
}

interface Wish {
  readonly host: Host;
  readonly action: PowerAction;
  readonly doDeed: DoDeed;
  readonly signal: AbortSignal;
}

async function switchHost(context: Context, wish: Wish): Promise<StepResult> {
  const { host, action, doDeed, signal } = wish;
  const chosen = await choosePower(context.io, host, action);
  try {
    const end = await converse(chosen, action, host, { doDeed, signal });
    if ('failed' in end)
      return { outcome: 'failed', changes: [], message: `${end.failed}; ${end.hint}` };
    const stdout = `${end.state ?? end.done}\n`;
    return {
      outcome: action === 'status' ? 'ok' : 'changed',
      changes: [],
      message: end.done,
      data: { exitCode: 0, stdout },
    };
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    // Whether a PC that does not answer is off, or only out of reach, nobody can tell from here.
    return { outcome: 'unreachable', changes: [], reason: error.reason, message: error.message };
  }
}
