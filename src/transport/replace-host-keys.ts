import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { LabError } from '../model/lab-error.ts';
import { parseKnownHosts } from './known-hosts.ts';
import { codeOf, messageOf } from './reach.ts';

const waiting = new Map<string, Promise<unknown>>();

/** Replaces the plain keys that our own known_hosts file has for a host by others (`ssh-ed25519 AAAA…`); every other line stays as it is. Only for a host whose new keys came with the secret of its installation. Throws LabError 'input' for keys that are none, 'environment' when the file cannot be written. */
export async function replaceHostKeys(
  file: string,
  alias: string,
  keys: readonly string[],
): Promise<void> {
  const name = alias.toLowerCase();
  const lines = keys.map((key) => `${name} ${key.trim().split(/\s+/).slice(0, 2).join(' ')}`);
  const read = parseKnownHosts(lines.join('\n'), '');
  if (read.length !== keys.length || read.length === 0 || !/^[\w.:[\]-]+$/.test(name))
    throw new LabError('input', `${alias}: what came as its host key is none`);
  // One after the other: hosts of a wave come up at the same time.
  const turn = (waiting.get(file) ?? Promise.resolve()).then(() => rewrite(file, name, lines));
  waiting.set(
    file,
    turn.catch(() => {}),
  );
  await turn;
}

async function rewrite(file: string, name: string, lines: readonly string[]): Promise<void> {
  for (let tries = 0; tries < 20; tries++) {
    const before = await readIfThere(file);
    const kept = before.split('\n').filter((line) => line !== '' && !isOf(line, name));
    if (await writeUnlessChanged(file, before, [...kept, ...lines, ''].join('\n'))) return;
  }
  throw new LabError('environment', `${file} is changed all the time by another program`);
}

function isOf(line: string, name: string): boolean {
  const [entry] = parseKnownHosts(line, '');
  return entry !== undefined && entry.marker === '' && entry.names.toLowerCase() === name;
}

async function readIfThere(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return '';
    throw trouble(file, error);
  }
}

/** Moves a whole new file into place, unless another process added a key meanwhile. */
async function writeUnlessChanged(file: string, before: string, text: string): Promise<boolean> {
  const beside = `${file}.new-${process.pid}`;
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    {
      await using handle = await open(beside, 'w', 0o600);
      await handle.writeFile(text);
      await handle.sync();
    }
    if ((await readIfThere(file)) !== before) return false;
    await rename(beside, file);
    return true;
  } catch (error) {
    if (error instanceof LabError) throw error;
    throw trouble(file, error);
  } finally {
    await rm(beside, { force: true });
  }
}

function trouble(file: string, cause: unknown): LabError {
  return new LabError(
    'environment',
    `cannot write ${file}: ${messageOf(cause)}`,
    'make the state folder writable, or choose another with --state',
    { cause },
  );
}
