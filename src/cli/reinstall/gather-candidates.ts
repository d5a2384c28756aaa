import { runPlan } from '../../engine/run-plan.ts';
import { sh } from '../../model/command.ts';
import type { Connect } from '../../model/connection.ts';
import type { Host } from '../../model/host.ts';
import { LabError } from '../../model/lab-error.ts';
import type { StepResult } from '../../model/plan.ts';
import { makeVars } from '../../model/value.ts';
import type { Candidate } from '../../netboot/reinstall/guards.ts';
import type { Store } from '../../store/store.ts';
import type { Context } from '../context.ts';
import type { Profiles } from '../netboot/load-profiles.ts';
import type { RunIdentity } from '../run-identity.ts';

/** What finding out about hosts needs. */
export interface GatherParts {
  readonly store: Store;
  readonly profiles: Pick<Profiles, 'choose'>;
  /** `--profile`. */
  readonly flag?: string;
  readonly identity: RunIdentity;
  readonly connect: Connect;
}

/** Finds out all that guards and preview want to know of hosts. Nothing is changed anywhere. Throws LabError 'usage' for a profile of the command line that does not exist. */
export async function gatherCandidates(
  context: Context,
  hosts: readonly Host[],
  parts: GatherParts,
): Promise<Candidate[]> {
  const { store } = parts;
  const users = await askWho(context, hosts, parts.connect);
  const live = store.armings.list('live');
  return Promise.all(
    hosts.map(async (host): Promise<Candidate> => {
      const last = store.loadFacts(host.name);
      const armed = live.find(({ order }) => order.host === host.name);
      const known = users.get(host.name);
      return {
        host,
        ...profileOf(host, parts),
        ...(last && { last }),
        ...(known && { users: known }),
        ...(armed && { armed }),
        lockedBy: await lockOf(host, parts),
      };
    }),
  );
}

/** A profile that cannot be chosen for a host keeps that host out; a misspelt `--profile` ends all. */
function profileOf(
  host: Host,
  { profiles, flag }: GatherParts,
): Pick<Candidate, 'profile' | 'profileProblem'> {
  try {
    const profile = profiles.choose(host, flag);
    return profile ? { profile } : {};
  } catch (error) {
    if (!(error instanceof LabError) || error.kind === 'usage') throw error;
    return { profileProblem: { message: error.message, hint: error.hint } };
  }
}

/** Who holds a host: its lock is taken and given back. */
async function lockOf({ name }: Host, { store, identity }: GatherParts): Promise<string> {
  try {
    await using _held = await store.takeLock(name, identity);
    return '';
  } catch (error) {
    if (error instanceof LabError && error.kind === 'refused') return error.message;
    throw error;
  }
}

const whoMs = 15_000;

/** Who is logged in, by host; hosts that could not be asked are missing: off is no trouble here. */
async function askWho(
  { flags }: Context,
  hosts: readonly Host[],
  connect: Connect,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const never = new AbortController().signal;
  const found = new Map<string, readonly string[]>();
  const asked = hosts.filter(({ connection }) => connection.kind === 'ssh');
  await runPlan(
    {
      title: 'who',
      hosts: asked,
      forks: Number(flags.forks ?? 64),
      acts: false,
      deadlineMs: whoMs,
      steps: [
        {
          id: 'who',
          title: 'who',
          async run({ host, signal, connection }): Promise<StepResult> {
            const { stdout, exitCode } = await (await connection()).exec(sh`LC_ALL=C who`, {
              signal,
            });
            if (exitCode === 0)
              found.set(host.name, parseWho(Buffer.from(stdout).toString('utf8')));
            return { outcome: 'ok', changes: [], facts: makeVars() };
          },
        },
      ],
    },
    { connect, emit: () => {}, now: () => performance.now(), signal: never, stop: never },
  );
  return found;
}

/** Names of those who are logged in, as `who` prints them (who(1)), each once. */
export function parseWho(text: string): string[] {
  // Whatever a name looks like, somebody with it is logged in.
  const names = text.split('\n').map((line) => /^(\S{1,64})\s+\S+\s+/.exec(line)?.[1]);
  return [...new Set(names.filter((name) => name !== undefined))];
}
