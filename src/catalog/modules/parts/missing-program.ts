import { type Call, done, type Planned } from '../../../model/module.ts';
import { fail } from './outcome.ts';

/** A program is not on the host: the task's failure, unless check mode foresees packages, one of which may bring it. */
export function missingProgram(call: Call, message: string): Planned {
  return call.checkMode && call.predictsAny('package:')
    ? done({ changed: true, changes: [`foreseen, as nobody can look yet: ${message}`] })
    : fail(message);
}
