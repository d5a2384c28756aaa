import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { LabError } from '../model/lab-error.ts';
import { messageOf } from './reach.ts';

/** Makes a function that adds lines to a file. Lines asked for at the same time travel in one write with O_APPEND and one fsync, so that writers in other processes never mix with them. Throws LabError 'environment' when the file cannot be written. */
export function appendLines(file: string): (line: string) => Promise<void> {
  let waiting: string[] = [];
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  const flush = async () => {
    const lines = waiting;
    waiting = [];
    next = undefined;
    await write(file, lines);
  };
  return (line) => {
    waiting.push(line);
    next ??= (running ?? Promise.resolve()).catch(() => {}).then(flush);
    running = next;
    return next;
  };
}

async function write(file: string, lines: readonly string[]): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await using handle = await open(file, 'a+', 0o600);
    const torn = await endsTorn(handle);
    await handle.write(Buffer.from(`${torn ? '\n' : ''}${lines.join('\n')}\n`));
    await handle.sync();
  } catch (error) {
    throw new LabError(
      'environment',
      `cannot write ${file}: ${messageOf(error)}`,
      'make the state folder writable, or choose another with --state',
      { cause: error },
    );
  }
}

async function endsTorn(handle: Awaited<ReturnType<typeof open>>): Promise<boolean> {
  const { size } = await handle.stat();
  if (size === 0) return false;
  const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer[0] !== 10;
}
