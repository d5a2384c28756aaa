import type { AnyModule } from '../model/module.ts';
import { hintFor } from './hint-for.ts';

/** Modules by every short name. */
export interface ModuleIndex {
  readonly byName: ReadonlyMap<string, AnyModule>;
}

/** What the engine does itself. */
export const specialWords = [
  'include_tasks',
  'import_tasks',
  'include_role',
  'import_role',
  'meta',
] as const;
export type SpecialWord = (typeof specialWords)[number];

/** What a word at a task stands for. */
export type Action =
  | { readonly kind: 'module'; readonly module: AnyModule; readonly name: string }
  | { readonly kind: 'special'; readonly word: SpecialWord; readonly name: string }
  | {
      readonly kind: 'refused';
      readonly rule: string;
      readonly message: string;
      readonly hint: string;
    };

/** Finds modules by short names and aliases. */
export function indexModules(modules: ReadonlyMap<string, AnyModule>): ModuleIndex {
  const byName = new Map<string, AnyModule>();
  for (const module of modules.values())
    for (const name of [module.name, ...(module.aliases ?? [])]) byName.set(name, module);
  return { byName };
}

const ownCollections = ['ansible.builtin', 'ansible.legacy', 'ansible.posix', 'community.general'];

/** What a word at a task means; undefined when no module is known by it. */
export function resolveAction(word: string, index: ModuleIndex): Action | undefined {
  const dot = word.lastIndexOf('.');
  const [collection, short] = [word.slice(0, Math.max(0, dot)), word.slice(dot + 1)];
  const isBuiltin = ['', 'ansible.builtin', 'ansible.legacy'].includes(collection);
  if (short.startsWith('win_') || collection.endsWith('.windows')) return refuseWindows(word);
  if (isBuiltin && (specialWords as readonly string[]).includes(short))
    return { kind: 'special', word: short as SpecialWord, name: `ansible.builtin.${short}` };
  const instead = legacyWords.get(short);
  if (isBuiltin && instead !== undefined)
    return refuse('removed-word', `"${word}" cannot stand here`, instead);
  const module = index.byName.get(short);
  if (module && (isBuiltin || module.collection === collection))
    return { kind: 'module', module, name: `${module.collection}.${module.name}` };
  if (module && collection !== '')
    return refuse(
      'unknown-module',
      `there is no module "${word}"`,
      `write ${module.collection}.${module.name}`,
    );
  return collection === '' ? undefined : refuseForeign(word, collection, short, index);
}

const legacyWords = new Map([
  [
    'include',
    'write import_tasks (read with the playbook) or include_tasks (read when it is reached)',
  ],
  ['import_playbook', 'import_playbook stands beside the plays, not among tasks'],
]);

function refuse(rule: string, message: string, hint: string): Action {
  return { kind: 'refused', rule, message, hint };
}

function refuseWindows(word: string): Action {
  return refuse(
    'windows-module',
    `"${word}" is a module for Windows`,
    'Windows comes later: give Windows hosts a play of their own and leave it out for now',
  );
}

function refuseForeign(
  word: string,
  collection: string,
  short: string,
  index: ModuleIndex,
): Action {
  if (ownCollections.includes(collection)) {
    const hint = hintFor(short, index.byName.keys(), noModuleHint);
    return refuse('unknown-module', `there is no module "${word}"`, hint);
  }
  return refuse(
    'unknown-collection',
    `the collection ${collection} of "${word}" is not supported`,
    `Labkit has modules of ${ownCollections.filter((name) => name !== 'ansible.legacy').join(', ')}`,
  );
}

/** What to do when no module comes near. */
export const noModuleHint = 'Labkit has no such module; command or shell may do the same';
