import { exitCodes } from '../model/lab-error.ts';

/** What an exit code is made of; `runPlan` answers with this shape. */
export interface Ending {
  readonly totals: { readonly [outcome: string]: number };
  readonly outcome?: 'finished' | 'cancelled';
  readonly bugs?: readonly unknown[];
  /** Each host's result; those refused by a guard do not count as broken. */
  readonly hosts?: ReadonlyMap<string, { readonly refused: boolean }>;
}

/** The exit code of a run: the gravest that happened. Totals may also count verdicts. */
export function exitCodeOf(ending: Ending): number {
  const { totals, outcome, bugs = [], hosts } = ending;
  const count = (...words: string[]) => words.reduce((sum, word) => sum + (totals[word] ?? 0), 0);
  const refused = [...(hosts?.values() ?? [])].filter((host) => host.refused).length;
  if (bugs.length > 0) return exitCodes.bug;
  if (outcome === 'cancelled' || count('cancelled') > 0) return exitCodes.cancelled;
  if (count('failed', 'fail') > refused) return exitCodes.failed;
  if (refused > 0) return exitCodes.refused;
  return count('unreachable', 'unknown') > 0 ? exitCodes.unreachable : 0;
}
