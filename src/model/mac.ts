import { toBuffer, toString as toText } from 'mac-address';

/** What `parseMac` answers: the address (lower-case, colons) and what was written beside it, or what is wrong and what to write instead. */
export type ParsedMac =
  | { readonly mac: string; readonly note?: string }
  | { readonly problem: string; readonly hint: string };

const example = 'write six pairs of hex digits, such as "52:54:00:aa:bb:cc"';

/** Reads a MAC address in any spelling people and switches use: colons, dashes, dots, groups of 2, 4 or 6, bare, full-width, with trailing text such as `(有线)` or a DHCP client id's leading 01. Refuses what cannot be one network card's address (IEEE 802-2014, 8.2). */
export function parseMac(text: string): ParsedMac {
  const tidy = tidyText(text);
  if (tidy.length > 200) return wrong('a text of more than 200 characters', example);
  if (tidy === '') return wrong('an empty text', example);
  const found = readSpelling(tidy);
  if (!found) return explain(tidy);
  const mac = toText(toBuffer(found.digits.match(/../g)?.join(':') ?? '', Buffer.alloc(6)));
  const first = Number.parseInt(mac.slice(0, 2), 16);
  if (mac === 'ff:ff:ff:ff:ff:ff')
    return refused(mac, 'is the broadcast address, not one card', 'look it up on the host itself');
  if (mac === '00:00:00:00:00:00')
    return refused(
      mac,
      'is all zeros, which no card has',
      'it often comes from an export that could not read the address; look it up on the host itself',
    );
  if ((first & 1) === 1)
    return refused(
      mac,
      'is a multicast address, not one card (the second hex digit is odd)',
      'look it up on the host itself',
    );
  return found.note === '' ? { mac } : { mac, note: found.note };
}

const exemptPrefixes = ['02:42:', '52:54:00:'];

/** Whether an address (as `parseMac` gives it) was made up by software instead of by a card's maker: bit 1 of the first octet (IEEE 802-2014, 8.2.2). Docker's 02:42 and QEMU's 52:54:00 are exempt. */
export function isLocallyAdministered(mac: string): boolean {
  if (exemptPrefixes.some((prefix) => mac.startsWith(prefix))) return false;
  return (Number.parseInt(mac.slice(0, 2), 16) & 2) === 2;
}

interface Spelling {
  readonly digits: string;
  readonly note: string;
}

/** Each spelling from its beginning; what follows must be nothing, or a note set apart by a space or a bracket. */
const spellings: readonly RegExp[] = [
  /^[0-9a-f]{1,2}(?<sep>[:-])(?:[0-9a-f]{1,2}\k<sep>){4}[0-9a-f]{1,2}/,
  /^[0-9a-f]{2}(?<sep>[. ])(?:[0-9a-f]{2}\k<sep>){4}[0-9a-f]{2}/,
  /^[0-9a-f]{4}(?<sep>[.: -])[0-9a-f]{4}\k<sep>[0-9a-f]{4}/,
  /^[0-9a-f]{6}[: -]?[0-9a-f]{6}/,
];
/** RFC 2132, 9.14: a client identifier is the hardware type (1 is Ethernet) and the address. */
const clientIds: readonly RegExp[] = [
  /^01[0-9a-f]{2}\.[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{2}/,
  /^01(?<sep>[:-])(?:[0-9a-f]{2}\k<sep>){5}[0-9a-f]{2}/,
];

function readSpelling(tidy: string): Spelling | undefined {
  const lower = tidy.toLowerCase();
  for (const spelling of clientIds) {
    const written = spelling.exec(lower)?.[0];
    const note = written === undefined ? undefined : readNote(tidy.slice(written.length));
    if (written === undefined || note === undefined) continue;
    const digits = written.replaceAll(/[^0-9a-f]/g, '').slice(2);
    return { digits, note: joinNotes('without the leading 01 of a DHCP client id', note) };
  }
  for (const spelling of spellings) {
    const written = spelling.exec(lower)?.[0];
    const note = written === undefined ? undefined : readNote(tidy.slice(written.length));
    if (written === undefined || note === undefined) continue;
    return { digits: padGroups(written), note };
  }
  return undefined;
}

function joinNotes(first: string, second: string): string {
  return second === '' ? first : `${first}; ${second}`;
}

function padGroups(written: string): string {
  const groups = written.split(/[:. -]/);
  return groups.length === 6
    ? groups.map((group) => group.padStart(2, '0')).join('')
    : groups.join('');
}

/** The text after the address, or undefined when it looks like more of an address. */
function readNote(rest: string): string | undefined {
  if (rest === '') return '';
  if (!/^[ ([{<【「〔#,;、/]/.test(rest)) return undefined;
  const note = rest
    .replace(/^[ ([{<【「〔#,;、/]+/, '')
    .replace(/[ )\]}>】」〕]+$/, '')
    .trim();
  const looksLikeMore =
    /^[0-9a-f]+(?![0-9a-z])/i.test(note) ||
    (/^[0-9a-f]{2}(?=.$)/i.test(note) && /^[0-9a-f]+$/i.test(straightenLetters(note))) ||
    /[0-9a-f]{2}[:-][0-9a-f]{2}|[0-9a-f]{12}/i.test(note);
  return looksLikeMore ? undefined : note;
}

/** Full-width forms become ASCII, every dash `-`, every white space one blank; invisible characters go. */
function tidyText(text: string): string {
  return text
    .slice(0, 1000)
    .replaceAll(/[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, '')
    .replaceAll(/[\uff01-\uff5e]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) - 0xfee0))
    .replaceAll(/[\u2010-\u2015\u2212]/g, '-')
    .replaceAll('\u3002', '.')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

function wrong(what: string, hint: string): ParsedMac {
  return { problem: `${what} is not a MAC address`, hint };
}

function refused(mac: string, why: string, hint: string): ParsedMac {
  return { problem: `"${mac}" ${why}`, hint };
}

const wholeAddresses =
  /(?<![0-9a-f:-])(?:[0-9a-f]{1,2}(?:[:-][0-9a-f]{1,2}){5}|[0-9a-f]{12})(?![0-9a-f:-])/gi;

/** Says why a text is no MAC address, with the most telling reason first. */
function explain(tidy: string): ParsedMac {
  const shown = `"${tidy.length > 60 ? `${tidy.slice(0, 60)}…` : tidy}"`;
  const straight = straightenLetters(tidy);
  const meant = straight === tidy ? undefined : readSpelling(straight);
  if (meant)
    return wrong(
      `${shown} has a letter that only looks like a hex digit, so it`,
      `did you mean "${meant.digits.match(/../g)?.join(':')}"? hex digits are 0 to 9 and a to f`,
    );
  if (/^[0-9][.,]?[0-9]*e\+?[0-9]+$/i.test(tidy) && /[.,+]/.test(tidy))
    return wrong(
      `${shown} was turned into a number by a spreadsheet and`,
      'its digits are lost: look the address up again, and format the column as text',
    );
  if ((tidy.match(wholeAddresses) ?? []).length > 1)
    return wrong(
      `${shown} holds more than one address; together it`,
      'write a list, one `addr` each',
    );
  return explainLength(tidy, shown);
}

function explainLength(tidy: string, shown: string): ParsedMac {
  if (!/^[0-9a-f:. -]+$/i.test(tidy)) return wrong(shown, example);
  const count = tidy.replaceAll(/[^0-9a-f]/gi, '').length;
  if (count === 16)
    return wrong(
      `${shown} has 8 octets (an EUI-64, as of FireWire or IPv6) and`,
      'write the 6 octets of the Ethernet or wireless card',
    );
  if (count === 40)
    return wrong(
      `${shown} has 20 octets (InfiniBand) and`,
      'write the 6 octets of the Ethernet or wireless card',
    );
  if (/^[0-9a-f]{10,11}$/i.test(tidy))
    return wrong(
      `${shown} has ${count} hex digits instead of 12 and`,
      'spreadsheets drop zeros at the beginning: look the address up again',
    );
  return count === 12
    ? wrong(shown, example)
    : wrong(`${shown} has ${count} hex digits instead of 12 and`, example);
}

const lookAlikes: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ...{ o: '0', O: '0', Q: '0', ο: '0', Ο: '0', о: '0', О: '0', l: '1', I: '1', i: '1', '|': '1' },
    ...{ і: '1', І: '1', а: 'a', А: 'a', В: 'b', в: 'b', с: 'c', С: 'c', е: 'e', Е: 'e', Ь: 'b' },
    ...{ Α: 'a', Β: 'b', Ε: 'e', z: '2', Z: '2', s: '5', S: '5', З: '3', б: '6' },
  }),
);

function straightenLetters(text: string): string {
  return [...text].map((letter) => lookAlikes.get(letter) ?? letter).join('');
}
