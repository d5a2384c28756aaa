import type { BootPin, BootPinStore } from '../model/boot-pin.ts';
import type { Database, Row } from './database.ts';

/** PINs of the boot menu in the state database. */
export function openBootPins(database: Database): BootPinStore {
  return {
    save: ({ room, salt, hash, expiresAt, triesLeft, madeAt, madeBy }) =>
      database.transaction(() => {
        database.run('DELETE FROM boot_pins WHERE room = ?', room);
        database.run(
          'INSERT INTO boot_pins (room, salt, hash, expires_at, tries_left, made_at, made_by) VALUES (?, ?, ?, ?, ?, ?, ?)',
          ...[room, salt, hash, expiresAt, triesLeft, madeAt, madeBy],
        );
      }),
    spendTry: (room, now) =>
      database.transaction(() => {
        const [row] = database.all(
          'SELECT * FROM boot_pins WHERE room = ? AND expires_at > ? AND tries_left > 0',
          ...[room, now],
        );
        if (!row) return undefined;
        database.run('UPDATE boot_pins SET tries_left = tries_left - 1 WHERE room = ?', room);
        const pin = toPin(row);
        return { ...pin, triesLeft: pin.triesLeft - 1 };
      }),
    giveBack: ({ room, hash }) =>
      database.transaction(() => {
        database.run(
          'UPDATE boot_pins SET tries_left = tries_left + 1 WHERE room = ? AND hash = ?',
          ...[room, hash],
        );
      }),
    remove: (room) =>
      database.transaction(() => {
        database.run('DELETE FROM boot_pins WHERE room = ?', room);
      }),
  };
}

function toPin(row: Row): BootPin {
  return {
    room: String(row['room']),
    salt: String(row['salt']),
    hash: String(row['hash']),
    expiresAt: Number(row['expires_at']),
    triesLeft: Number(row['tries_left']),
    madeAt: Number(row['made_at']),
    madeBy: String(row['made_by']),
  };
}
