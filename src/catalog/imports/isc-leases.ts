import { defineImport, type ImportRow } from '../../model/import.ts';
import { parseMac } from '../../model/mac.ts';
import type { Problem } from '../../model/problem.ts';
import {
  emptyFile,
  importProblem,
  readLines,
  refusedOn,
  rowOn,
  type TextLine,
  tellSkipped,
} from '../import-lines.ts';

interface Lease {
  readonly ip: string;
  readonly line: number;
  readonly told: Map<string, string>;
}

export default defineImport({
  name: 'isc-leases',
  summary:
    "The lease file of ISC dhcpd: for each address the last block counts, and its client's last contact is when it was seen (dhcpd.leases(5)).",
  read(source) {
    const { file } = source;
    const { leases, unknown, known } = readBlocks(readLines(source));
    const [first] = unknown;
    if (!known) return { rows: [], problems: [first ? notLeases(file, first) : emptyFile(file)] };
    const abandoned: number[] = [];
    const rows: ImportRow[] = unknown.map(({ number, text }) =>
      refusedOn(
        file,
        number,
        `"${text.trim().slice(0, 60)}" is nothing that dhcpd writes here`,
        'leave the file as dhcpd wrote it',
      ),
    );
    for (const lease of leases.values()) {
      if (lease.told.get('binding state') === 'abandoned') abandoned.push(lease.line);
      else if (lease.told.has('hardware ethernet')) rows.push(readLease(file, lease));
    }
    rows.sort((a, b) => a.row - b.row);
    const problems: Problem[] = tellSkipped(
      file,
      abandoned,
      'abandoned, because something without a lease answered at the address',
    );
    return { rows, problems };
  },
});

const otherStatement =
  /^(?:host|group|class|failover|subclass)\b.*\{$|^(?:authoring-byte-order|server-duid|db-time-format)\b.*;$/;

/** What was read so far; `open` is the block one is in, `depth` how many braces are open. */
interface Reading {
  readonly leases: Map<string, Lease>;
  readonly unknown: TextLine[];
  open: Lease | undefined;
  depth: number;
  known: boolean;
}

/** Blocks `lease IP { ... }`; later ones replace earlier ones of the same address. What else dhcpd keeps there is passed over. */
function readBlocks(lines: readonly TextLine[]): Reading {
  const reading: Reading = {
    leases: new Map(),
    unknown: [],
    open: undefined,
    depth: 0,
    known: false,
  };
  for (const line of lines) {
    const text = line.text.trim().replace(/;\s*#.*$/, ';');
    if (text === '' || text.startsWith('#')) continue;
    if (reading.depth > 0) readInside(reading, text);
    else readOutside(reading, line, text);
  }
  return reading;
}

function readOutside(reading: Reading, line: TextLine, text: string): void {
  const ip = /^lease (\d{1,3}(?:\.\d{1,3}){3}) \{$/.exec(text)?.[1];
  if (ip !== undefined) reading.open = { ip, line: line.number, told: new Map() };
  else if (!otherStatement.test(text)) {
    reading.unknown.push(line);
    return;
  }
  reading.known = true;
  if (text.endsWith('{')) reading.depth = 1;
}

function readInside(reading: Reading, text: string): void {
  const { open, leases } = reading;
  if (reading.depth === 1 && open) readStatement(open, text);
  if (text.endsWith('{')) reading.depth += 1;
  if (text !== '}') return;
  reading.depth -= 1;
  if (reading.depth > 0 || !open) return;
  leases.set(open.ip, open);
  reading.open = undefined;
}

function readStatement({ told }: Lease, text: string): void {
  const [, name, value] =
    /^(hardware ethernet|binding state|cltt|starts|ends|client-hostname) (.*);$/.exec(text) ?? [];
  if (name !== undefined && value !== undefined) told.set(name, value);
}

function readLease(file: string, { ip, line, told }: Lease): ImportRow {
  const mac = told.get('hardware ethernet') ?? '';
  const parsed = parseMac(mac);
  if ('problem' in parsed) return refusedOn(file, line, parsed.problem, parsed.hint);
  const name = (told.get('client-hostname') ?? '').replaceAll(/^"|"$/g, '');
  const state = told.get('binding state') ?? 'active';
  const note = state === 'active' ? '' : `the lease is ${state}`;
  const row = rowOn(file, line, { mac, ip, name }, { ip: note });
  const seenAt = readTime(told.get('cltt') ?? told.get('starts') ?? '');
  const expiresAt = readTime(told.get('ends') ?? '');
  return {
    ...row,
    ...(seenAt === undefined ? {} : { seenAt }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  };
}

/** `4 2023/01/05 10:00:00` is in UTC; `epoch 1672912800` after `db-time-format local`; `never`. */
function readTime(text: string): string | undefined {
  const epoch = /^epoch (\d{1,11})$/.exec(text)?.[1];
  if (epoch !== undefined) return new Date(Number(epoch) * 1000).toISOString();
  const [, day = '', time = ''] = /^[0-6] (\d{4}\/\d\d\/\d\d) (\d\d:\d\d:\d\d)$/.exec(text) ?? [];
  const ms = Date.parse(`${day.replaceAll('/', '-')}T${time}Z`);
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
}

function notLeases(file: string, { number, text }: TextLine): Problem {
  return importProblem(file, number, {
    severity: 'error',
    rule: 'other-format',
    message: `the file is no lease file of ISC dhcpd: it begins "${text.trim().slice(0, 60)}"`,
    hint: 'name the format it has; dhcpd writes it to /var/lib/dhcp/dhcpd.leases',
  });
}
