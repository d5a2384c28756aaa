import { chmod, readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { LabError } from '../model/lab-error.ts';
import { decryptVault, isVaultText, type VaultPassword } from '../store/vault.ts';
import { hashOf, writeFileWhole } from '../store/write-file.ts';
import type { Context } from './context.ts';
import { askNewVaultPassword, askVaultPassword, loadVaultPasswords } from './vault-secrets.ts';

type Rim = Pick<Context, 'flags' | 'io'>;

/** A file that holds a secret, as it was read. */
export interface SecretFile {
  /** As it was named. */
  readonly name: string;
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly isVault: boolean;
}

/** Reads a file whole; throws LabError 'usage' when it cannot be read. */
export async function readSecret(name: string, { io }: Rim): Promise<SecretFile> {
  const path = resolve(io.cwd, name);
  try {
    const bytes = await readFile(path);
    return { name, path, bytes, isVault: isVaultText(bytes.subarray(0, 64).toString('latin1')) };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new LabError('usage', `cannot read ${name}: ${code}`, 'check the path', { cause: error });
  }
}

/** Reads files that must be encrypted, or must not be; all are looked at before anything is changed. */
export async function readSecrets(
  names: readonly string[],
  rim: Rim,
  wish: 'encrypted' | 'plain',
): Promise<SecretFile[]> {
  const files = await Promise.all([...new Set(names)].map((name) => readSecret(name, rim)));
  const strange = files.find(({ isVault }) => isVault !== (wish === 'encrypted'));
  if (strange)
    throw new LabError(
      'input',
      `${strange.name} is ${strange.isVault ? 'encrypted already' : 'not encrypted'}; nothing was changed`,
    );
  return files;
}

/** Replaces a secret's file whole, for its owner only (0600), unless somebody else changed it meanwhile. */
export async function saveSecret(file: SecretFile, content: string | Uint8Array): Promise<void> {
  // Before the content: nobody else may read a file at the moment it becomes plain.
  await chmod(file.path, 0o600);
  await writeFileWhole(file.path, content, { mode: 0o600, expectedHash: hashOf(file.bytes) });
}

/** What a file hides and the password that opened it. */
export function openSecret(
  file: SecretFile,
  passwords: readonly VaultPassword[],
): { readonly plain: Uint8Array; readonly password: VaultPassword } {
  return decryptVault(Buffer.from(file.bytes).toString('latin1'), passwords, file.name);
}

/** The passwords of the flags; without any, one is asked for at the terminal. */
export async function passwordsToOpen({ flags, io }: Rim): Promise<VaultPassword[]> {
  const passwords = await loadVaultPasswords(flags, io);
  if (passwords.length > 0 || !io.interactive) return passwords;
  return [await askVaultPassword('default', io)];
}

/** The password to encrypt with: the one with the label that was asked for, else the first; without any, a new one is asked for. Throws LabError 'usage'. */
export async function passwordToSeal(rim: Rim, label?: string): Promise<VaultPassword> {
  const { flags, io } = rim;
  const isAsked = flags.askVaultPass === true && (flags.vaultId ?? []).length === 0;
  const passwords = isAsked
    ? [await askNewVaultPassword(label ?? 'default', io)]
    : await loadVaultPasswords(flags, io);
  if (passwords.length === 0 && io.interactive) return askNewVaultPassword(label ?? 'default', io);
  const chosen = passwords.find((password) => label === undefined || password.label === label);
  if (chosen) return chosen;
  throw passwords.length === 0
    ? new LabError('usage', 'no vault password was given', 'use --vault-password-file FILE')
    : new LabError(
        'usage',
        `no vault password has the label ${label}`,
        'name it: --vault-id LABEL@FILE',
      );
}
