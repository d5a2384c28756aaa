import { LabError } from '../../../model/lab-error.ts';

/** A shell of a host that ended, or had to be ended, in the middle of a turn: the task's failure; the next one gets a new shell. */
export function shellEnded(why: string, printed: string): LabError {
  const last = printed.trim().split('\n').slice(-3).join('\n').slice(-500);
  return new LabError('failed', last === '' ? why : `${why}: ${last}`);
}

/** An answer of a host that is not what its shell was told to print. */
export function unreadable(): LabError {
  return new LabError('failed', 'the shell of the host did not answer what it was asked');
}
