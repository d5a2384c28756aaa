import { defineImport, type ImportRow } from '../../model/import.ts';
import { parseIp } from '../../model/ip.ts';
import { parseMac } from '../../model/mac.ts';
import {
  emptyFile,
  importProblem,
  readLines,
  refusedOn,
  rowOn,
  type TextLine,
  tellSkipped,
} from '../import-lines.ts';

const lease =
  /^(?<expiry>\d+) (?:(?<type>[0-9a-f]{2})-)?(?<mac>[0-9a-f]{2}(?::[0-9a-f]{2})*) (?<ip>\S+) (?<name>\S+) \S+$/i;
const leaseOfIp6 = /^\d+ T?\d+ [0-9a-f:]+ \S+ \S+$/i;

export default defineImport({
  name: 'dnsmasq-leases',
  summary:
    'The lease file of dnsmasq: expiry, MAC, IP, name and client id a line (dnsmasq(8), --dhcp-leasefile).',
  read(source) {
    const { file } = source;
    const rows: ImportRow[] = [];
    const ip6: number[] = [];
    const lines = readLines(source).filter(({ text }) => text.trim() !== '');
    let known = 0;
    for (const line of lines) {
      const found = lease.exec(line.text);
      if (found || /^duid /.test(line.text) || leaseOfIp6.test(line.text)) known += 1;
      if (found) rows.push(readLease(file, line, found.groups ?? {}));
      else if (leaseOfIp6.test(line.text)) ip6.push(line.number);
      else if (!/^duid /.test(line.text)) rows.push(refuse(file, line));
    }
    const [first] = lines;
    if (known === 0)
      return { rows: [], problems: [first ? notLeases(file, first) : emptyFile(file)] };
    return { rows, problems: tellSkipped(file, ip6, 'leases of IPv6 name no MAC address') };
  },
});

function readLease(
  file: string,
  { number }: TextLine,
  groups: { readonly [name: string]: string | undefined },
): ImportRow {
  const { expiry = '', type, mac = '', ip = '', name = '' } = groups;
  if (type !== undefined && type !== '01')
    return refusedOn(file, number, `the hardware type ${type} is not Ethernet`, 'leave it out');
  const parsed = parseMac(mac);
  if ('problem' in parsed) return refusedOn(file, number, parsed.problem, parsed.hint);
  const address = parseIp(ip);
  if ('problem' in address) return refusedOn(file, number, address.problem, address.hint);
  const row = rowOn(file, number, { mac, ip, name: name === '*' ? '' : name });
  // 0 is a lease without end. On systems without a clock dnsmasq writes the length instead of the time, which tells nothing here.
  const seconds = Number(expiry);
  if (seconds < 1_000_000_000 || seconds > 100_000_000_000) return row;
  return { ...row, expiresAt: new Date(seconds * 1000).toISOString() };
}

function refuse(file: string, { number, text }: TextLine): ImportRow {
  const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  return refusedOn(file, number, `"${shown}" is no lease`, 'leave the file as dnsmasq wrote it');
}

function notLeases(file: string, { number, text }: TextLine) {
  const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  return importProblem(file, number, {
    severity: 'error',
    rule: 'other-format',
    message: `the file is no lease file of dnsmasq: it begins "${shown}"`,
    hint: 'name the format it has; dnsmasq writes it to /var/lib/misc/dnsmasq.leases',
  });
}
