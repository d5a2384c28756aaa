import {
  type Act,
  type Action,
  type Done,
  done,
  type ModuleResult,
  type Planned,
  type Prediction,
  type Ran,
} from '../../../model/module.ts';
import type { Vars } from '../../../model/value.ts';

/** Ends a task as failed with a sentence. */
export function fail(msg: string, values?: Vars): Done {
  return done({ changed: false, failed: true, msg, ...(values && { values }) });
}

/** What the first failed script printed, for a message: standard error, else standard output, else its exit code. */
export function complaintOf(ran: Ran): string {
  return ran.stderr.trim() || ran.stdout.trim() || `exit code ${String(ran.exitCode)}`;
}

interface Alteration {
  readonly actions: readonly Action[];
  /** What is reported when all went well, and in check mode. */
  readonly result: ModuleResult;
  readonly predict?: readonly Prediction[];
  /** The sentence for an action that failed (the how-manieth, from 0); default: what it printed. */
  failure?(ran: Ran, index: number): string;
  /** What a failure returns beside its sentence; default: the exit code as `rc`. */
  failureValues?(ran: Ran): Vars;
  /** Goes on from what the scripts printed; default: the result as expected. */
  next?(ran: readonly Ran[]): Planned;
}

/** An act that ends as expected unless one of its actions fails. */
export function alter(settings: Alteration): Act {
  const { actions, result, predict, failure = complaintOf, next } = settings;
  const valuesOf = settings.failureValues ?? (({ exitCode }: Ran) => ({ rc: exitCode }));
  return {
    kind: 'act',
    actions,
    expected: result,
    ...(predict && { predict }),
    read(ran) {
      const at = ran.findIndex(
        ({ exitCode }, index) => exitCode !== 0 && !isForgiven(actions[index]),
      );
      const broken = ran[at];
      if (broken !== undefined) return fail(failure(broken, at), valuesOf(broken));
      return next === undefined ? done(result) : next(ran);
    },
  };
}

function isForgiven(action: Action | undefined): boolean {
  return action?.kind === 'script' && action.mayFail === true;
}
