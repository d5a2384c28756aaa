import type { ImportRow, ImportSource } from '../model/import.ts';
import { parseIp } from '../model/ip.ts';
import { parseMac } from '../model/mac.ts';
import type { Problem } from '../model/problem.ts';
import {
  emptyFile,
  importProblem,
  readLines,
  refusedOn,
  rowOn,
  type TextLine,
  tellSkipped,
} from './import-lines.ts';

/** A table of addresses as a program or switch prints it, one entry a line. */
export interface AddressTable {
  /** What prints it, for messages: "`arp -a`". */
  readonly what: string;
  /** What an entry looks like, with groups named `mac`, `ip`, `name`, `vlan` and `port`; the first that fits counts. */
  readonly entries: readonly RegExp[];
  /** Entries that name an address nobody answered for. */
  readonly unanswered: readonly RegExp[];
  /** Headings, sums, prompts and whatever else says nothing of a PC. */
  readonly rest: readonly RegExp[];
}

const shortMac = /^(?:[0-9a-f]{1,2}:){5}[0-9a-f]{1,2}$/i;
const longestLine = 2000;

/** What was found so far. */
interface Found {
  readonly rows: ImportRow[];
  readonly unknown: TextLine[];
  readonly unanswered: number[];
  readonly zero: number[];
  known: number;
}

/** Reads such a table. Multicast and broadcast entries are left out without a word (every system lists them), those without an address with a warning; a line that is none of its own is refused, and a text that has no other lines is a problem. */
export function readAddressTable(
  source: ImportSource,
  table: AddressTable,
): { rows: ImportRow[]; problems: Problem[] } {
  const { file } = source;
  const found: Found = { rows: [], unknown: [], unanswered: [], zero: [], known: 0 };
  for (const line of readLines(source))
    if (line.text.trim() !== '') takeLine(file, line, table, found);
  const { rows, unknown, known } = found;
  const [first] = unknown;
  if (known === 0)
    return { rows: [], problems: [first ? notSuch(file, first, table) : emptyFile(file)] };
  rows.push(...unknown.map((line) => refuseLine(file, line, table)));
  rows.sort((a, b) => a.row - b.row);
  return {
    rows,
    problems: [
      ...tellSkipped(file, found.unanswered, 'nobody answered (incomplete)'),
      ...tellSkipped(file, found.zero, 'the address is all zeros'),
    ],
  };
}

function takeLine(file: string, line: TextLine, table: AddressTable, found: Found): void {
  const isShort = line.text.length <= longestLine;
  const entry = isShort ? firstMatch(table.entries, line.text) : undefined;
  const isUnanswered = !entry && isShort && firstMatch(table.unanswered, line.text) !== undefined;
  const isRest = !entry && isShort && firstMatch(table.rest, line.text) !== undefined;
  if (entry || isUnanswered || isRest) found.known += 1;
  else found.unknown.push(line);
  if (isUnanswered) found.unanswered.push(line.number);
  const read = entry ? readEntry(file, line, entry) : 'group';
  if (read === 'zero') found.zero.push(line.number);
  else if (read !== 'group') found.rows.push(read);
}

function firstMatch(patterns: readonly RegExp[], text: string): RegExpExecArray | undefined {
  for (const pattern of patterns) {
    const found = pattern.exec(text);
    if (found) return found;
  }
  return undefined;
}

function readEntry(
  file: string,
  { number }: TextLine,
  { groups = {} }: RegExpExecArray,
): ImportRow | 'zero' | 'group' {
  const { mac = '', ip = '', name = '', vlan = '', port = '' } = groups;
  const digits = mac.replaceAll(/[^0-9a-f]/gi, '');
  if (/^0+$/.test(digits)) return 'zero';
  const parsed = parseMac(mac);
  if ('problem' in parsed) {
    const isGroup = Number.parseInt(mac.slice(0, 2), 16) % 2 === 1 || /^f+$/i.test(digits);
    return isGroup ? 'group' : refusedOn(file, number, parsed.problem, parsed.hint);
  }
  const address = ip === '' ? { ip } : parseIp(ip);
  if ('problem' in address) return refusedOn(file, number, address.problem, address.hint);
  // A switch names its router ports and tunnels `-` or `--` where a VLAN would stand.
  const told = { mac, ip, name, vlan: /^\d+$/.test(vlan) ? vlan : '', switch_port: port.trim() };
  const isShort = shortMac.test(mac) && digits.length < 12;
  return rowOn(file, number, told, { mac: isShort ? 'zeros at the front of octets added' : '' });
}

function refuseLine(file: string, { number, text }: TextLine, { what }: AddressTable): ImportRow {
  const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  return refusedOn(
    file,
    number,
    `"${shown.trim()}" is no line that ${what} prints`,
    'take the line out, or name the format it has',
  );
}

function notSuch(file: string, { number, text }: TextLine, { what }: AddressTable): Problem {
  const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  return importProblem(file, number, {
    severity: 'error',
    rule: 'other-format',
    message: `the file is not what ${what} prints: it begins "${shown.trim()}"`,
    hint: 'name the format it has, or save the table again',
  });
}
