import type { PlayStats, TaskFinished } from './event.ts';

export const noStats: PlayStats = {
  ok: 0,
  changed: 0,
  unreachable: 0,
  failures: 0,
  skipped: 0,
  rescued: 0,
  ignored: 0,
};

/** What one finished task adds to its host's line of the recap, as Ansible counts: what is changed or ignored is ok as well. */
export function countsOf({
  outcome,
  ignored,
  rescued,
}: Pick<TaskFinished, 'outcome' | 'ignored' | 'rescued'>): readonly (keyof PlayStats)[] {
  if (outcome === 'changed') return ['ok', 'changed'];
  if (outcome === 'skipped') return ['skipped'];
  if (outcome === 'unreachable') return ignored ? ['skipped', 'ignored'] : ['unreachable'];
  if (outcome !== 'failed') return ['ok'];
  if (ignored) return ['ok', 'ignored'];
  return rescued ? ['rescued'] : ['failures'];
}

/** A line of the recap after one more task. */
export function addCounts(stats: PlayStats, names: readonly (keyof PlayStats)[]): PlayStats {
  return { ...stats, ...Object.fromEntries(names.map((name) => [name, stats[name] + 1])) };
}
