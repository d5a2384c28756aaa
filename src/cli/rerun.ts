import { resolve } from 'node:path';
import type { RunEvent } from '../model/event.ts';
import { LabError } from '../model/lab-error.ts';
import { foldPlayRecord } from '../report/play-record.ts';
import type { Invocation, Store } from '../store/store.ts';
import { loadEntry } from './catalog.ts';
import type { Context } from './context.ts';
import type { Command, CommandOptions } from './define-command.ts';
import type { Flags } from './flags.ts';
import { invokeCommand } from './run-command.ts';

/** How an earlier run was asked for; throws LabError 'usage' when nobody remembers. */
export function requireInvocation(store: Store, run: string): Invocation {
  const invocation = store.loadInvocation(run);
  if (invocation) return invocation;
  throw new LabError(
    'usage',
    `how the run ${run} was asked for is not known any more`,
    'ask for it anew',
  );
}

/** Hosts of a run that failed, were lost or were never begun, in the order of the run. */
export function unfinishedHosts(events: readonly RunEvent[]): string[] {
  const { hosts, ended, stats } = foldPlayRecord(events);
  return hosts
    .map(({ host }) => host)
    .filter((host) => {
      const outcome = ended.get(host)?.outcome;
      if (outcome !== undefined) return outcome !== 'ok' && outcome !== 'changed';
      const counts = stats.get(host);
      return !counts || counts.failures > 0 || counts.unreachable > 0;
    });
}

/** Options that were meant for the one run only. */
const passing = new Set(['resumeRun', 'inDoubt']);

/** Runs a command again as it was asked for, with some flags replaced; how it is shown is asked now. */
export async function rerun(
  { io, flags, settings }: Context,
  { command: name, args, options, cwd }: Invocation,
  changed: { readonly [name: string]: string | boolean },
): Promise<number> {
  const command = await loadEntry<Command>(io.programFolder, 'cli/commands', name);
  const kept = Object.entries(options).filter(([option]) => !passing.has(option));
  const values = {
    ...Object.fromEntries(kept),
    ...shownAs(flags, io.cwd),
    state: settings.stateFolder,
    ...changed,
  } as unknown as Flags & CommandOptions;
  const words = args.map((arg) => (arg === null ? undefined : (arg as string | string[])));
  return invokeCommand(command, { command: name, args: words }, values, { ...io, cwd });
}

/** Flags of the display that were given; paths are those of the folder one is in now. */
function shownAs(flags: Flags, cwd: string): Partial<Flags> {
  const { output, outputFile, lang, quiet, verbose, logFile, color } = flags;
  return {
    ...(output !== undefined && { output }),
    ...(outputFile !== undefined && { outputFile: resolve(cwd, outputFile) }),
    ...(lang !== undefined && { lang }),
    ...(quiet !== undefined && { quiet }),
    ...(verbose !== undefined && { verbose }),
    ...(logFile !== undefined && { logFile: resolve(cwd, logFile) }),
    ...(color !== 'auto' && { color }),
  };
}
