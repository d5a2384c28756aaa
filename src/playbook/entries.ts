import { entryOf, type Located, type LocatedMap, positionOf } from '../model/located.ts';
import type { Block, Entry } from '../model/playbook.ts';
import { readAction, type WrittenAction } from './action.ts';
import { importRole } from './import-role.ts';
import { importTasks } from './import-tasks.ts';
import { readIncludeRole } from './include-role.ts';
import { readIncludeTasks } from './include-tasks.ts';
import { isNothing, type LoadEntries, type Place, reportTo } from './loading.ts';
import { makeId } from './make-id.ts';
import { readKeyword } from './read-keyword.ts';
import { refuseUnknown } from './refuse-words.ts';
import { placeBelow, readTask } from './task.ts';
import { blockWords } from './words.ts';

/** Reads a list of tasks and blocks; imports are replaced by what they bring. */
export const loadEntries: LoadEntries = async (node, what, place) => {
  if (isNothing(node)) return [];
  const report = reportTo(place.play.loading);
  if (node.kind !== 'list') {
    report(node, 'not-a-list', `${what} must be a list`, 'begin each task with "- "');
    return [];
  }
  const entries: Entry[] = [];
  for (const item of node.items) entries.push(...(await loadEntry(item, place)));
  return entries;
};

async function loadEntry(node: Located, place: Place): Promise<readonly Entry[]> {
  if (node.kind !== 'map') {
    const hint = 'write name: and a module with its arguments below it';
    reportTo(place.play.loading)(node, 'not-a-task', 'this is no task', hint);
    return [];
  }
  if (['block', 'rescue', 'always'].some((word) => entryOf(node, word)))
    return await loadBlock(node, place);
  const action = readAction(node, place);
  if (action === undefined) return [];
  return action.action.kind === 'special'
    ? await loadSpecial(node, action.action.word, action, place)
    : asList(await readTask(node, action, place));
}

async function loadSpecial(
  node: LocatedMap,
  word: string,
  action: WrittenAction,
  place: Place,
): Promise<readonly Entry[]> {
  if (word === 'meta') return asList(await readTask(node, action, place));
  if (word === 'import_tasks') return await importTasks(node, action, place);
  if (word === 'include_tasks') return asList(await readIncludeTasks(node, action, place));
  if (place.isHandler) {
    const hint = 'use it among the tasks; the handlers of the role come with it';
    reportTo(place.play.loading)(action.at, 'role-handler', `"${word}" cannot be a handler`, hint);
    return [];
  }
  if (word === 'import_role') return await importRole(node, action, place);
  return asList(await readIncludeRole(node, action, place));
}

function asList<T>(entry: T | undefined): readonly T[] {
  return entry === undefined ? [] : [entry];
}

async function loadBlock(node: LocatedMap, outer: Place): Promise<readonly Block[]> {
  const { play } = outer;
  const report = reportTo(play.loading);
  if (outer.isHandler) {
    const hint = 'write its tasks as handlers of their own that listen to one topic';
    report(node, 'block-handler', 'a block cannot be a handler', hint);
    return [];
  }
  if (!entryOf(node, 'block'))
    report(
      node,
      'no-block',
      '"rescue" and "always" need a "block"',
      'put the tasks that may fail below block:',
    );
  refuseUnknown(node, blockWords, 'a block', play);
  const place = placeBelow(node, outer);
  const id = makeId(node, outer);
  const name = readKeyword(node, 'name', play)?.value;
  return [
    {
      kind: 'block',
      id,
      at: positionOf(node),
      ...(name !== undefined && { name }),
      block: await loadPart(node, 'block', place),
      rescue: await loadPart(node, 'rescue', place),
      always: await loadPart(node, 'always', place),
    },
  ];
}

async function loadPart(node: LocatedMap, word: string, place: Place): Promise<readonly Entry[]> {
  const entry = entryOf(node, word);
  return entry ? await loadEntries(entry.value, `"${word}"`, place) : [];
}
