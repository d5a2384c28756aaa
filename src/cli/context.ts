import type { Flags } from './flags.ts';
import type { Io } from './io.ts';
import { loadSettings, type Settings } from './settings.ts';

/** What a command is given: the process, the flags and the project's settings; whatever it opens is closed at the end. */
export interface Context extends AsyncDisposable {
  readonly io: Io;
  readonly flags: Flags;
  readonly settings: Settings;
  /** Closes something after the command, last opened first. */
  defer(close: () => Promise<void> | void): void;
}

/** Opens a context; reads only `lab.yaml`. */
export async function openContext(flags: Flags, io: Io): Promise<Context> {
  const stack = new AsyncDisposableStack();
  return {
    io,
    flags,
    settings: await loadSettings(flags, io),
    defer: (close) => stack.defer(close),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}
