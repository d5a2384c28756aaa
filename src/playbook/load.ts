import { LabError } from '../model/lab-error.ts';
import { entryOf, type Located, type LocatedMap } from '../model/located.ts';
import type { LoadedPlaybook, LoadInclude, Play } from '../model/playbook.ts';
import { sortProblems } from '../model/problem.ts';
import { hintFor } from './hint-for.ts';
import { importPlaybook } from './import-playbook.ts';
import { noKeywords } from './keywords.ts';
import { loadIncluded } from './load-included.ts';
import type { LoadRim, LoadSettings } from './load-rim.ts';
import { isNothing, type Loading, reportTo } from './loading.ts';
import { indexModules, resolveAction } from './module-index.ts';
import { baseOf, folderOf } from './paths.ts';
import { loadPlay, type PlayInherited, refusePlay } from './play.ts';
import { readFile } from './read-file.ts';
import { playWords } from './words.ts';

export type { LoadRim, LoadSettings } from './load-rim.ts';

/** Reads a playbook with everything it imports and tells all that is wrong with it. Never throws for what people wrote. */
export async function loadPlaybook(
  file: string,
  rim: LoadRim,
  settings: LoadSettings = {},
): Promise<LoadedPlaybook> {
  const loading = openLoading(file, rim, settings);
  const plays: Play[] = [];
  const inherited: PlayInherited = { vars: {}, keywords: noKeywords, idPrefix: '' };
  await loadPlays(file, loading, inherited, [file], plays);
  const loadInclude: LoadInclude = async (include, rendered) =>
    await loadIncluded(include, rendered, loading);
  return {
    playbook: { file, plays },
    problems: sortProblems(loading.problems),
    loadInclude,
    files: [...loading.files.keys()],
  };
}

/** Begins a load; `file` decides what ids are relative to. */
export function openLoading(file: string, rim: LoadRim, settings: LoadSettings): Loading {
  return {
    rim,
    modules: indexModules(rim.modules),
    extraVars: settings.extraVars ?? {},
    root: folderOf(file),
    problems: [],
    seenProblems: new Set(),
    ids: new Set(),
    files: new Map(),
    places: new Map(),
  };
}

async function loadPlays(
  file: string,
  loading: Loading,
  inherited: PlayInherited,
  chain: readonly string[],
  plays: Play[],
): Promise<void> {
  const read = await readFile(file, loading);
  const report = reportTo(loading);
  const start = { file, line: 1, column: 1 };
  if (read.kind === 'missing') {
    report(start, 'missing-file', `there is no file "${file}"`, await hintForFile(file, loading));
    return;
  }
  const { root } = read;
  if (root === undefined || isNothing(root) || (root.kind === 'list' && root.items.length === 0)) {
    if (!read.isBroken)
      report(start, 'empty-playbook', 'the playbook is empty', 'write "- hosts: all" and tasks');
    return;
  }
  if (root.kind !== 'list') {
    report(
      root,
      'not-a-playbook',
      'a playbook is a list of plays',
      'begin each play with "- hosts:"',
    );
    return;
  }
  for (const node of root.items) await loadItem(node, loading, inherited, chain, plays);
}

/** The playbook beside a missing one that was probably meant. */
async function hintForFile(file: string, { rim }: Loading): Promise<string> {
  const beside = await rim.listFolder(folderOf(file));
  const playbooks = beside.filter((name) => /\.(?:ya?ml|json)$/.test(name));
  return hintFor(baseOf(file), playbooks, 'correct the name of the playbook');
}

async function loadItem(
  node: Located,
  loading: Loading,
  inherited: PlayInherited,
  chain: readonly string[],
  plays: Play[],
): Promise<void> {
  if (node.kind !== 'map') {
    reportTo(loading)(node, 'not-a-play', 'this is no play', 'write "- hosts:" and tasks');
    return;
  }
  if (entryOf(node, 'import_playbook') || entryOf(node, 'ansible.builtin.import_playbook')) {
    const found = await importPlaybook(node, loading, inherited, chain);
    if (found) await loadPlays(found.file, loading, found.inherited, [...chain, found.file], plays);
    return;
  }
  if (isOldInclude(node, loading) || isTask(node, loading)) return;
  plays.push(await loadPlay(node, plays.length + 1, loading, inherited));
}

function isOldInclude(node: LocatedMap, loading: Loading): boolean {
  const old = entryOf(node, 'include');
  if (old === undefined || entryOf(node, 'hosts')) return false;
  const message = '"include" is no longer a keyword';
  reportTo(loading)(old.key, 'removed-word', message, 'write import_playbook');
  return true;
}

function isTask(node: LocatedMap, loading: Loading): boolean {
  if (entryOf(node, 'hosts')) return false;
  const isTask = node.entries.some(
    ({ key }) => !playWords.has(key.text) && resolveAction(key.text, loading.modules) !== undefined,
  );
  if (isTask) refusePlay(node, loading, true);
  return isTask;
}

/** Refuses a playbook with errors: what a run calls before it touches a host. */
export function demandSound({ problems, playbook }: LoadedPlaybook): void {
  const errors = problems.filter((problem) => problem.severity === 'error');
  if (errors.length === 0) return;
  const count = errors.length === 1 ? 'one problem' : `${errors.length} problems`;
  throw new LabError(
    'input',
    `${playbook.file} has ${count}`,
    'correct the playbook; nothing was run',
    { problems },
  );
}
