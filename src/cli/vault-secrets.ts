import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { LabError } from '../model/lab-error.ts';
import { openVault as openVaultWith, type VaultOpener } from '../store/open-vault.ts';
import type { VaultPassword } from '../store/vault.ts';
import type { Context } from './context.ts';
import type { Flags } from './flags.ts';
import type { Io } from './io.ts';
import { askSecret, readSecretFile } from './secrets.ts';

/** The vault of a command: opens with the passwords of its flags, and knows what it opened. */
export interface CommandVault extends VaultOpener {
  /** Everything opened so far that must be masked. */
  secrets(): readonly string[];
}

/** Gathers the passwords at once, so that questions come before any work. */
export async function openVault({
  flags,
  io,
}: Pick<Context, 'flags' | 'io'>): Promise<CommandVault> {
  const told = new Set<string>();
  const vault = openVaultWith(await loadVaultPasswords(flags, io), (secret) => told.add(secret));
  return { ...vault, secrets: () => [...told] };
}

type VaultFlags = Pick<Flags, 'vaultPasswordFile' | 'vaultId' | 'askVaultPass'>;

/** Words that Ansible takes as the source of a `--vault-id` for asking at the terminal. */
const promptWords = new Set(['prompt', 'prompt_ask_vault_pass']);

/**
 * Gathers the vault passwords the flags name, in their order, each with its label: `--vault-id LABEL@SOURCE`, `--vault-password-file`, `--ask-vault-pass`, and without any of
 * them LAB_VAULT_PASSWORD_FILE or ANSIBLE_VAULT_PASSWORD_FILE. Never from the command line itself. Throws LabError when one cannot be read or is empty.
 */
export async function loadVaultPasswords(flags: VaultFlags, io: Io): Promise<VaultPassword[]> {
  const passwords: VaultPassword[] = [];
  for (const word of flags.vaultId ?? []) passwords.push(await readVaultId(word, io));
  for (const file of flags.vaultPasswordFile ?? [])
    passwords.push(await readVaultFile('default', file, io));
  if (flags.askVaultPass === true) passwords.push(await askVaultPassword('default', io));
  const file = io.env['LAB_VAULT_PASSWORD_FILE'] ?? io.env['ANSIBLE_VAULT_PASSWORD_FILE'];
  if (passwords.length === 0 && file !== undefined && file !== '')
    passwords.push(await readVaultFile('default', file, io));
  return passwords;
}

/** Asks twice for a password that something will be encrypted with. */
export async function askNewVaultPassword(label: string, io: Io): Promise<VaultPassword> {
  const name = nameOf('new vault password', label);
  const first = await askSecret(name, io);
  if ((await askSecret(`${name}, again`, io)) !== first)
    throw new LabError('usage', 'the two passwords differ', 'nothing was changed; start again');
  return makePassword(label, first, 'what was typed');
}

/** Asks for a password that something was encrypted with. */
export async function askVaultPassword(label: string, io: Io): Promise<VaultPassword> {
  return makePassword(
    label,
    await askSecret(nameOf('vault password', label), io),
    'what was typed',
  );
}

/** Reads one `LABEL@SOURCE`, or a source without a label. */
export async function readVaultId(word: string, io: Io): Promise<VaultPassword> {
  const at = word.indexOf('@');
  const label = at > 0 ? word.slice(0, at) : 'default';
  const source = word.slice(at + 1);
  if (source === '')
    throw new LabError(
      'usage',
      `--vault-id ${word} names no source`,
      'write LABEL@FILE or LABEL@prompt',
    );
  return promptWords.has(source) ? askVaultPassword(label, io) : readVaultFile(label, source, io);
}

async function readVaultFile(label: string, file: string, io: Io): Promise<VaultPassword> {
  const path = resolve(io.cwd, file.replace(/^~(?=\/|$)/, io.env['HOME'] ?? homedir()));
  // Ansible tells a program the label only when its name says that it can be asked for one.
  const args = /-client(?:\.[^./]*)?$/.test(path) ? ['--vault-id', label] : [];
  return makePassword(label, (await readSecretFile(path, args)).trim(), file);
}

function makePassword(label: string, text: string, source: string): VaultPassword {
  if (text === '') throw new LabError('input', `the vault password from ${source} is empty`);
  if (text.startsWith('$ANSIBLE_VAULT;'))
    throw new LabError(
      'input',
      `the vault password file ${source} is encrypted itself`,
      'name a file with the password, or a program that prints it',
    );
  return { label, password: Buffer.from(text, 'utf8') };
}

function nameOf(what: string, label: string): string {
  return label === 'default' ? what : `${what} (${label})`;
}
