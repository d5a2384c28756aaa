import { entryOf, type LocatedMap } from '../model/located.ts';
import { extendKeywords, joinVars } from './keywords.ts';
import { isNothing, type Loading, type PlayLoading, readValue, reportTo } from './loading.ts';
import { placeName } from './make-id.ts';
import { openPlay } from './open-play.ts';
import { folderOf, joinPath } from './paths.ts';
import type { PlayInherited } from './play.ts';
import { isThere } from './read-file.ts';
import { readVars } from './read-vars.ts';
import { refuseUnknown } from './refuse-words.ts';
import { staticText } from './static-text.ts';
import { importPlaybookWords } from './words.ts';

/** What an `import_playbook` names, and what it gives to the plays there. */
export async function importPlaybook(
  node: LocatedMap,
  loading: Loading,
  inherited: PlayInherited,
  chain: readonly string[],
): Promise<{ readonly file: string; readonly inherited: PlayInherited } | undefined> {
  const play = openPlay(folderOf(node.source.file), loading, inherited.vars);
  refuseUnknown(node, importPlaybookWords, 'import_playbook', play);
  const vars = joinVars([readVars(node, play) ?? {}, inherited.vars]);
  const file = await findPlaybook(node, { ...play, vars }, chain);
  if (file === undefined) return undefined;
  const keywords = extendKeywords(inherited.keywords, node, play, { withVars: false });
  const idPrefix = `${inherited.idPrefix}${placeName(node, { play })}>`;
  return { file, inherited: { vars, keywords, idPrefix } };
}

async function findPlaybook(
  node: LocatedMap,
  play: PlayLoading,
  chain: readonly string[],
): Promise<string | undefined> {
  const named =
    entryOf(node, 'import_playbook') ?? entryOf(node, 'ansible.builtin.import_playbook');
  const at = named?.value ?? node;
  const tell = (rule: string, message: string, hint: string): undefined => {
    reportTo(play.loading)(at, rule, message, hint);
  };
  if (at.kind !== 'scalar' || isNothing(at))
    return tell(
      'missing-argument',
      '"import_playbook" names no file',
      'write import_playbook: file.yml',
    );
  const name = staticText(readValue(at, play), play.vars, play);
  if (name === undefined)
    return tell(
      'name-not-known',
      'the name is not known when the playbook is read',
      'use --extra-vars for it',
    );
  const file = joinPath(play.folder, name);
  if (!(await isThere(file, play.loading)))
    return tell('missing-file', `there is no file "${name}"`, `it is looked for in ${play.folder}`);
  if (chain.includes(file))
    return tell('import-circle', `"${name}" imports itself`, 'leave one of the imports out');
  return file;
}
