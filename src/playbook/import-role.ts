import type { LocatedMap } from '../model/located.ts';
import { isTemplate } from '../model/play-value.ts';
import type { Entry } from '../model/playbook.ts';
import type { WrittenAction } from './action.ts';
import { refuseLoop, tellUnknownName } from './import-tasks.ts';
import { readOption, readSwitch, refuseOptions } from './include-args.ts';
import { type Place, reportTo } from './loading.ts';
import { baseOf } from './paths.ts';
import { loadRole, type RoleUse } from './role.ts';
import { staticText } from './static-text.ts';
import { placeBelow } from './task.ts';
import { staticVars } from './tasks-file.ts';
import { readWrittenArgs, type WrittenArgs } from './written-args.ts';

/** Options that `import_role` and `include_role` share. */
export const roleOptions = [
  'name',
  'role',
  'tasks_from',
  'vars_from',
  'defaults_from',
  'handlers_from',
  'allow_duplicates',
  'rolespec_validate',
];
const parts = ['tasks', 'vars', 'defaults', 'handlers'] as const;

/** The tasks of `import_role`: as if they were written here. Its handlers and variables belong to the play from its beginning. */
export async function importRole(
  node: LocatedMap,
  action: WrittenAction,
  outer: Place,
): Promise<readonly Entry[]> {
  const place = placeBelow(node, outer);
  refuseLoop(node, 'include_role', place);
  const given = readWrittenArgs(action, node, place);
  refuseOptions(given, action, place, roleOptions);
  const name = nameOf(given, action, place);
  const from = fromOf(given, place);
  if (name === undefined || from === undefined) return [];
  const allowsDuplicates = readSwitch(given, 'allow_duplicates', true, place);
  const use: RoleUse = { name, at: node, from, params: {}, vars: {}, allowsDuplicates };
  const loaded = await loadRole(use, place);
  if (loaded === undefined) return [];
  place.play.importedHandlers.push(...loaded.handlers);
  place.play.roles.push(...loaded.roles);
  return loaded.entries;
}

function nameOf(given: WrittenArgs, action: WrittenAction, place: Place): string | undefined {
  const value = readOption(given, 'name', place) ?? readOption(given, 'role', place);
  if (value === undefined) {
    reportTo(place.play.loading)(
      action.at,
      'missing-argument',
      `"${action.word}" needs "name"`,
      'write name: with the role below it',
    );
    return undefined;
  }
  const name = staticText(value, staticVars(place), place.play);
  if (name === undefined) tellUnknownName(action.at, 'include_role', place);
  return name;
}

function fromOf(given: WrittenArgs, place: Place): RoleUse['from'] | undefined {
  const from: Partial<Record<(typeof parts)[number], string>> = {};
  for (const part of parts) {
    const value = readOption(given, `${part}_from`, place);
    if (value === undefined) continue;
    const name = staticText(value, staticVars(place), place.play);
    if (name === undefined) {
      const at = given.named.get(`${part}_from`)?.at;
      if (at && isTemplate(value)) tellUnknownName(at, 'include_role', place);
      return undefined;
    }
    from[part] = baseOf(name);
  }
  return from;
}
