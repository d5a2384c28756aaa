import { findCommand } from './find-command.ts';
import type { Io } from './io.ts';

/** The whole program as one function: what was typed, and the process it runs in; answers the exit code and never throws. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  try {
    const found = await findCommand(argv, io.programFolder);
    if (found.kind === 'version') {
      io.stdout.write(`${await (await import('./version.ts')).readVersion(io.programFolder)}\n`);
      return 0;
    }
    if (found.kind === 'overview') {
      const { renderOverview } = await import('./overview.ts');
      io.stdout.write(await renderOverview(io.programFolder, found.group));
      return 0;
    }
    const { runCommand } = await import('./run-command.ts');
    return await runCommand(found, io);
  } catch (error) {
    const { showError } = await import('./show-error.ts');
    return showError(error, io, argv);
  }
}
