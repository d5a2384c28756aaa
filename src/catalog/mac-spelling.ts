import { choice } from '../model/options.ts';

/** The spellings of a MAC address that network devices send, each named by an example. */
export const macSpellings = [
  'aabbccddeeff',
  'AABBCCDDEEFF',
  'aa-bb-cc-dd-ee-ff',
  'AA-BB-CC-DD-EE-FF',
  'aa:bb:cc:dd:ee:ff',
  'AA:BB:CC:DD:EE:FF',
  'aabb-ccdd-eeff',
  'aabb.ccdd.eeff',
  'aabbcc-ddeeff',
] as const;
export type MacSpelling = (typeof macSpellings)[number];

/** The setting of exports that need the one spelling their consumer compares with. */
export function macSpelling(fallback: MacSpelling, summary: string) {
  return choice(fallback, macSpellings, summary);
}

/** Writes a MAC address (lower-case, colons) in the given spelling. */
export function spellMac(mac: string, spelling: MacSpelling): string {
  const digits = mac.replaceAll(':', '');
  const cased = spelling.startsWith('A') ? digits.toUpperCase() : digits;
  const separator = /[^a-f]/i.exec(spelling)?.[0] ?? '';
  const size = spelling.split(separator || /$/)[0]?.length ?? 12;
  return cased.match(new RegExp(`.{${size}}`, 'g'))?.join(separator) ?? cased;
}
