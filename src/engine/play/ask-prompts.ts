import type { PlayVars } from '../../model/play-value.ts';
import type { Play } from '../../model/playbook.ts';
import { makeVars, type Value } from '../../model/value.ts';
import type { WholeRun } from './play-run.ts';
import { scopeOfPlay } from './target-plays.ts';

/** Asks a play's `vars_prompt`, but not for what was given with `-e`. Without a terminal the fallback is taken, else nothing. */
export async function askPrompts(run: WholeRun, play: Play, folder: string): Promise<PlayVars> {
  const answers: Record<string, Value> = makeVars();
  for (const question of play.varsPrompt) {
    if (run.state.extraVars[question.name] !== undefined) continue;
    const typed = await run.rim.prompt?.(question);
    const fallback = question.fallback ?? '';
    answers[question.name] =
      typed !== undefined && typed !== ''
        ? typed
        : run.rim.templar.render(fallback, scopeOfPlay(run, play, { playbookFolder: folder }));
  }
  return answers;
}
