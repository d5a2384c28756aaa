import type { BootPinStore } from '../../model/boot-pin.ts';
import { hashPin, isSameHash } from './hash-pin.ts';

/** Checks what was typed on the screen of a PC against the PIN of its room; '' when it holds, else what to say. The answer does not tell a wrong PIN from a room that has none. `now` in milliseconds since 1970. */
export function openPinCheck(
  store: BootPinStore,
  now: () => number,
): (pin: string, room: string) => Promise<string> {
  return async (pin, room) => {
    const no = `This PIN does not open ${room === '' ? 'a PC without a room' : room}. After 5 wrong ones, or when its time is over, ask the technician for a new one.`;
    if (room === '' || !/^\d{4,12}$/.test(pin)) return no;
    const known = store.spendTry(room, now());
    if (!known) return no;
    const hash = await hashPin(pin, known.salt);
    if (!isSameHash(hash, known.hash)) return no;
    store.giveBack(known);
    return '';
  };
}
