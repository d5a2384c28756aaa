/** A plain value as YAML, JSON and Ansible variables know it. */
export type Value =
  | null
  | boolean
  | number
  | string
  | readonly Value[]
  | { readonly [key: string]: Value };

/** Variables by name. Made by `makeVars`, so that a key such as `__proto__` is only a key. */
export type Vars = { readonly [name: string]: Value };

/** Collects entries into an object without a prototype; later entries win. */
export function makeVars(entries: Iterable<readonly [string, Value]> = []): Record<string, Value> {
  const vars: Record<string, Value> = Object.create(null);
  for (const [name, value] of entries) vars[name] = value;
  return vars;
}

/** True for a mapping (neither null, list nor scalar). */
export function isMapping(value: unknown): value is { readonly [key: string]: Value } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
