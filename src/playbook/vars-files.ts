import { entryOf, type Located, type LocatedMap, positionOf } from '../model/located.ts';
import { isTemplate, type PlayValue } from '../model/play-value.ts';
import type { VarsFile } from '../model/playbook.ts';
import { isNothing, type Place, readValue, reportTo } from './loading.ts';
import { readFile } from './read-file.ts';
import { readVariables } from './read-vars.ts';
import { findSource } from './source-paths.ts';

/** `vars_files:` of a play; files with a name that is known must be there, and are checked. */
export async function readVarsFiles(node: LocatedMap, place: Place): Promise<readonly VarsFile[]> {
  const entry = entryOf(node, 'vars_files');
  if (!entry || isNothing(entry.value)) return [];
  const items = entry.value.kind === 'list' ? entry.value.items : [entry.value];
  const files: VarsFile[] = [];
  for (const item of items) {
    const names = readNames(item, place);
    files.push({ names, at: positionOf(item) });
    await checkFiles(names, item, place);
  }
  return files;
}

function readNames(node: Located, place: Place): readonly PlayValue[] {
  const items = node.kind === 'list' ? node.items : [node];
  return items.flatMap((item) => {
    const value = readValue(item, place.play);
    if (isTemplate(value) || typeof value === 'string') return [value];
    reportTo(place.play.loading)(
      item,
      'bad-value',
      '"vars_files" must be names of files',
      'write one name a line, each with "- "',
    );
    return [];
  });
}

/** The first that is there is used; unless one of the names before it is only known to the run. */
async function checkFiles(names: readonly PlayValue[], at: Located, place: Place): Promise<void> {
  const { play } = place;
  for (const name of names) {
    if (typeof name !== 'string') {
      play.doubts.anyFact = true;
      return;
    }
    const path = await findSource({ path: name, folder: 'vars' }, place);
    if (path === undefined) continue;
    const read = await readFile(path, play.loading);
    if (read.kind === 'read' && read.root) readVariables(read.root, play, 'a file of variables');
    return;
  }
  if (names.length === 0) return;
  const hint = 'correct the name; it is looked for in vars/ and beside the playbook';
  reportTo(play.loading)(
    at,
    'missing-file',
    `there is no file "${names.map(String).join('", "')}"`,
    hint,
  );
}
