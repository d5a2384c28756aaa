import { defineImport, type ImportRow } from '../../model/import.ts';
import { parseIp } from '../../model/ip.ts';
import { parseMac } from '../../model/mac.ts';
import {
  emptyFile,
  importProblem,
  readLines,
  refusedOn,
  rowOn,
  tellSkipped,
} from '../import-lines.ts';

/** A line of the file by the names of its columns. */
type Record = { readonly [column: string]: string | undefined };

const states = { declined: '1', reclaimed: '2' };

export default defineImport({
  name: 'kea-leases',
  summary:
    'The lease file of Kea (memfile CSV): the last line of each address counts (Kea Administrator Reference Manual, "Lease Storage").',
  read(source) {
    const { file } = source;
    const lines = readLines(source).filter(({ text }) => text !== '');
    const [head, ...rest] = lines;
    if (head === undefined) return { rows: [], problems: [emptyFile(file)] };
    const columns = head.text.split(',');
    if (columns[0] !== 'address' || !columns.includes('valid_lifetime'))
      return { rows: [], problems: [notLeases(file, head.text)] };
    const last = new Map<string, ImportRow | 'gone'>();
    const declined: number[] = [];
    for (const { number, text } of rest) {
      const record: Record = Object.fromEntries(
        text.split(',').map((field, index) => [columns[index] ?? '', field]),
      );
      const { address = '', state } = record;
      const isGone = record['valid_lifetime'] === '0' || state === states.declined;
      if (state === states.declined) declined.push(number);
      last.delete(address);
      last.set(address, isGone ? 'gone' : readLease(file, number, record));
    }
    const rows = [...last.values()].filter((row) => row !== 'gone');
    return {
      rows: rows.sort((a, b) => a.row - b.row),
      problems: tellSkipped(file, declined, 'declined, because the address was in use already'),
    };
  },
});

function readLease(file: string, line: number, record: Record): ImportRow {
  const { address = '', hwaddr = '', hostname = '', state } = record;
  const parsed = parseMac(hwaddr);
  if ('problem' in parsed) return refusedOn(file, line, parsed.problem, parsed.hint);
  const ip = parseIp(address);
  if ('problem' in ip) return refusedOn(file, line, ip.problem, ip.hint);
  // Kea writes commas within a name as `&#x2c`, and a dot behind a full name.
  const name = hostname.replaceAll('&#x2c', ',').replace(/\.$/, '');
  const note = state === states.reclaimed ? 'the lease is reclaimed' : '';
  const row = rowOn(file, line, { mac: hwaddr, ip: address, name }, { ip: note });
  const expire = Number(record['expire']);
  const lifetime = Number(record['valid_lifetime']);
  if (!(expire > 0 && expire < 100_000_000_000)) return row;
  const expiresAt = new Date(expire * 1000).toISOString();
  // 2^32 - 1 is a lease without end (RFC 2131, 3.3).
  if (!(lifetime > 0 && lifetime < 4_294_967_295)) return row;
  return { ...row, seenAt: new Date((expire - lifetime) * 1000).toISOString(), expiresAt };
}

function notLeases(file: string, text: string) {
  return importProblem(file, 1, {
    severity: 'error',
    rule: 'other-format',
    message: `the file is no lease file of Kea: it begins "${text.slice(0, 60)}"`,
    hint: 'name the format it has; Kea writes it to /var/lib/kea/kea-leases4.csv',
  });
}
