import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { isMapping, type Value } from '../../src/model/value.ts';

const run = promisify(execFile);
const config = join(import.meta.dirname, '..', 'fixtures', 'ansible.cfg');

/** Writes files (by path below the folder; JSON is YAML, too) that a playbook is made of. */
export async function writeProject(
  folder: string,
  files: { readonly [path: string]: unknown },
): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    const text = typeof content === 'string' ? content : JSON.stringify(content, null, 1);
    await writeFile(file, text, { mode: text.startsWith('#!') ? 0o755 : 0o644 });
  }
}

/** Runs the real ansible-playbook in a folder and answers the `msg` of every task of a host that has one, in order. */
export async function messagesOf(
  folder: string,
  args: readonly string[],
  host = 'pc1',
): Promise<readonly Value[]> {
  const env = {
    ...process.env,
    ANSIBLE_CONFIG: config,
    ANSIBLE_STDOUT_CALLBACK: 'ansible.builtin.json',
    ANSIBLE_LOCALHOST_WARNING: '0',
    LC_ALL: 'C.UTF-8',
    // Some of its lists come from sets, whose order Python draws anew for every process.
    PYTHONHASHSEED: '0',
  };
  const { stdout } = await run('ansible-playbook', args, {
    cwd: folder,
    env,
    maxBuffer: 64 * 1024 ** 2,
  });
  return messagesIn(JSON.parse(stdout.slice(stdout.search(/^\{/m))) as Value, host);
}

function messagesIn(report: Value, host: string): readonly Value[] {
  const tasks = listAt(report, 'plays').flatMap((play) => listAt(play, 'tasks'));
  return tasks.flatMap((task) => {
    const hosts = isMapping(task) ? task['hosts'] : null;
    const result = isMapping(hosts) ? hosts[host] : null;
    return isMapping(result) && result['msg'] !== undefined ? [result['msg']] : [];
  });
}

function listAt(value: Value, key: string): readonly Value[] {
  const found = isMapping(value) ? value[key] : null;
  return Array.isArray(found) ? (found as readonly Value[]) : [];
}
