import type { PlayValue } from '../model/play-value.ts';

/** Some variables of a scope: looked up by name, never merged. `get` answers undefined for a name it does not have. */
export interface Layer {
  get(name: string): PlayValue | undefined;
  names(): Iterable<string>;
}

type Record = { readonly [name: string]: PlayValue };

/** Variables that are there as they are; a key of an object's prototype is no variable. */
export function layerOf(vars: Record): Layer {
  return {
    get: (name) => (Object.hasOwn(vars, name) ? vars[name] : undefined),
    names: () => Object.keys(vars),
  };
}

/** Several sets of variables of one rank; the later ones win. */
export function laterWins(sets: readonly (Record | undefined)[]): Layer {
  return {
    get: (name) => {
      for (let at = sets.length - 1; at >= 0; at -= 1) {
        const vars = sets[at];
        if (vars !== undefined && Object.hasOwn(vars, name)) return vars[name];
      }
      return undefined;
    },
    names: () => sets.flatMap((vars) => (vars ? Object.keys(vars) : [])),
  };
}

/** The value from the first layer that has one. */
export function firstOf(layers: readonly Layer[], name: string): PlayValue | undefined {
  for (const layer of layers) {
    const value = layer.get(name);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** The names of all layers, each once. */
export function namesOf(layers: readonly Layer[]): Set<string> {
  const names = new Set<string>();
  for (const layer of layers) for (const name of layer.names()) names.add(name);
  return names;
}
