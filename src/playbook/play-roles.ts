import { entryOf, type LocatedMap } from '../model/located.ts';
import type { Entry, Role, Task } from '../model/playbook.ts';
import { isNothing, type Place, reportTo } from './loading.ts';
import { loadRole } from './role.ts';
import { readRoleUse } from './role-use.ts';

/** What `roles:` of a play bring, in order, dependencies first. */
export async function loadRoles(
  node: LocatedMap,
  place: Place,
): Promise<{
  readonly entries: readonly Entry[];
  readonly handlers: readonly Task[];
  readonly roles: readonly Role[];
}> {
  const entries: Entry[] = [];
  const handlers: Task[] = [];
  const roles: Role[] = [];
  const list = entryOf(node, 'roles')?.value;
  if (list === undefined || isNothing(list)) return { entries, handlers, roles };
  if (list.kind !== 'list') {
    reportTo(place.play.loading)(
      list,
      'not-a-list',
      '"roles" must be a list',
      'begin each role with "- "',
    );
    return { entries, handlers, roles };
  }
  for (const item of list.items) {
    const found = readRoleUse(item, place);
    const loaded = found && (await loadRole(found.use, found.place));
    if (loaded === undefined) continue;
    entries.push(...loaded.entries);
    handlers.push(...loaded.handlers);
    roles.push(...loaded.roles);
  }
  return { entries, handlers, roles };
}
