import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Inventory } from '../../model/host.ts';
import type { Context } from '../context.ts';

const usual = ['id_ed25519.pub', 'id_ecdsa.pub', 'id_rsa.pub'];

/** The public halves of the keys that this project reaches its hosts with (authorized_keys lines): new systems accept these and no password. Those of the inventory and of --private-key, else the usual ones of this account. */
export async function loadTechnicianKeys(
  { flags, io }: Pick<Context, 'flags' | 'io'>,
  { hosts }: Inventory,
): Promise<string[]> {
  const own = hosts.map(({ connection }) => connection.keyFile);
  const named = [...new Set([...own, flags.privateKey])].filter((file) => file !== undefined);
  const home = io.env['HOME'] ?? homedir();
  const written = named.map((file) => `${resolve(io.cwd, file.replace(/^~(?=\/)/, home))}.pub`);
  const found = await readKeys(written);
  if (found.length > 0) return found;
  return readKeys(usual.map((file) => join(home, '.ssh', file)));
}

async function readKeys(files: readonly string[]): Promise<string[]> {
  const keys: string[] = [];
  for (const file of files) {
    const text = await readFile(file, 'utf8').catch(() => '');
    const line = text.trim();
    if (/^(?:ssh-|ecdsa-|sk-)[\w@.-]+ [\w+/=]+(?: [^\p{Cc}]*)?$/u.test(line)) keys.push(line);
  }
  return [...new Set(keys)];
}
