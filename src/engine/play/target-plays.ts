import type { Host } from '../../model/host.ts';
import { LabError } from '../../model/lab-error.ts';
import type { PlayMemory } from '../../model/play-scope.ts';
import type { Entry, Play, Playbook } from '../../model/playbook.ts';
import { TemplateError } from '../../model/template-error.ts';
import { makeVars } from '../../model/value.ts';
import { makeImplicitHost } from './implicit-host.ts';
import type { WholeRun } from './play-run.ts';

/** The hosts of a play, when its turn comes. */
export type Targets = (play: Play) => readonly Host[];

/** Looks up the hosts of every play before any host is touched, so that a pattern that means nobody is refused in time. Where an earlier play may make hosts and groups (`add_host`, `group_by`), the pattern is looked up when its play comes. */
export function targetPlays(run: WholeRun, { plays }: Playbook): Targets {
  const known = new Map<Play, readonly Host[]>();
  let hasGrown = false;
  for (const play of plays) {
    if (!hasGrown) known.set(play, select(run, play));
    hasGrown ||= mayGrow(play);
  }
  return (play) => known.get(play) ?? selectIfAny(run, play);
}

/** Whether hosts and groups may be there after a play that were not before. */
export function mayGrow({ handlers, sections }: Play): boolean {
  return [...handlers, ...sections.flatMap(({ entries }) => entries)].some(canGrow);
}

// a group that nobody came to join on the way means nobody, and the play is passed by
function selectIfAny(run: WholeRun, play: Play): readonly Host[] {
  try {
    return select(run, play);
  } catch (error) {
    if (error instanceof LabError && error.kind === 'usage') return [];
    throw error;
  }
}

// what is included is only known when it is read
function canGrow(entry: Entry): boolean {
  if (entry.kind === 'block')
    return [...entry.block, ...entry.rescue, ...entry.always].some(canGrow);
  if (entry.does.kind !== 'module') return entry.does.kind !== 'meta';
  return ['add_host', 'group_by', 'set_fact'].includes(entry.does.module.name);
}

function select(run: WholeRun, play: Play): readonly Host[] {
  const found = patternsOf(run, play).flatMap((pattern) => hostsOf(run, pattern));
  return [...new Map(found.map((host) => [host.name, host])).values()];
}

function hostsOf({ rim, state }: WholeRun, pattern: string): readonly Host[] {
  const known = state.hosts.get(pattern)?.host;
  const isHere = ['localhost', '127.0.0.1', '::1'].includes(pattern);
  if (isHere) return [known ?? makeImplicitHost(pattern)];
  try {
    return rim.selectHosts(pattern);
  } catch (error) {
    // hosts and groups that were made on the way are not in the inventory
    const members = state.groups.get(pattern) ?? (known ? [pattern] : undefined);
    if (!(error instanceof LabError) || members === undefined) throw error;
    return members.flatMap((name) => state.hosts.get(name)?.host ?? []);
  }
}

function patternsOf(run: WholeRun, play: Play): readonly string[] {
  if (typeof play.hosts === 'string') return [play.hosts];
  try {
    const rendered = run.rim.templar.render(play.hosts, scopeOfPlay(run, play));
    return Array.isArray(rendered) ? [rendered.map(String).join(',')] : [String(rendered)];
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    throw new LabError('input', `the hosts of a play are not known: ${error.message}`, '', {
      problems: [
        {
          ...play.at,
          severity: 'error',
          rule: 'play-hosts',
          path: 'hosts',
          message: error.message,
          hint: 'give the variable with -e, or write it under vars: of the play',
        },
      ],
    });
  }
}

/** The variables of a play where no host is meant yet. */
export function scopeOfPlay(run: WholeRun, play: Play, more: Partial<PlayMemory> = {}) {
  const host = {
    host: makeImplicitHost('localhost'),
    facts: makeVars(),
    setFacts: makeVars(),
    includedVars: makeVars(),
  };
  const memory: PlayMemory = {
    play,
    playbookFolder: '',
    varsFiles: [],
    prompts: makeVars(),
    hosts: [],
    batch: [],
    roles: play.roles,
    ...more,
  };
  return run.rim.makeScope({ run: run.state, host, play: memory });
}
