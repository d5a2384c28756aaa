import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

const folder = join(import.meta.dirname, '..', '..', 'src', 'imaging', 'deployment', 'target');

/** The shells a target's programs may be run by: that of the initramfs (busybox), and dash, which is stricter. */
export const targetShells: readonly { readonly name: string; readonly shell: string[] }[] = [
  { name: 'busybox', shell: ['busybox', 'sh'] },
  { name: 'dash', shell: ['dash'] },
].filter(({ name }) => ['/bin', '/usr/bin'].some((place) => existsSync(join(place, name))));

/** What a script came to. */
export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a script after the named parts of the target's program; words become $1, $2 and so on. */
export function runInTarget(
  shell: readonly string[],
  parts: readonly string[],
  script: string,
  words: readonly string[] = [],
  input: string | Uint8Array = '',
): Ran {
  const [program, args] = command(shell, parts, script, words);
  const { status, stdout, stderr } = spawnSync(program, args, {
    input,
    encoding: 'utf8',
    env: surroundings(),
  });
  return { status, stdout, stderr };
}

/** The same while this process goes on, to serve what the script asks for. */
export async function followInTarget(
  shell: readonly string[],
  parts: readonly string[],
  script: string,
  words: readonly string[],
): Promise<Ran> {
  const [program, args] = command(shell, parts, script, words);
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: surroundings() });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [status, stdout, stderr] = await Promise.all([
    ended,
    text(child.stdout),
    text(child.stderr),
  ]);
  return { status, stdout, stderr };
}

/** The words that run a script after the named parts of the target's program, for another network than this one. */
export function targetCommand(
  ...asked: Parameters<typeof command>
): readonly [string, ...string[]] {
  const [program, args] = command(...asked);
  return [program, ...args];
}

function command(
  [program = 'sh', ...args]: readonly string[],
  parts: readonly string[],
  script: string,
  words: readonly string[],
): [string, string[]] {
  const sources = parts.map((part) => `. '${join(folder, part)}.sh'`).join('\n');
  return [program, [...args, '-u', '-c', `${sources}\n${script}`, 'target', ...words]];
}

function surroundings(): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], LC_ALL: 'C' };
}
