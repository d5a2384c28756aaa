import { execFile, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const config = join(import.meta.dirname, '..', 'fixtures', 'ansible.cfg');

/** Nothing of this machine's Ansible settings, and sets in one order, so that runs can be compared. */
const env = { ...process.env, ANSIBLE_CONFIG: config, PYTHONHASHSEED: '0', LC_ALL: 'C.UTF-8' };

/** Whether the real tool is here. Without it the comparison is skipped loudly, and fails where CI=true. */
export function hasTool(name: string): boolean {
  const isHere = spawnSync(name, ['--version'], { env }).status === 0;
  if (!isHere && process.env['CI'] === 'true')
    throw new Error(`${name} is missing: install ansible-core`);
  if (!isHere) console.warn(`SKIPPED: ${name} is missing, nothing was compared with Ansible`);
  return isHere;
}

/** What `ansible-inventory --list` says of inventories. */
export async function listWithAnsible(paths: readonly string[]): Promise<unknown> {
  const args = [...paths.flatMap((path) => ['-i', path]), '--list'];
  const { stdout } = await run('ansible-inventory', args, { env, maxBuffer: 64 * 1024 ** 2 });
  return JSON.parse(stdout);
}

/** The hosts Ansible would act on for a pattern, in its order; empty when it refuses. */
export async function selectWithAnsible(path: string, pattern: string): Promise<string[]> {
  const args = ['all', '-i', path, '--list-hosts', '--limit', pattern];
  const { stdout } = await run('ansible', args, { env }).catch(() => ({ stdout: '' }));
  return stdout
    .split('\n')
    .slice(1)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
