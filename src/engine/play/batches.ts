import { LabError } from '../../model/lab-error.ts';
import type { Value } from '../../model/value.ts';

/** Splits hosts into batches of the given sizes: numbers or percentages (rounded down, at least 1), the last size repeating; none means all at once. */
export function splitBatches<T>(hosts: readonly T[], serial: Value): readonly (readonly T[])[] {
  const sizes = (Array.isArray(serial) ? (serial as readonly Value[]) : [serial]).flatMap((size) =>
    size === null || size === '' ? [] : [sizeOf(size, hosts.length)],
  );
  if (hosts.length === 0) return [];
  const batches: T[][] = [];
  for (let at = 0; at < hosts.length; ) {
    const size = sizes[batches.length] ?? sizes.at(-1) ?? hosts.length;
    const length = size < 1 ? hosts.length - at : size;
    batches.push(hosts.slice(at, at + length));
    at += length;
  }
  return batches;
}

function sizeOf(size: Value, total: number): number {
  const text = String(size).trim();
  const percent = /^(\d+(?:\.\d+)?)%$/.exec(text)?.[1];
  if (percent !== undefined) return Math.max(1, Math.floor((total * Number(percent)) / 100));
  if (/^-?\d+$/.test(text)) return Number(text);
  throw new LabError(
    'input',
    `"${text}" is no batch size`,
    'write a number such as 5, or a part such as "20%"',
  );
}

/** Puts hosts into a play's order; `dice` answers a number from 0 up to 1. */
export function orderHosts<T extends { readonly name: string }>(
  hosts: readonly T[],
  order: 'inventory' | 'sorted' | 'reverse_sorted' | 'reverse_inventory' | 'shuffle',
  dice: () => number,
): readonly T[] {
  const byName = (a: T, b: T) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
  if (order === 'sorted') return hosts.toSorted(byName);
  if (order === 'reverse_sorted') return hosts.toSorted(byName).toReversed();
  if (order === 'reverse_inventory') return hosts.toReversed();
  if (order !== 'shuffle') return hosts;
  return hosts
    .map((host) => ({ host, at: dice() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ host }) => host);
}
