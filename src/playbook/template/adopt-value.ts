import type { Value } from '../../model/value.ts';
import { makeDict } from './dict.ts';
import type { Py } from './values.ts';

/** Plain data as templates see it; nothing in it is a template. */
export function adoptValue(value: Value): Py {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((item: Value) => adoptValue(item));
  return makeDict(
    Object.entries(value as { readonly [key: string]: Value }).map(
      ([key, item]) => [key, adoptValue(item)] as const,
    ),
  );
}
