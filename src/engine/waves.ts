import type { Host } from '../model/host.ts';
import type { WavePolicy } from '../model/plan.ts';
import type { HostResult } from './run-host.ts';

/** Splits hosts into waves: the sizes in order, the last one repeating; without a policy all hosts are one wave. */
export function splitWaves(
  hosts: readonly Host[],
  policy: WavePolicy | undefined,
): readonly (readonly Host[])[] {
  const waves: Host[][] = [];
  const sizes = policy?.sizes.filter((size) => size >= 1).map(Math.floor) ?? [];
  let at = 0;
  while (at < hosts.length) {
    const size = sizes[waves.length] ?? sizes.at(-1) ?? hosts.length;
    waves.push(hosts.slice(at, at + size));
    at += size;
  }
  return waves;
}

/** Says why no further wave may start, or nothing. A host lost in the middle of its work counts as failed; one that is merely off does not. */
export function stopsNextWave(
  results: ReadonlyMap<string, HostResult>,
  policy: WavePolicy | undefined,
): string | undefined {
  if (!policy) return undefined;
  const failed = [...results.values()].filter(
    ({ outcome, reached }) => outcome === 'failed' || (outcome === 'unreachable' && reached),
  ).length;
  const { maxFailed, maxFailPercentage: percent } = policy;
  const allowed = percent === undefined ? maxFailed : (results.size * percent) / 100;
  if (failed <= allowed) return undefined;
  const said = percent === undefined ? `${maxFailed} allowed` : `${percent} % allowed`;
  return `not started: ${failed} failed in the waves before, ${said}`;
}
