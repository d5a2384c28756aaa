import { LabError } from '../model/lab-error.ts';
import type { Included, LoadInclude, Task } from '../model/playbook.ts';
import { sortProblems } from '../model/problem.ts';
import { belowInclude } from './include-place.ts';
import { makeUse } from './include-role.ts';
import type { Loading, Place, PlayLoading } from './loading.ts';
import { nameHandlers, refuseUnknownHandlers } from './notify.ts';
import { loadRole } from './role.ts';
import { findTasksFile, loadTasksFile, tellMissingFile } from './tasks-file.ts';

type Rendered = Parameters<LoadInclude>[1];

/** Includes within includes; more is a file that includes itself without an end. */
const maxDepth = 100;

/** What an include brings once its name is known. Throws LabError 'input' with everything wrong in it. */
export async function loadIncluded(
  include: Task,
  rendered: Rendered,
  loading: Loading,
): Promise<Included> {
  const kept = loading.places.get(include.id);
  if (kept === undefined) throw new Error(`the include ${include.id} was not loaded here`);
  const play = reopen(kept.place.play, loading);
  const place = belowInclude(include, { ...kept.place, play });
  if (place === undefined) throw new Error(`the include ${include.id} was not loaded here`);
  if ((place.depth ?? 0) > maxDepth) throw tooDeep(include);
  const included =
    rendered.role === undefined
      ? await includeTasks(include, rendered.file ?? '', place)
      : await includeRole(include, { ...rendered, role: rendered.role }, place);
  nameHandlers(included.handlers, play);
  refuseUnknownHandlers(play);
  const { problems } = play.loading;
  if (problems.some((problem) => problem.severity === 'error'))
    throw new LabError('input', 'what is included has problems', 'correct it and run again', {
      problems: sortProblems(problems),
    });
  return included;
}

function tooDeep({ at }: Task): LabError {
  const message = `more than ${maxDepth} includes within one another`;
  const hint = 'a file or role includes itself: give it a condition (when) that ends it';
  const problem = {
    ...at,
    severity: 'error' as const,
    rule: 'include-circle',
    path: '',
    message,
    hint,
  };
  return new LabError('input', `${message}: ${hint}`, '', { problems: [problem] });
}

/** The play of an include, with problems and ids of its own; places are kept, for includes within. */
function reopen(play: PlayLoading, loading: Loading): PlayLoading {
  const own: Loading = { ...loading, problems: [], seenProblems: new Set(), ids: new Set() };
  return {
    ...play,
    loading: own,
    notified: [],
    importedHandlers: [],
    roles: [],
    checked: new Set(),
  };
}

async function includeTasks(include: Task, file: string, place: Place): Promise<Included> {
  const path = await findTasksFile(file, place);
  if (path === undefined) {
    tellMissingFile(file, include.at, place);
    return { entries: [], handlers: [], roles: [] };
  }
  const entries = await loadTasksFile(path, 'a file of tasks', place);
  return { entries, handlers: place.play.importedHandlers, roles: place.play.roles };
}

async function includeRole(
  include: Task,
  rendered: Rendered & { readonly role: string },
  place: Place,
): Promise<Included> {
  const kept = place.play.loading.places.get(include.id);
  const at = kept?.node;
  if (at === undefined) return { entries: [], handlers: [], roles: [] };
  const loaded = await loadRole(makeUse(at, rendered), place);
  if (loaded === undefined) return { entries: [], handlers: [], roles: [] };
  return {
    entries: loaded.entries,
    handlers: [...loaded.handlers, ...place.play.importedHandlers],
    roles: [...loaded.roles, ...place.play.roles],
  };
}
