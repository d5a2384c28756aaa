import { entryOf, type LocatedMap, positionOf } from '../model/located.ts';
import type { PlayVars } from '../model/play-value.ts';
import type { Entry, Keywords, Play, Section, Task } from '../model/playbook.ts';
import { loadEntries } from './entries.ts';
import { readHosts } from './hosts.ts';
import { extendKeywords, joinVars, noKeywords } from './keywords.ts';
import { type Loading, type Place, type PlayLoading, reportTo } from './loading.ts';
import { placeName } from './make-id.ts';
import { nameHandlers, refuseUnknownHandlers } from './notify.ts';
import { openPlay } from './open-play.ts';
import { folderOf } from './paths.ts';
import { loadRoles } from './play-roles.ts';
import { readOrder, readPlayWords, readStrategy } from './play-words.ts';
import { readKeyword, readTruth } from './read-keyword.ts';
import { readVars } from './read-vars.ts';
import { refuseUnknown } from './refuse-words.ts';
import { readRings } from './rings.ts';
import { readVarsFiles } from './vars-files.ts';
import { readVarsPrompt } from './vars-prompt.ts';
import { playWords } from './words.ts';

/** What `import_playbook` gives to the plays it brings: its variables win over theirs, its conditions stand before those of their tasks. */
export interface PlayInherited {
  readonly vars: PlayVars;
  readonly keywords: Keywords;
  readonly idPrefix: string;
}

/** Reads one play with everything it imports. */
export async function loadPlay(
  node: LocatedMap,
  index: number,
  loading: Loading,
  inherited: PlayInherited,
): Promise<Play> {
  const empty = openPlay(folderOf(node.source.file), loading, inherited.vars);
  const play = { ...empty, vars: joinVars([readVars(node, empty) ?? {}, inherited.vars]) };
  refuseUnknown(node, playWords, 'a play', play);
  const keywords = readPlayKeywords(node, inherited, play);
  const place = placeOf(node, keywords, inherited, play);
  const varsFiles = await readVarsFiles(node, place);
  const roles = await loadRoles(node, place);
  const sections = await loadSections(node, place, roles.entries);
  const own = await loadHandlers(node, place);
  const handlers = [...roles.handlers, ...own, ...play.importedHandlers];
  nameHandlers(handlers, play);
  refuseUnknownHandlers(play);
  const name = readKeyword(node, 'name', play)?.value;
  return {
    index,
    at: positionOf(node),
    ...(name !== undefined && { name }),
    hosts: readHosts(node, play),
    order: readOrder(node, play),
    strategy: readStrategy(node, play),
    ...readPlayWords(node, play),
    anyErrorsFatal: keywords.anyErrorsFatal === true,
    forceHandlers: readTruth(node, 'force_handlers', play) === true,
    ...(keywords.throttle !== undefined && { throttle: keywords.throttle }),
    ...readRings(node, play),
    vars: play.vars,
    varsFiles,
    varsPrompt: readVarsPrompt(node, play),
    keywords,
    roles: [...roles.roles, ...play.roles],
    sections,
    handlers,
    factNames: play.doubts.anyFact ? 'all' : play.names,
  };
}

/** Keywords of the play for all below it; conditions of an import stay with it, as a play itself has none. */
function readPlayKeywords(node: LocatedMap, inherited: PlayInherited, play: PlayLoading): Keywords {
  const keywords = extendKeywords(inherited.keywords, node, play, { withVars: false });
  const user = entryOf(node, 'user');
  if (user === undefined || keywords.remoteUser !== undefined) return keywords;
  const value = readKeyword(node, 'user', play)?.value;
  return value === undefined ? keywords : { ...keywords, remoteUser: value };
}

function placeOf(
  node: LocatedMap,
  keywords: Keywords,
  inherited: PlayInherited,
  play: PlayLoading,
): Place {
  const place: Place = {
    play,
    keywords,
    notify: [],
    roles: [],
    file: node.source.file,
    idPrefix: inherited.idPrefix,
    isHandler: false,
    chain: [],
  };
  return { ...place, idPrefix: `${inherited.idPrefix}${placeName(node, place)}>` };
}

async function loadSections(
  node: LocatedMap,
  place: Place,
  roleEntries: readonly Entry[],
): Promise<readonly Section[]> {
  const sections: Section[] = [];
  for (const name of ['pre_tasks', 'tasks', 'post_tasks'] as const) {
    const entry = entryOf(node, name);
    const entries = entry ? await loadEntries(entry.value, `"${name}"`, place) : [];
    sections.push({ name, entries: name === 'tasks' ? [...roleEntries, ...entries] : entries });
  }
  return sections;
}

async function loadHandlers(node: LocatedMap, place: Place): Promise<readonly Task[]> {
  const entry = entryOf(node, 'handlers');
  if (entry === undefined) return [];
  const keywords = { ...place.keywords, when: noKeywords.when };
  const entries = await loadEntries(entry.value, '"handlers"', {
    ...place,
    keywords,
    isHandler: true,
  });
  return entries.filter((handler) => handler.kind === 'task');
}

/** Tells that something among the plays is none. */
export function refusePlay(node: LocatedMap, loading: Loading, isTask: boolean): void {
  const message = isTask ? 'this is a task, not a play' : 'this play has no hosts';
  const hint = isTask
    ? 'put it below tasks: of a play'
    : 'write hosts: with a pattern, such as all';
  reportTo(loading)(node, isTask ? 'task-among-plays' : 'no-hosts', message, hint);
}
