import type { WavePolicy } from '../../model/plan.ts';

/** Minutes that a reinstallation is expected to take: the slowest host of each wave, as often as its hosts need to take turns. */
export function expectedMinutes(
  rows: readonly { readonly minutes: number }[],
  { sizes }: WavePolicy,
  forks: number,
): number {
  let at = 0;
  let total = 0;
  for (let wave = 0; at < rows.length; wave++) {
    const size = Math.max(1, sizes[wave] ?? sizes.at(-1) ?? rows.length);
    const own = rows.slice(at, at + size);
    total += Math.max(...own.map(({ minutes }) => minutes)) * Math.ceil(own.length / forks);
    at += size;
  }
  return total;
}
