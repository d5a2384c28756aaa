import { entryOf, type Located } from '../model/located.ts';
import type { Problem } from '../model/problem.ts';
import type { FileKind, LoadedFile } from './coverage.ts';
import { joinVars, noKeywords } from './keywords.ts';
import { loadPlaybook, openLoading } from './load.ts';
import type { LoadRim, LoadSettings } from './load-rim.ts';
import type { Place } from './loading.ts';
import { type ModuleIndex, resolveAction } from './module-index.ts';
import { openPlay } from './open-play.ts';
import { baseOf, folderOf } from './paths.ts';
import { readFile } from './read-file.ts';
import { loadTasksFile } from './tasks-file.ts';
import { playWords, taskWords } from './words.ts';

/** Loads every playbook and every file of tasks below a folder, each by itself: what `--syntax-check -v` over a folder judges. */
export async function loadFolder(
  folder: string,
  rim: LoadRim,
  settings: LoadSettings = {},
): Promise<readonly LoadedFile[]> {
  const loaded: LoadedFile[] = [];
  for (const file of await listYaml(folder, rim)) {
    const found = await loadFile(file, rim, settings);
    if (found) loaded.push(found);
  }
  return loaded;
}

async function listYaml(folder: string, rim: LoadRim): Promise<readonly string[]> {
  const files: string[] = [];
  for (const name of await rim.listFolder(folder)) {
    const path = `${folder}/${name}`;
    if (name.startsWith('.') || name === 'node_modules') continue;
    if (await rim.isFolder(path)) files.push(...(await listYaml(path, rim)));
    else if (/\.ya?ml$/.test(name)) files.push(path);
  }
  return files;
}

async function loadFile(
  file: string,
  rim: LoadRim,
  settings: LoadSettings,
): Promise<LoadedFile | undefined> {
  const loading = openLoading(file, rim, settings);
  const read = await readFile(file, loading);
  if (read.kind === 'missing') return undefined;
  if (read.isBroken) {
    const isSealed = loading.problems.some(({ rule }) => rule === 'vault-locked');
    return { file, kind: isSealed ? 'encrypted' : 'broken', problems: loading.problems };
  }
  const kind = read.root && kindOf(read.root, file, loading.modules);
  if (kind === undefined) return undefined;
  if (kind === 'playbook')
    return { file, kind, problems: (await loadPlaybook(file, rim, settings)).problems };
  return { file, kind, problems: await loadTasks(file, kind, rim, settings) };
}

/** What a file is by what stands in it; undefined for variables, inventories and all else. */
function kindOf(root: Located, file: string, modules: ModuleIndex): FileKind | undefined {
  if (root.kind !== 'list') return undefined;
  const maps = root.items.filter((item) => item.kind === 'map');
  if (maps.some((map) => entryOf(map, 'hosts') ?? entryOf(map, 'import_playbook')))
    return 'playbook';
  const isTask = maps.some((map) =>
    map.entries.some(
      ({ key: { text } }) =>
        resolveAction(text, modules) !== undefined ||
        text === 'block' ||
        (taskWords.has(text) && !playWords.has(text)),
    ),
  );
  const folder = baseOf(folderOf(file));
  if (folder === 'handlers') return 'handlers';
  return isTask || folder === 'tasks' ? 'tasks' : undefined;
}

/** Loads a file of tasks as if a play without variables imported it; which handlers it may notify is not known. */
async function loadTasks(
  file: string,
  kind: FileKind,
  rim: LoadRim,
  settings: LoadSettings,
): Promise<readonly Problem[]> {
  const loading = openLoading(file, rim, settings);
  const rolePath = folderOf(folderOf(file));
  const isRole = ['tasks', 'handlers'].includes(baseOf(folderOf(file)));
  const empty = joinVars([]);
  const role = {
    name: baseOf(rolePath),
    path: rolePath,
    defaults: empty,
    vars: empty,
    params: empty,
    parents: [],
  };
  const place: Place = {
    play: openPlay(isRole ? folderOf(folderOf(rolePath)) : folderOf(file), loading, empty),
    keywords: noKeywords,
    notify: [],
    ...(isRole && { role }),
    roles: isRole ? [role] : [],
    file,
    idPrefix: '',
    isHandler: kind === 'handlers',
    chain: [],
  };
  await loadTasksFile(file, 'a file of tasks', place);
  return loading.problems;
}
