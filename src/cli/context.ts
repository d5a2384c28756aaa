import type { Connect } from '../model/connection.ts';
import type { Value } from '../model/value.ts';
import type { Invocation } from '../store/store.ts';
import type { Flags } from './flags.ts';
import type { Io } from './io.ts';
import { loadSettings, type Settings } from './settings.ts';

/** What a command is given: the process, the flags and the project's settings; whatever it opens is closed at the end. */
export interface Context extends AsyncDisposable {
  readonly io: Io;
  readonly flags: Flags;
  readonly settings: Settings;
  /** How the command was asked for, to be kept with the run it makes. */
  readonly invocation: Invocation;
  /** Opens sessions in another way than the inventory says: into the root of an image that is being made. */
  readonly connect?: Connect;
  /** Closes something after the command, last opened first. */
  defer(close: () => Promise<void> | void): void;
}

/** Opens a context; reads only `lab.yaml`. */
export async function openContext(
  flags: Flags,
  io: Io,
  asked: Pick<Invocation, 'command' | 'args'>,
): Promise<Context> {
  const stack = new AsyncDisposableStack();
  return {
    io,
    flags,
    settings: await loadSettings(flags, io),
    invocation: { ...asked, options: plainOf(flags), cwd: io.cwd },
    defer: (close) => stack.defer(close),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** The values of flags as they are kept: those that were given or have a value of their own. */
function plainOf(flags: Flags): { readonly [name: string]: Value } {
  const given = Object.entries(flags).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as { readonly [name: string]: Value };
}
