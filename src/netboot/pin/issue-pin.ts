import { randomBytes, randomInt } from 'node:crypto';
import type { BootPinStore } from '../../model/boot-pin.ts';
import { hashPin } from './hash-pin.ts';

/** Wrong PINs that may be typed before a room's PIN is over. */
export const pinTries = 5;
const pinDigits = 6;

/** Makes a fresh PIN for a room, in place of the one it had. What is returned is the only copy. */
export async function issuePin(
  store: BootPinStore,
  wish: {
    readonly room: string;
    readonly minutes: number;
    readonly who: string;
    /** Milliseconds since 1970. */
    readonly now: number;
  },
): Promise<{ readonly pin: string; readonly expiresAt: number }> {
  const pin = String(randomInt(10 ** pinDigits)).padStart(pinDigits, '0');
  const salt = randomBytes(16).toString('hex');
  const expiresAt = wish.now + wish.minutes * 60_000;
  const hash = await hashPin(pin, salt);
  const made = { madeAt: wish.now, madeBy: wish.who };
  store.save({ room: wish.room, salt, hash, expiresAt, triesLeft: pinTries, ...made });
  return { pin, expiresAt };
}
