import type { Located, LocatedMap } from '../model/located.ts';
import type { Task } from '../model/playbook.ts';
import { extendKeywords } from './keywords.ts';
import type { Place, PlayLoading } from './loading.ts';
import { readVars } from './read-vars.ts';

/** Remembers where an include stands, for when the run comes to it. */
export function keepPlace(
  task: Task,
  node: LocatedMap,
  apply: Located | undefined,
  outer: Place,
): void {
  const vars = readVars(node, outer.play);
  outer.play.loading.places.set(task.id, { place: outer, node, vars, apply });
}

/** The place of what an include brings: what is around the include holds, its own `vars` and `apply`, and none of its other keywords. */
export function belowInclude(task: Task, place: Place): Place | undefined {
  const kept = place.play.loading.places.get(task.id);
  if (kept === undefined) return undefined;
  const around = kept.place.keywords;
  const keywords = kept.vars ? { ...around, vars: [...around.vars, kept.vars] } : around;
  return {
    ...kept.place,
    play: place.play,
    keywords:
      kept.apply?.kind === 'map'
        ? extendKeywords(keywords, kept.apply, place.play, { withVars: true })
        : keywords,
    idPrefix: `${task.id}>`,
    chain: [],
    depth: (kept.place.depth ?? 0) + 1,
  };
}

/** A play whose ids and includes are forgotten: for reading what the run will read again. */
export function scratchPlay(play: PlayLoading): PlayLoading {
  const places = new Map(play.loading.places);
  return { ...play, loading: { ...play.loading, ids: new Set(), places } };
}
