import { entryOf, type Located, type LocatedMap } from '../model/located.ts';
import { isTemplate, type PlayValue, type PlayVars } from '../model/play-value.ts';
import { keyOf } from '../model/yaml-value.ts';
import { tellUnknownName } from './import-tasks.ts';
import { extendKeywords } from './keywords.ts';
import { type Place, readValue, reportTo } from './loading.ts';
import { readVars } from './read-vars.ts';
import type { RoleUse } from './role.ts';
import { staticText } from './static-text.ts';
import { staticVars } from './tasks-file.ts';
import { removedWords, roleWords } from './words.ts';

/** One entry of `roles:` or of a role's dependencies: a name, or a mapping with keywords and parameters. The place is the one below its keywords. */
export function readRoleUse(
  node: Located,
  outer: Place,
): { readonly use: RoleUse; readonly place: Place } | undefined {
  const named = nameOf(node, outer);
  if (named === undefined) return undefined;
  const empty = { params: {}, vars: {}, from: {}, allowsDuplicates: undefined };
  if (node.kind !== 'map') return { use: { ...empty, name: named, at: node }, place: outer };
  const keywords = extendKeywords(outer.keywords, node, outer.play, { withVars: false });
  const vars = readVars(node, outer.play) ?? {};
  const params = readParams(node, outer);
  return { use: { ...empty, name: named, at: node, params, vars }, place: { ...outer, keywords } };
}

function nameOf(node: Located, place: Place): string | undefined {
  const named =
    node.kind === 'map'
      ? (entryOf(node, 'role') ?? entryOf(node, 'name') ?? entryOf(node, 'src'))?.value
      : node;
  const value = named && readValue(named, place.play);
  if (named === undefined || !isName(value)) {
    reportTo(place.play.loading)(node, 'no-role', 'this names no role', 'write "- role: NAME"');
    return undefined;
  }
  const name = staticText(value, staticVars(place), place.play);
  if (name === undefined) tellUnknownName(named, 'include_role', place);
  return name;
}

function isName(value: PlayValue | undefined): value is PlayValue {
  return (
    isTemplate(value) || typeof value === 'number' || (typeof value === 'string' && value !== '')
  );
}

/** Whatever is no keyword is a parameter of the role. */
function readParams(node: LocatedMap, { play }: Place): PlayVars {
  const params: Record<string, PlayValue> = Object.create(null);
  for (const { key, value } of node.entries) {
    const word = keyOf(key);
    if (roleWords.has(word)) continue;
    const instead = removedWords.get(word);
    if (instead !== undefined)
      reportTo(play.loading)(key, 'removed-word', `"${word}" is no longer a keyword`, instead);
    else params[word] = readValue(value, play);
  }
  return params;
}
