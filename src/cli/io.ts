/** Where text goes: a terminal or a pipe. */
export interface Out {
  write(text: string | Uint8Array): void;
  readonly isTTY: boolean;
  /** Terminal size; undefined when it is no terminal. */
  columns(): number | undefined;
  rows(): number | undefined;
  /** Calls back when the terminal's size changes; returns how to stop listening. */
  onResize(listener: () => void): () => void;
}

/** Everything the program touches of the process it runs in, so that tests can run it whole: `main(argv, io)`. */
export interface Io {
  readonly stdout: Out;
  readonly stderr: Out;
  /** True when questions can be asked. */
  readonly interactive: boolean;
  readonly env: { readonly [name: string]: string | undefined };
  readonly cwd: string;
  /** Reads everything that is piped in; absent where nothing can be. */
  readonly readInput?: () => Promise<Uint8Array>;
  /** Where the program's own files are: the folder that has `cli/` and `catalog/` in it. */
  readonly programFolder: string;
  now(): number;
  /** Calls back at each Ctrl-C (SIGINT) or SIGTERM; returns how to stop listening. */
  onInterrupt(listener: () => void): () => void;
}
