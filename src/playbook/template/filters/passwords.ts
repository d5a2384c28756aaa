import { anyText, intArgument } from '../arguments.ts';
import { type Context, grow } from '../context.ts';
import { cryptSha } from '../crypt-sha.ts';
import { bytesOf, hexOf } from '../encode.ts';
import { type Plugins, plugin } from '../plugin.ts';
import { fail } from '../values.ts';

const saltLetters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789./';

/** What Ansible uses where it is not told: the defaults of passlib 1.7. */
const defaultRounds = { sha512: 656_000, sha256: 535_000 } as const;

/** Draws letters by lot. */
export function drawText(letters: string, length: number, on: Context): string {
  grow(on.run, length);
  return Array.from({ length }, () =>
    letters.charAt(Math.floor(on.engine.effects.random() * letters.length)),
  ).join('');
}

/** A hash with a given salt is the same for every host, and takes a second. */
const made = new Map<string, string>();

interface Wish {
  readonly algorithm: 'sha256' | 'sha512';
  readonly password: string;
  readonly salt: string;
  readonly rounds: number;
}

/** Hashes a password as `password_hash` does. */
export function hashPassword({ algorithm, password, salt, rounds }: Wish, on: Context): string {
  const { digest } = on.engine.effects;
  const key = hexOf(digest('sha256', bytesOf(JSON.stringify([algorithm, password, salt, rounds]))));
  const before = made.get(key);
  if (before !== undefined) return before;
  const hash = cryptSha(algorithm, bytesOf(password), salt, rounds, digest);
  if (made.size > 1000) made.clear();
  made.set(key, hash);
  return hash;
}

/** Which algorithm a name stands for; the others are refused. */
export function cryptAlgorithm(name: string): 'sha256' | 'sha512' {
  if (name === 'sha512' || name === 'sha512_crypt') return 'sha512';
  if (name === 'sha256' || name === 'sha256_crypt') return 'sha256';
  return fail(`password_hash: ${name} is not supported; write sha512`);
}

/** Hashes a password with a drawn salt where none is given. */
export function hashWithSalt(
  algorithm: 'sha256' | 'sha512',
  password: string,
  salt: string | undefined,
  rounds: number | undefined,
  on: Context,
): string {
  const used = salt ?? drawText(saltLetters, 16, on);
  if (/[^./0-9A-Za-z]/.test(used)) fail('invalid characters in salt');
  if (used.length > 16) fail('invalid salt size: at most 16 characters');
  if (password.length > 4096) fail('a password of more than 4096 characters is not hashed');
  const count = rounds ?? defaultRounds[algorithm];
  if (count < 1000 || count > 999_999_999) fail('rounds must be between 1000 and 999999999');
  if (count > 10_000_000) fail('Labkit makes no hash of more than 10000000 rounds');
  return hashPassword({ algorithm, password, salt: used, rounds: count }, on);
}

export const passwordFilters: Plugins = {
  password_hash: plugin(
    'password hashtype= salt= salt_size= rounds= ident=',
    (on, [password, type = 'sha512', salt = null, size = null, rounds = null]) => {
      const given = salt === null || salt === '' ? undefined : anyText(salt);
      const drawn = size === null ? undefined : drawText(saltLetters, intArgument(size), on);
      return hashWithSalt(
        cryptAlgorithm(anyText(type)),
        anyText(password),
        given ?? drawn,
        rounds === null ? undefined : intArgument(rounds),
        on,
      );
    },
  ),
};
