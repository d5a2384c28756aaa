import { scrypt, timingSafeEqual } from 'node:crypto';

/** 32 MiB and about a tenth of a second for each guess (RFC 7914, 2). */
const cost = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 };
const hashBytes = 32;

/** The slow hash of a PIN as hex; `salt` is hex. */
export function hashPin(pin: string, salt: string): Promise<string> {
  return new Promise((done, fail) => {
    scrypt(pin, Buffer.from(salt, 'hex'), hashBytes, cost, (error, key) =>
      error ? fail(error) : done(key.toString('hex')),
    );
  });
}

/** Whether two hashes are the same, in a time that tells nothing. */
export function isSameHash(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one, 'hex'), Buffer.from(other, 'hex')];
  return a.length === hashBytes && a.length === b.length && timingSafeEqual(a, b);
}
