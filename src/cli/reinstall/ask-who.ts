import type { HostResult } from '../../engine/run-host.ts';
import { runPlan } from '../../engine/run-plan.ts';
import { sh } from '../../model/command.ts';
import type { Connect, ExecResult } from '../../model/connection.ts';
import type { Host } from '../../model/host.ts';
import type { Step } from '../../model/plan.ts';
import { makeVars } from '../../model/value.ts';
import type { Candidate } from '../../netboot/reinstall/guards.ts';

/** Who is logged in, or why nobody knows; neither where nothing answers: the PC is off. */
export type Presence = Pick<Candidate, 'users' | 'usersUnknown'>;

/** Asks hosts who is logged in, each within so many milliseconds. Off is no trouble; whatever else keeps a host from answering is said, and is never taken for nobody. */
export async function askWho(
  hosts: readonly Host[],
  { connect, forks, deadlineMs }: { connect: Connect; forks: number; deadlineMs: number },
): Promise<ReadonlyMap<string, Presence>> {
  const found = new Map<string, Presence>();
  const never = new AbortController().signal;
  const steps = [whoStep((host, presence) => found.set(host.name, presence))];
  const asked = hosts.filter(({ connection }) => connection.kind === 'ssh');
  const results = await runPlan(
    { title: 'who', hosts: asked, forks, acts: false, deadlineMs, steps },
    { connect, emit: () => {}, now: () => performance.now(), signal: never, stop: never },
  );
  for (const bug of results.bugs) throw bug;
  for (const { name, connection } of hosts) {
    if (found.has(name)) continue;
    const result = results.hosts.get(name);
    const notAsked = { usersUnknown: `it is not asked by ${connection.kind}` };
    found.set(name, result ? presenceOf(result) : notAsked);
  }
  return found;
}

/** The same reasons leave it open whether a PC is on when it is started from the network. */
const silence: readonly string[] = ['no-route', 'timeout'];

function presenceOf({ reason, reached, message }: HostResult): Presence {
  if (reason !== undefined && silence.includes(reason) && !reached) return {};
  if (reason === 'deadline') return { usersUnknown: 'it did not answer in time' };
  return { usersUnknown: message || 'it could not be asked' };
}

function whoStep(keep: (host: Host, presence: Presence) => void): Step {
  return {
    id: 'who',
    title: 'who',
    async run({ host, signal, connection }) {
      const ran = await (await connection()).exec(sh`LC_ALL=C who`, { signal });
      keep(host, readWho(ran));
      return { outcome: 'ok', changes: [], facts: makeVars() };
    },
  };
}

function readWho({ exitCode, stdout, stderr }: ExecResult): Presence {
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('utf8');
  if (exitCode === 0) return { users: parseWho(text(stdout)) };
  const said = text(stderr).trim().split('\n')[0] ?? '';
  return { usersUnknown: `its who ended with ${exitCode ?? 'a signal'}: ${said.slice(0, 80)}` };
}

/** Names of those who are logged in, as `who` prints them (who(1)), each once. */
export function parseWho(text: string): string[] {
  // Whatever a name looks like, somebody with it is logged in.
  const names = text.split('\n').map((line) => /^(\S{1,64})\s+\S+\s+/.exec(line)?.[1]);
  return [...new Set(names.filter((name) => name !== undefined))];
}
