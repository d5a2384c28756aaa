import { appendFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { RunEvent } from '../model/event.ts';
import { LabError } from '../model/lab-error.ts';
import type { Context } from './context.ts';

/** Appends every event to `--log-file`, one JSON object a line; does nothing without the flag. */
export function openEventLog({ flags, io }: Context): (event: RunEvent) => void {
  if (flags.logFile === undefined) return () => {};
  const file = resolve(io.cwd, flags.logFile);
  return (event) => {
    try {
      appendFileSync(file, `${JSON.stringify(event)}\n`, { mode: 0o600 });
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      throw new LabError(
        'environment',
        `cannot write the log file ${file}: ${code}`,
        'choose another --log-file',
        { cause: error },
      );
    }
  };
}
