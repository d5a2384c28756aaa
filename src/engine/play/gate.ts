import type { PlayRun } from './play-run.ts';

/** The gate between two waves: says why the next one may not start, or nothing. */
export async function judgeGate(batch: PlayRun): Promise<string | undefined> {
  const { rim, play, hosts } = batch;
  const policy = rim.waves ?? play.rings;
  if (!policy) return undefined;
  const bad = hosts.filter(({ name }) => batch.failed.has(name) || batch.lost.has(name)).length;
  const before = batch.badBefore + bad;
  if (before > policy.maxFailed)
    return `${before} hosts failed or were lost in the waves so far, ${policy.maxFailed} allowed`;
  if (policy.suite !== undefined) {
    const passing = hosts.filter(({ name }) => !batch.failed.has(name) && !batch.lost.has(name));
    const verdict = await rim.judgeSuite?.(
      policy.suite,
      passing.map(({ memory }) => memory.host),
    );
    if (!verdict) return `the suite ${policy.suite} could not be asked`;
    if (!verdict.passed) return `the suite ${policy.suite} did not pass: ${verdict.reason}`;
  }
  return rim.waves?.canaryOnly ? 'only the canary was asked for' : undefined;
}
