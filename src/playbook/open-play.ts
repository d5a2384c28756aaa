import type { PlayVars } from '../model/play-value.ts';
import { loadEntries } from './entries.ts';
import type { Loading, PlayLoading } from './loading.ts';

/** Begins to load a play of a file in `folder`, with the variables that are known so far. */
export function openPlay(folder: string, loading: Loading, vars: PlayVars): PlayLoading {
  return {
    loading,
    folder,
    vars,
    names: new Set(),
    doubts: { anyFact: false, anyHandler: false },
    handlerNames: new Set(),
    notified: [],
    importedHandlers: [],
    roles: [],
    checked: new Set(),
    rolesRun: new Set(),
    loadEntries,
  };
}
