import { join } from 'node:path';
import type { Io, Out } from '../../src/cli/io.ts';
import { main } from '../../src/cli/main.ts';

/** What a command line left behind. */
export interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where and how a command line is run. */
export interface Setting {
  readonly cwd: string;
  readonly env?: { readonly [name: string]: string };
  /** Terminal size; none for a pipe. */
  readonly columns?: number;
  readonly rows?: number;
  readonly nowMs?: number;
  /** What is piped in. */
  readonly input?: string;
}

/** Runs the whole program in this process, with its output kept as text. */
export async function runLab(args: readonly string[], setting: Setting): Promise<Ran> {
  // Paths in reports count from the current folder, as they do for a person at a shell.
  process.chdir(setting.cwd);
  const stdout = openMemory(setting);
  const stderr = openMemory(setting);
  const io: Io = {
    stdout,
    stderr,
    interactive: false,
    env: { HOME: setting.cwd, PATH: process.env['PATH'], ...setting.env },
    cwd: setting.cwd,
    programFolder: join(import.meta.dirname, '..', '..', 'src'),
    readInput: async () => Buffer.from(setting.input ?? '', 'utf8'),
    now: () => setting.nowMs ?? Date.now(),
    onInterrupt: () => () => {},
  };
  const exitCode = await main(args, io);
  return { exitCode, stdout: stdout.text(), stderr: stderr.text() };
}

function openMemory({ columns, rows }: Setting): Out & { text(): string } {
  const pieces: Uint8Array[] = [];
  return {
    write: (text) => {
      pieces.push(Buffer.from(text));
    },
    isTTY: columns !== undefined,
    columns: () => columns,
    rows: () => rows,
    onResize: () => () => {},
    text: () => Buffer.concat(pieces).toString('utf8'),
  };
}
