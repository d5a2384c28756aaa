import type { Context } from './context.ts';

/** A flag as commander writes it, what it is for, and its value when it is not given; with a list as that, the flag may be given several times. */
export type FlagLine = readonly [
  flags: string,
  summary: string,
  fallback?: string | readonly string[],
];

/** Which families of flags a command's help shows; all commands accept all of them but `vault` and `vars`, which only those accept that name them. */
export type FlagFamily =
  | 'inventory'
  | 'output'
  | 'connection'
  | 'run'
  | 'confirm'
  | 'project'
  | 'vault'
  | 'vars';

/** One command of `lab`; its file under `commands/` is named after it: `inventory list` is `inventory-list.ts`. */
export interface Command {
  /** Words and arguments, such as `inventory show <host>`. */
  readonly syntax: string;
  readonly summary: string;
  /** More about it, for its own help. */
  readonly description?: string;
  readonly options?: readonly FlagLine[];
  readonly families: readonly FlagFamily[];
  /** Real command lines, without `lab`. */
  readonly examples: readonly string[];
  /** Does the work; the number is the exit code. Optional arguments left out arrive as undefined, `...` ones as a list. */
  run(
    context: Context,
    args: readonly (string | string[] | undefined)[],
    options: CommandOptions,
  ): Promise<number>;
}

/** Values of a command's own flags by camel-case name. */
export type CommandOptions = {
  readonly [name: string]: string | boolean | readonly string[] | undefined;
};

/** Declares a command; exists so that the type is checked where the command is written. */
export function defineCommand(command: Command): Command {
  return command;
}
