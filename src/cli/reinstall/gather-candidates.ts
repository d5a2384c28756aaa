import type { Arming } from '../../model/boot.ts';
import type { Connect } from '../../model/connection.ts';
import type { Host } from '../../model/host.ts';
import { LabError } from '../../model/lab-error.ts';
import { isLive } from '../../netboot/arming/open-arming.ts';
import type { Candidate } from '../../netboot/reinstall/guards.ts';
import type { Store } from '../../store/store.ts';
import type { Context } from '../context.ts';
import type { Profiles } from '../netboot/load-profiles.ts';
import { readCount } from '../read-number.ts';
import type { RunIdentity } from '../run-identity.ts';
import { askWho } from './ask-who.ts';

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
  const presence = await askWho(hosts, {
    connect: parts.connect,
    forks: readCount('--forks', context.flags.forks, 64),
    deadlineMs: whoMs,
  });
  const armings = store.armings.list('all');
  const live = armings.filter(isLive);
  const now = context.io.now();
  return Promise.all(
    hosts.map(async (host): Promise<Candidate> => {
      const last = store.loadFacts(host.name);
      const armed = live.find(({ order }) => order.host === host.name);
      const newest = armings.find(({ order }) => order.host === host.name);
      const asked = presence.get(host.name);
      const isScreen = asked?.usersUnknown !== undefined && isOnItsScreen(newest, now);
      return {
        host,
        ...profileOf(host, parts),
        ...(last && { last }),
        ...(isScreen ? { users: [] } : asked),
        ...(armed && { armed }),
        lockedBy: await lockOf(host, parts),
      };
    }),
  );
}

const whoMs = 15_000;
const screenMs = 30 * 60_000;

/** Whether the deployment system told that it failed, a moment ago: it shows why until it switches the PC off, and nobody can be logged in there. */
function isOnItsScreen(arming: Arming | undefined, now: number): boolean {
  if (arming?.state !== 'failed' || arming.sessionHash === '') return false;
  const { heardAt, stageAt } = arming;
  return heardAt === stageAt && now - stageAt < screenMs;
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
