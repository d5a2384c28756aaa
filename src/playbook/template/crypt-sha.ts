import type { DigestName } from './effects.ts';

export type Digest = (algorithm: DigestName, bytes: Uint8Array) => Uint8Array;

const letters = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** The order in which the bytes of a SHA-512 digest are written (crypt(5), `$6$`). */
const order512 = rotations(21, [0, 21, 42], 63);
const order256 = rotations(10, [0, 10, 20], 31);

/** Groups of three bytes whose first, second and third trade places from group to group. */
function rotations(count: number, begin: readonly number[], last: number): number[][] {
  const groups: number[][] = [];
  let group = [...begin];
  for (let round = 0; round < count; round++) {
    groups.push(group);
    const [a = 0, b = 0, c = 0] = group;
    group = last === 63 ? [b + 1, c + 1, a + 1] : [c + 1, a + 1, b + 1];
  }
  groups.push(last === 63 ? [last] : [last, last - 1]);
  return groups;
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** A digest repeated and cut to a length. */
function stretch(digest: Uint8Array, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, at) => digest[at % digest.length] ?? 0);
}

/** The first digest of "Unix crypt using SHA-256 and SHA-512" (U. Drepper), steps 1 to 12. */
function firstDigest(
  password: Uint8Array,
  salt: Uint8Array,
  hash: (bytes: Uint8Array) => Uint8Array,
): Uint8Array {
  const alternate = hash(concat([password, salt, password]));
  const parts = [password, salt, stretch(alternate, password.length)];
  for (let bits = password.length; bits > 0; bits >>= 1)
    parts.push(bits & 1 ? alternate : password);
  return hash(concat(parts));
}

/** Hashes a password for /etc/shadow with SHA-256 (`$5$`) or SHA-512 (`$6$`), after the specification by U. Drepper. */
export function cryptSha(
  algorithm: 'sha256' | 'sha512',
  password: Uint8Array,
  salt: string,
  rounds: number,
  digest: Digest,
): string {
  const hash = (bytes: Uint8Array): Uint8Array => digest(algorithm, bytes);
  const saltBytes = new TextEncoder().encode(salt);
  let last = firstDigest(password, saltBytes, hash);
  const p = stretch(hash(repeat(password, password.length)), password.length);
  const s = stretch(hash(repeat(saltBytes, 16 + (last[0] ?? 0))), saltBytes.length);
  const mixers = makeMixers(p, s, last.length);
  for (let round = 0; round < rounds; round++) {
    const mixer = mixers[round % 42];
    if (!mixer) continue;
    for (const at of mixer.places) mixer.bytes.set(last, at);
    last = hash(mixer.bytes);
  }
  const shownRounds = rounds === 5000 ? '' : `rounds=${rounds}$`;
  return `$${algorithm === 'sha512' ? 6 : 5}$${shownRounds}${salt}$${encode(last, algorithm === 'sha512' ? order512 : order256)}`;
}

function repeat(bytes: Uint8Array, times: number): Uint8Array {
  return concat(Array.from({ length: times }, () => bytes));
}

interface Mixer {
  readonly bytes: Uint8Array;
  /** Where the last digest goes. */
  readonly places: readonly number[];
}

/** What a round hashes depends on its number by 2, 3 and 7 alone: 42 forms, made once. */
function makeMixers(p: Uint8Array, s: Uint8Array, size: number): Mixer[] {
  return Array.from({ length: 42 }, (_, round) => {
    const gap = new Uint8Array(size);
    const parts = [round & 1 ? p : gap];
    if (round % 3 !== 0) parts.push(s);
    if (round % 7 !== 0) parts.push(p);
    parts.push(round & 1 ? gap : p);
    let at = 0;
    const places: number[] = [];
    for (const part of parts) {
      if (part === gap) places.push(at);
      at += part.length;
    }
    return { bytes: concat(parts), places };
  });
}

/** Bytes in crypt's own base64: groups of three, the lowest six bits first. */
function encode(digest: Uint8Array, order: readonly (readonly number[])[]): string {
  return order
    .map((group) => {
      const bits = group.reduce((value, at) => (value << 8) | (digest[at] ?? 0), 0);
      const count = group.length === 3 ? 4 : group.length + 1;
      return Array.from({ length: count }, (_, at) => letters.charAt((bits >> (6 * at)) & 63)).join(
        '',
      );
    })
    .join('');
}
