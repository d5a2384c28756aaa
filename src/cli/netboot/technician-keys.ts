import { readFile } from 'node:fs/promises';
import { homedir, userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import type { Inventory } from '../../model/host.ts';
import type { Context } from '../context.ts';
import type { Trouble } from './trouble.ts';

const usual = ['id_ed25519.pub', 'id_ecdsa.pub', 'id_rsa.pub'];

/** The public halves of the keys that this project reaches its hosts with (authorized_keys lines): new systems accept these and no password. Those of the inventory and of --private-key, else the usual ones of this account. */
export async function loadTechnicianKeys(
  { flags, io }: Pick<Context, 'flags' | 'io'>,
  { hosts }: Pick<Inventory, 'hosts'>,
): Promise<string[]> {
  const own = hosts.map(({ connection }) => connection.keyFile);
  const named = [...new Set([...own, flags.privateKey])].filter((file) => file !== undefined);
  const home = homeOf(io.env['HOME']);
  const written = named.map((file) => `${resolve(io.cwd, file.replace(/^~(?=\/)/, home))}.pub`);
  const found = await readKeys(written);
  if (found.length > 0) return found;
  return readKeys(usual.map((file) => join(home, '.ssh', file)));
}

/** Who gave root up acts as another account, whose home HOME does not name. */
function homeOf(named = homedir()): string {
  if (process.geteuid?.() === process.getuid?.()) return named;
  try {
    return userInfo().homedir;
  } catch {
    return named;
  }
}

const remedy =
  'name one key for everybody in the inventory (ansible_ssh_private_key_file; ssh-keygen -t ed25519 makes one), then start lab netboot serve anew';

/** What to say where new systems would let nobody in: they take keys and no password. */
export function describeNoKeys(given: readonly string[]): Trouble[] {
  if (given.length > 0) return [];
  return [
    { message: 'no public SSH key was found: new systems would let nobody in', hint: remedy },
  ];
}

/** Whether who holds the `own` keys gets into systems that are given others, such as those of the account that the boot service runs as. Where keys come from an agent it cannot be known. */
export function judgeKeys(
  given: readonly string[],
  own: readonly string[],
  hasAgent: boolean,
): Trouble[] {
  if (given.length === 0) return describeNoKeys(given);
  const bodies = new Set(given.map(bodyOf));
  if (hasAgent || own.some((key) => bodies.has(bodyOf(key)))) return [];
  const message = 'the boot service gives new systems SSH keys that are none of yours';
  return [{ message, hint: remedy }];
}

/** A key without the name that somebody gave it. */
const bodyOf = (key: string): string => key.split(' ').slice(0, 2).join(' ');

async function readKeys(files: readonly string[]): Promise<string[]> {
  const keys: string[] = [];
  for (const file of files) {
    const text = await readFile(file, 'utf8').catch(() => '');
    const line = text.trim();
    if (/^(?:ssh-|ecdsa-|sk-)[\w@.-]+ [\w+/=]+(?: [^\p{Cc}]*)?$/u.test(line)) keys.push(line);
  }
  return [...new Set(keys)];
}
