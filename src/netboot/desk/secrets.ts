import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** Letters and digits that nobody takes for another when read from a screen across a room. */
const codeLetters = 'ACDEFHJKMNPRTVWXY34679';
const codeLength = 4;

type RandomBytes = (count: number) => Uint8Array;

/** A new token: 32 random bytes as base64url. */
export function makeToken(randomBytes: RandomBytes): string {
  return Buffer.from(randomBytes(32)).toString('base64url');
}

/** A code of four characters for a screen, different from those in use. */
export function makeCode(randomBytes: RandomBytes, used: ReadonlySet<string>): string {
  const fair = Math.floor(256 / codeLetters.length) * codeLetters.length;
  for (;;) {
    const letters = [...randomBytes(32)]
      .filter((byte) => byte < fair)
      .map((byte) => codeLetters[byte % codeLetters.length]);
    const code = letters.slice(0, codeLength).join('');
    if (code.length === codeLength && !used.has(code)) return code;
  }
}

/** SHA-256 of a text, hex. */
export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Compares two hashes without telling by its duration where they differ; empty ones never fit. */
export function sameHash(one: string, other: string): boolean {
  if (one === '' || one.length !== other.length) return false;
  return timingSafeEqual(Buffer.from(one), Buffer.from(other));
}

/** The session secret of whoever read the answers with a token. Made from both, so that a reader that lost the reply gets the same one again while the store keeps hashes only. */
export function makeSession(token: string, nonce: string): string {
  return createHmac('sha256', token).update(`session ${nonce}`).digest('base64url');
}
