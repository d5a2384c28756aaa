import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

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
  const sources = parts.map((part) => `. '${join(folder, part)}.sh'`).join('\n');
  const [program = 'sh', ...args] = shell;
  const { status, stdout, stderr } = spawnSync(
    program,
    [...args, '-u', '-c', `${sources}\n${script}`, 'target', ...words],
    { input, encoding: 'utf8', env: { PATH: process.env['PATH'], LC_ALL: 'C' } },
  );
  return { status, stdout, stderr };
}
