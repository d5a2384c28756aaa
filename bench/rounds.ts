/** Runs the contenders of one comparison in turn, round after round. */
import type { Sim } from '../sim/types.ts';
import { measure } from './measure.ts';
import { type Busyness, openPatience } from './quiet.ts';
import { foldSamples, judgeGoal, type Verdict } from './statistics.ts';
import type { Comparison, Contender, Medians, Prepared, Sample } from './types.ts';

/** What a comparison came to. */
export interface Outcome {
  readonly name: string;
  readonly title: string;
  readonly rounds: number;
  readonly medians: ReadonlyMap<string, Medians>;
  readonly samples: ReadonlyMap<string, readonly Sample[]>;
  /** Contenders that did not do their work in every round, and what they said. */
  readonly failures: ReadonlyMap<string, string>;
  readonly verdicts: readonly Verdict[];
  readonly busyness: readonly Busyness[];
  readonly notes: readonly string[];
}

/** What rounds need from outside. */
export interface RoundRim {
  readonly sim: Sim;
  readonly scratch: string;
  readonly env: Readonly<Record<string, string>>;
  readonly tell: (line: string) => void;
}

/** One round to warm up, then `rounds` of A B C A B C: whatever else the machine does meets all of them alike. A contender that fails once is out. */
export async function runRounds(
  comparison: Comparison,
  prepared: Prepared,
  wanted: number,
  rim: RoundRim,
): Promise<Outcome> {
  const rounds = wanted * (prepared.roundsTimes ?? 1);
  const samples = new Map<string, Sample[]>(prepared.contenders.map(({ name }) => [name, []]));
  const failures = new Map<string, string>();
  const busyness: Busyness[] = [];
  const waitForQuiet = openPatience();
  const runOnce = async (contender: Contender): Promise<Sample | undefined> => {
    try {
      return await measure(rim.sim, contender, rim.scratch, rim.env);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      failures.set(contender.name, why);
      rim.tell(`${comparison.name}: ${contender.name} FAILED: ${why}`);
      return undefined;
    }
  };
  for (let round = 0; round <= rounds; round++) {
    busyness.push(await waitForQuiet());
    for (const contender of prepared.contenders) {
      const sample = failures.has(contender.name) ? undefined : await runOnce(contender);
      if (sample && round > 0) samples.get(contender.name)?.push(sample);
    }
    rim.tell(`${comparison.name}: ${round === 0 ? 'warmed up' : `round ${round} of ${rounds}`}`);
  }
  const { name, title } = comparison;
  const complete = [...samples].filter(([contender]) => !failures.has(contender));
  const medians = new Map(complete.map(([contender, all]) => [contender, foldSamples(all)]));
  const verdicts = prepared.goals.map((goal) => judgeGoal(goal, medians));
  const notes = prepared.notes ?? [];
  return { name, title, rounds, medians, samples, failures, verdicts, busyness, notes };
}
