import { isMapping, type Value, type Vars } from './value.ts';

/** One setting of a catalog entry: what it is for, its value when nothing is written, and how a written value is read. `read` returns the problem as text. */
export interface Option<T> {
  readonly summary: string;
  readonly fallback: T;
  read(value: Value): { readonly value: T } | { readonly problem: string };
}

/** The settings of a catalog entry, by name. */
export type OptionTable<O> = { readonly [K in keyof O]: Option<O[K]> };

/** A number within bounds. */
export function number(
  fallback: number,
  summary: string,
  bounds: { min?: number; max?: number } = {},
): Option<number> {
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = bounds;
  return {
    summary,
    fallback,
    read(value) {
      const found = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
      if (typeof found !== 'number' || !Number.isFinite(found))
        return { problem: 'write a number' };
      if (found < min || found > max) return { problem: `write a number from ${min} to ${max}` };
      return { value: found };
    },
  };
}

/** A text. */
export function text(fallback: string, summary: string): Option<string> {
  return {
    summary,
    fallback,
    read: (value) =>
      typeof value === 'string' || typeof value === 'number'
        ? { value: String(value) }
        : { problem: 'write a text' },
  };
}

/** Yes or no. */
export function flag(fallback: boolean, summary: string): Option<boolean> {
  return {
    summary,
    fallback,
    read: (value) => (typeof value === 'boolean' ? { value } : { problem: 'write true or false' }),
  };
}

/** A list of texts. */
export function texts(fallback: readonly string[], summary: string): Option<readonly string[]> {
  return {
    summary,
    fallback,
    read(value) {
      const items = Array.isArray(value) ? value : [value];
      const bad = items.some((item) => typeof item !== 'string' && typeof item !== 'number');
      return bad ? { problem: 'write a list of texts' } : { value: items.map(String) };
    },
  };
}

/** One of a few words. */
export function choice<T extends string>(
  fallback: T,
  words: readonly T[],
  summary: string,
): Option<T> {
  return {
    summary,
    fallback,
    read(value) {
      const found = words.find((word) => word === value);
      return found === undefined
        ? { problem: `write one of ${words.join(', ')}` }
        : { value: found };
    },
  };
}

/** Reads written settings over the fallbacks; unknown names and bad values come back as problems by name, all of them. */
export function readOptions<O>(
  table: OptionTable<O>,
  written: Vars,
): {
  readonly options: O;
  readonly problems: readonly { readonly name: string; readonly problem: string }[];
} {
  const problems: { name: string; problem: string }[] = [];
  const options: Record<string, unknown> = {};
  const known = table as { readonly [name: string]: Option<unknown> };
  for (const [name, option] of Object.entries(known)) options[name] = option.fallback;
  for (const [name, value] of Object.entries(isMapping(written) ? written : {})) {
    const option = Object.hasOwn(known, name) ? known[name] : undefined;
    if (!option) {
      problems.push({
        name,
        problem: `unknown setting; known are ${Object.keys(known).join(', ') || 'none'}`,
      });
      continue;
    }
    const result = option.read(value);
    if ('problem' in result) problems.push({ name, problem: result.problem });
    else options[name] = result.value;
  }
  return { options: options as O, problems };
}
