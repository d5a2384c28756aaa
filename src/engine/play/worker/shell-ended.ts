import { LabError } from '../../../model/lab-error.ts';

/** A shell of a host that ended, or had to be ended, in the middle of a turn: the task's failure; the next one gets a new shell. */
export function shellEnded(why: string, printed: string): LabError {
  const last = printed.trim().split('\n').slice(-3).join('\n').slice(-500);
  return new LabError('failed', last === '' ? why : `${why}: ${last}`);
}
