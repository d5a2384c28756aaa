import type { AskFields } from '../registry/ask.ts';
import type { CommandOptions, FlagLine } from './define-command.ts';

/** Flags that say who and what, for every command that changes the register. */
export const personFlags: readonly FlagLine[] = [
  ['--owner <name>', 'who answers for it'],
  ['--owner-id <id>', 'staff or student number'],
  ['--department <name>', 'department of the owner'],
  ['--phone <number>', 'telephone of the owner'],
];

/** Flags for where it is and by what it is known. */
export const placeFlags: readonly FlagLine[] = [
  ['--mac <address>', 'MAC address of its primary interface'],
  ['--ip <address>', 'registered IP address'],
  ['--seat <seat>', 'place in the room'],
];

/** Why, and by whose leave. */
export const remarkFlags: readonly FlagLine[] = [
  ['--reason <text>', 'why, for the ledger'],
  ['--approved-by <name>', 'who approved it on paper'],
];

/** Files a request instead of doing it. */
export const requestFlag: FlagLine = ['--request', 'only apply for it: someone else approves it'];

/** A text flag's value; undefined when it was not given. */
export function textOf(options: CommandOptions, name: string): string | undefined {
  const value = options[name];
  return typeof value === 'string' ? value : undefined;
}

/** What the flags say of owner and addresses. */
export function readFields(options: CommandOptions): AskFields {
  return {
    owner: textOf(options, 'owner'),
    ownerId: textOf(options, 'ownerId'),
    department: textOf(options, 'department'),
    phone: textOf(options, 'phone'),
    mac: textOf(options, 'mac'),
    ip: textOf(options, 'ip'),
    seat: textOf(options, 'seat'),
    room: textOf(options, 'room'),
  };
}
