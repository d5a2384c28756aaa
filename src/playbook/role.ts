import { entryOf, type Located } from '../model/located.ts';
import type { PlayVars } from '../model/play-value.ts';
import type { Entry, Role, Task } from '../model/playbook.ts';
import { findRole, tellUnknownRole } from './find-role.ts';
import { joinVars } from './keywords.ts';
import { isNothing, type Place, reportTo, typeNode } from './loading.ts';
import { placeName } from './make-id.ts';
import { nameHandlers } from './notify.ts';
import { baseOf } from './paths.ts';
import { findRoleFiles, type RolePart, readRoleVars } from './role-files.ts';
import { useKey } from './role-key.ts';
import { readRoleUse } from './role-use.ts';
import { loadTasksFile } from './tasks-file.ts';

/** One use of a role as written. */
export interface RoleUse {
  readonly name: string;
  readonly at: Located;
  /** Other files than `main`, as `tasks_from` and its like name them. */
  readonly from: { readonly [part in RolePart]?: string };
  readonly params: PlayVars;
  /** `vars:` beside the role: below the role's own variables. */
  readonly vars: PlayVars;
  /** Set by `import_role` and `include_role`, which may always be used again; else the role's `meta` says. */
  readonly allowsDuplicates: boolean | undefined;
}

/** A role as loaded: `entries` and `handlers` begin with those of its dependencies, `roles` too. */
export interface LoadedRole {
  readonly role: Role;
  readonly entries: readonly Entry[];
  readonly handlers: readonly Task[];
  readonly roles: readonly Role[];
}

/** Loads a role with everything it depends on; undefined after telling that there is none. `place` is below the keywords of its use. */
export async function loadRole(use: RoleUse, place: Place): Promise<LoadedRole | undefined> {
  const report = reportTo(place.play.loading);
  const path = await findRole(use.name, place);
  if (path === undefined) {
    await tellUnknownRole(use, place);
    return undefined;
  }
  if (place.chain.includes(`role ${path}`)) {
    report(
      use.at,
      'role-circle',
      `the role "${use.name}" depends on itself`,
      'leave one of the dependencies out',
    );
    return undefined;
  }
  const chain = [...place.chain, `role ${path}`];
  const idPrefix = `${place.idPrefix}${placeName(use.at, place)}>`;
  const below: Place = { ...place, chain, idPrefix };
  const meta = await readMetaFile(path, below);
  const { role, inner, dependencies } = await describeRole(use, path, meta.allowsDuplicates, below);
  const needed = await loadDependencies(meta.dependencies, inner);
  dependencies.push(...needed.flatMap((one) => one.roles));
  const isRepeated = isAgain(role, inner);
  const entries = isRepeated ? [] : await loadPart('tasks', use, inner);
  const own = (await loadPart('handlers', use, { ...inner, isHandler: true })).filter(
    (entry) => entry.kind === 'task',
  );
  nameHandlers(own, place.play);
  return {
    role,
    entries: [...needed.flatMap((one) => one.entries), ...entries],
    handlers: [...needed.flatMap((one) => one.handlers), ...own],
    roles: [...needed.flatMap((one) => one.roles), role],
  };
}

async function describeRole(
  use: RoleUse,
  path: string,
  allowsDuplicates: boolean,
  place: Place,
): Promise<{ readonly role: Role; readonly inner: Place; readonly dependencies: Role[] }> {
  const defaults = await readRoleVars('defaults', path, use, place);
  const own = await readRoleVars('vars', path, use, place);
  const allows = use.allowsDuplicates ?? allowsDuplicates;
  const parents = place.roles.map(({ name }) => name);
  const name = use.name.startsWith('/') ? baseOf(use.name) : use.name;
  // filled when they are loaded, which takes this role's own place
  const dependencies: Role[] = [];
  const role: Role = {
    name,
    path,
    defaults,
    vars: joinVars([use.vars, own]),
    params: use.params,
    parents,
    parentPaths: place.roles.map((outer) => outer.path),
    parentRoles: place.roles,
    dependencies,
    ...(!allows && { onceKey: useKey(path, use, place) }),
  };
  return { role, inner: { ...place, role, roles: [...place.roles, role] }, dependencies };
}

/** A role that already ran under the very same conditions runs no second time in a play. */
function isAgain(role: Role, { play, keywords }: Place): boolean {
  if (role.onceKey === undefined) return false;
  const conditions = keywords.when.map(({ expression }) => String(expression));
  const key = JSON.stringify([role.onceKey, conditions, keywords.tags]);
  if (play.rolesRun.has(key)) return true;
  play.rolesRun.add(key);
  return false;
}

async function loadDependencies(nodes: readonly Located[], place: Place): Promise<LoadedRole[]> {
  const loaded: LoadedRole[] = [];
  for (const node of nodes) {
    const found = readRoleUse(node, place);
    const role = found && (await loadRole(found.use, found.place));
    if (role) loaded.push(role);
  }
  return loaded;
}

async function readMetaFile(
  path: string,
  place: Place,
): Promise<{ readonly dependencies: readonly Located[]; readonly allowsDuplicates: boolean }> {
  const [file] = await findRoleFiles('meta', path, undefined, place);
  const root = file?.root;
  const nothing = { dependencies: [], allowsDuplicates: false };
  if (root === undefined || isNothing(root)) return nothing;
  const report = reportTo(place.play.loading);
  if (root.kind !== 'map') {
    report(root, 'bad-meta', 'meta/main.yml must be a mapping', 'write dependencies: with a list');
    return nothing;
  }
  const list = entryOf(root, 'dependencies')?.value;
  if (list && list.kind !== 'list' && !isNothing(list))
    report(list, 'not-a-list', '"dependencies" must be a list', 'begin each role with "- "');
  const specs = entryOf(root, 'argument_specs');
  if (specs)
    report(
      specs.key,
      'argument-specs',
      'argument specs of roles are not checked',
      'it has no effect here',
      'warning',
    );
  const allows = entryOf(root, 'allow_duplicates');
  const value = allows && typeNode(allows.value, place.play.loading);
  return {
    dependencies: list?.kind === 'list' ? list.items : [],
    allowsDuplicates:
      value === true || (typeof value === 'string' && /^(?:yes|true|on|1)$/i.test(value)),
  };
}

async function loadPart(
  part: 'tasks' | 'handlers',
  use: RoleUse,
  place: Place,
): Promise<readonly Entry[]> {
  const [file] = await findRoleFiles(part, place.role?.path ?? '', use, place);
  return file ? await loadTasksFile(file.path, `the ${part} of a role`, place) : [];
}
