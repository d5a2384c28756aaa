import type { HostMemory, PlayMemory, RunMemory } from '../model/play-scope.ts';
import { type MakeScope, PendingValue, type ScopeParts } from '../model/play-scope.ts';
import { isLazy, isTemplate, makeLazy, type PlayValue, type Scope } from '../model/play-value.ts';
import { factLayer } from './fact-layer.ts';
import { hostValue } from './host-values.ts';
import { firstOf, type Layer, laterWins, layerOf, namesOf } from './layers.ts';
import { connectionLayer, hostMagicLayer, magicLayer, plainMagicLayer } from './magic-variables.ts';
import { roleLayers } from './role-layers.ts';

/**
 * Makes the scope of one task on one host, in Ansible's order of precedence (Ansible's documentation, "Understanding variable precedence"). Nothing is
 * merged or copied: a name is looked up rank by rank when it is asked for.
 */
export const makeScope: MakeScope = (parts) => {
  const layers = layersOf(parts);
  const folders = foldersOf(parts);
  const scope: Scope = {
    get: (name) => {
      if (name === 'vars') return allOf(scope);
      return name === 'ansible_search_path' ? folders : firstOf(layers, name);
    },
    names: () => namesOf(layers).add('vars').add('ansible_search_path'),
    folders,
  };
  return scope;
};

/** From the highest rank to the lowest. */
function layersOf(parts: ScopeParts): readonly Layer[] {
  const { run, host, play, task, local, pending } = parts;
  const roles = roleLayers(play, task?.role);
  return [
    loopLayer(parts),
    magicLayer(parts),
    hostvarsLayer(parts),
    layerOf(run.extraVars),
    layerOf(local ?? {}),
    roles.params,
    rememberedLayer(host, pending),
    laterWins(task?.keywords.vars ?? []),
    roles.vars,
    laterWins(play.varsFiles),
    layerOf(play.prompts),
    layerOf(play.play.vars),
    factLayer(host.facts, pending),
    inventoryLayer(host, run),
    roles.defaults,
    connectionLayer(host.host, task),
  ];
}

/** The variables a loop sets for its own task beat even extra variables. */
function loopLayer({ task, local = {} }: ScopeParts): Layer {
  const loop = task?.loop;
  const names = new Set(
    loop
      ? [loop.loopVar, loop.indexVar ?? '', 'ansible_loop', 'ansible_loop_var', 'ansible_index_var']
      : [],
  );
  return {
    get: (name) => (names.has(name) && Object.hasOwn(local, name) ? local[name] : undefined),
    names: () => [],
  };
}

/** What tasks left: `include_vars`, and above it `set_fact` and `register`. */
function rememberedLayer(host: HostMemory, pending: ReadonlySet<string> | undefined): Layer {
  const layer = laterWins([host.includedVars, host.setFacts]);
  if (pending === undefined || pending.size === 0) return layer;
  const isComing = (name: string) => name !== 'ansible_facts' && pending.has(name);
  return {
    get: (name) => {
      if (isComing(name)) throw new PendingValue(name);
      return layer.get(name);
    },
    names: () => [...layer.names(), ...pending],
  };
}

function inventoryLayer(host: HostMemory, run: RunMemory): Layer {
  const magic = hostMagicLayer({ host: host.host, run });
  return {
    get: (name) => magic.get(name) ?? hostValue(host.host, name, run),
    names: () => [...Object.keys(host.host.vars), ...magic.names()],
  };
}

function hostvarsLayer(parts: ScopeParts): Layer {
  const { run, host, play, pending } = parts;
  const hostvars = makeLazy(
    (name) => {
      const memory = run.hosts.get(name);
      const coming = name === host.host.name ? pending : undefined;
      return memory && allOf(plainScope(run, memory, play, coming), run);
    },
    () => [...run.hosts.keys()],
  );
  return {
    get: (name) => (name === 'hostvars' ? hostvars : undefined),
    names: () => ['hostvars'],
  };
}

/** What is known of a host whatever it is doing: no variables of play, roles and tasks. */
function plainScope(
  run: RunMemory,
  host: HostMemory,
  play: PlayMemory,
  pending: ReadonlySet<string> | undefined,
): Scope {
  const layers = [
    plainMagicLayer(run, play),
    layerOf(run.extraVars),
    rememberedLayer(host, pending),
    factLayer(host.facts, pending),
    inventoryLayer(host, run),
  ];
  return {
    get: (name) => firstOf(layers, name),
    names: () => namesOf(layers),
    folders: [play.playbookFolder],
  };
}

/** A whole scope as one mapping; with a run's templar, its values are rendered with the scope they come from. */
function allOf(scope: Scope, run?: RunMemory): PlayValue {
  return makeLazy(
    (name) => {
      const value = scope.get(name);
      return value !== undefined && run?.templar && holdsTemplate(value)
        ? run.templar.render(value, scope)
        : value;
    },
    () => [...scope.names()],
  );
}

function holdsTemplate(value: PlayValue): boolean {
  if (typeof value !== 'object' || value === null || isLazy(value)) return false;
  if (isTemplate(value)) return true;
  return Object.values(value).some((item: PlayValue) => holdsTemplate(item));
}

function foldersOf({ play, task }: ScopeParts): readonly string[] {
  const role = task?.role;
  const roles = role
    ? [role.path, ...(role.parentRoles ?? []).map(({ path }) => path).toReversed()]
    : [];
  return [...new Set([...roles, ...(task ? [task.folder] : []), play.playbookFolder])];
}
