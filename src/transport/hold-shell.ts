import { once } from 'node:events';
import type { Shell, ShellOptions } from '../model/connection.ts';
import type { Launched } from './launch.ts';
import { abortTrouble } from './reach.ts';
import type { Exit, Process } from './session.ts';

/** How long a shell gets to end by itself once its input is closed. */
const farewellMs = 2_000;
/** How long the output of a shell that has ended may be held open by what it left in the background. */
const afterExitMs = 500;

/** Holds a launched shell open. */
export function holdShell(
  where: string,
  launched: Launched,
  { onOutput, signal }: ShellOptions,
): Shell {
  const { process } = launched;
  const { stdin } = process;
  process.stdout.on('data', (bytes: Buffer) => onOutput('stdout', bytes));
  process.stderr.on('data', (bytes: Buffer) => {
    const own = launched.stderr(bytes);
    if (own.length > 0) onOutput('stderr', own);
  });
  // whoever writes to a shell that has ended learns it from `ended`
  stdin.on('error', () => {});
  const stopped = Promise.withResolvers<never>();
  const stop = () => {
    process.stop();
    if (signal) stopped.reject(abortTrouble(where, signal));
  };
  signal?.addEventListener('abort', stop, { once: true });
  const ended = Promise.race([endOf(process), stopped.promise]).then((exit) => {
    signal?.removeEventListener('abort', stop);
    if (signal?.aborted) throw abortTrouble(where, signal);
    launched.check();
    return exit;
  });
  const over = ended.then(
    () => {},
    () => {},
  );
  return {
    ended,
    async write(bytes) {
      await Promise.race([launched.ready, over]);
      if (stdin.destroyed || stdin.writableEnded || stdin.write(bytes)) return;
      await Promise.race([once(stdin, 'drain').catch(() => {}), over]);
    },
    async close() {
      stdin.end();
      if (await settlesWithin(over, farewellMs)) return;
      process.stop();
      // a killed `ssh` may leave its pipes to the session it shares, which is closed after this
      await settlesWithin(over, afterExitMs);
    },
  };
}

async function endOf(process: Process): Promise<Exit> {
  const left = process.exited.then(async (exit) => {
    await new Promise((resolve) => setTimeout(resolve, afterExitMs));
    process.stop();
    return exit;
  });
  return Promise.race([process.ended, left]);
}

/** Whether something settles in that time. */
async function settlesWithin(work: Promise<void>, limitMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, limitMs, false);
  });
  const settled = await Promise.race([work.then(() => true), late]);
  clearTimeout(timer);
  return settled;
}
