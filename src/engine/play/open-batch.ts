import type { Host } from '../../model/host.ts';
import type { HostMemory, PlayMemory } from '../../model/play-scope.ts';
import type { PlayVars } from '../../model/play-value.ts';
import type { Play, Role } from '../../model/playbook.ts';
import { makeVars } from '../../model/value.ts';
import { hideSecrets } from './masking.ts';
import { type HostRun, makeCounts, type PlayRun, type WholeRun } from './play-run.ts';
import { failure } from './result-shape.ts';
import type { PlaySettings } from './run-play.ts';
import { scopeOfPlay } from './target-plays.ts';
import { loadVarsFiles } from './vars-files.ts';
import { walk } from './walk.ts';

/** Where a batch stands in its play. */
export interface BatchPlace {
  readonly batch: number;
  readonly batches: number;
  readonly folder: string;
  readonly prompts: PlayVars;
  readonly bugs: unknown[];
  /** Names of all hosts of the play, and of those that had not failed before it. */
  readonly all: readonly string[];
  readonly hosts: readonly string[];
}

/** Makes a batch ready and announces it. A host that another run has locked fails at once. */
export async function openBatch(
  run: WholeRun,
  { play, lock }: PlaySettings,
  members: readonly Host[],
  place: BatchPlace,
): Promise<PlayRun> {
  const { rim } = run;
  const hosts = members.map((host) => openHost(run, host));
  const publicRoles: Role[] = [];
  const left = new Set<string>();
  const varsFiles = await loadVarsFiles(run, play, place);
  const memory = makePlayMemory(run, { play, place, hosts, publicRoles, left, varsFiles });
  const batch: PlayRun = {
    ...run,
    play,
    memory,
    batch: place.batch,
    hosts,
    handlers: [...play.handlers],
    notified: new Map(),
    publicRoles,
    left,
    broken: undefined,
    ends: undefined,
    bugs: place.bugs,
    walk,
    badBefore: place.all.filter((name) => run.failed.has(name) || run.lost.has(name)).length,
  };
  const isWave = rim.waves !== undefined || play.rings !== undefined;
  rim.emit({
    type: 'play.started',
    play: play.index,
    name: hideSecrets(run, nameOf(run, batch)),
    hosts: hosts.map(({ name }) => name),
    batch: place.batch,
    batches: place.batches,
    ...(isWave && { wave: `${place.batch} of ${place.batches}` }),
  });
  // always in the same order, so that two runs never wait for each other
  const sorted = hosts.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  for (const host of sorted) await lockHost(batch, host, lock);
  return batch;
}

interface MemoryParts {
  readonly play: Play;
  readonly place: BatchPlace;
  readonly hosts: readonly HostRun[];
  readonly publicRoles: readonly Role[];
  readonly left: ReadonlySet<string>;
  readonly varsFiles: readonly PlayVars[];
}

/** What templates see of the play; who is still in changes while it runs. */
function makePlayMemory(run: WholeRun, parts: MemoryParts): PlayMemory {
  const { play, place, hosts, publicRoles, left, varsFiles } = parts;
  const gone = (): ReadonlySet<string> => {
    const failed = hosts.filter(({ standing }) => standing === 'failed' || standing === 'lost');
    return new Set([...run.lost, ...run.failed, ...left, ...failed.map(({ name }) => name)]);
  };
  const stillThere = (names: readonly string[]): readonly string[] => {
    const without = gone();
    return names.filter((name) => !without.has(name));
  };
  return {
    play,
    playbookFolder: place.folder,
    varsFiles,
    prompts: place.prompts,
    allHosts: place.all,
    get hosts() {
      return stillThere(place.hosts);
    },
    get batch() {
      return stillThere(place.all.filter((name) => hosts.some((host) => host.name === name)));
    },
    get roles() {
      return publicRoles.length === 0 ? play.roles : [...play.roles, ...publicRoles];
    },
  };
}

function openHost(run: WholeRun, host: Host): HostRun {
  const memory: HostMemory = run.state.hosts.get(host.name) ?? {
    host,
    facts: makeVars(),
    setFacts: makeVars(),
    includedVars: makeVars(),
  };
  run.state.hosts.set(host.name, memory);
  const counts = run.counts.get(host.name) ?? makeCounts();
  run.counts.set(host.name, counts);
  return {
    name: host.name,
    memory,
    counts,
    standing: 'in',
    occurrences: new Map(),
    roles: new Map(),
    ended: new Set(),
  };
}

async function lockHost(batch: PlayRun, host: HostRun, lock: PlaySettings['lock']): Promise<void> {
  const why = await lock(host.memory.host);
  if (why === undefined) return;
  host.standing = 'failed';
  host.counts.failures++;
  const task = `play${batch.play.index}/lock`;
  const { file, line } = batch.play.at;
  batch.rim.emit({
    type: 'task.started',
    play: batch.play.index,
    task,
    name: 'Lock',
    action: 'lock',
    isHandler: false,
    place: `${file}:${line}`,
  });
  batch.rim.emit({
    type: 'task.finished',
    task,
    host: host.name,
    outcome: 'failed',
    result: failure(why),
    changes: [],
    durationMs: 0,
  });
}

function nameOf(run: WholeRun, { play, memory }: PlayRun): string {
  const name = play.name ?? play.hosts;
  if (typeof name === 'string') return name;
  try {
    const rendered = run.rim.templar.render(
      name,
      scopeOfPlay(run, play, { varsFiles: memory.varsFiles, prompts: memory.prompts }),
    );
    return Array.isArray(rendered) ? rendered.join(',') : String(rendered);
  } catch {
    return `play ${play.index}`;
  }
}
