import { defineImport, type ImportField, type ImportRow } from '../../model/import.ts';
import { parseIp } from '../../model/ip.ts';
import type { Problem } from '../../model/problem.ts';
import {
  emptyFile,
  importProblem,
  readLines,
  refusedOn,
  rowOn,
  type TextLine,
  type Told,
} from '../import-lines.ts';
import { expandIniHosts, splitIniWords } from '../ini-words.ts';

/** Names that variables of an inventory have for what an import can say. */
const fieldOf: ReadonlyMap<string, ImportField> = new Map([
  ...(['seat', 'mac', 'ip', 'asset', 'serial', 'model', 'class', 'ownership'] as const).map(
    (name) => [name, name] as const,
  ),
  ...(['status', 'switch_port', 'vlan', 'uuid', 'profile'] as const).map(
    (name) => [name, name] as const,
  ),
  ['mac_address', 'mac'],
  ['macaddress', 'mac'],
  ['hwaddr', 'mac'],
  ['ip_address', 'ip'],
  ['owner', 'owner.name'],
  ['owner_name', 'owner.name'],
  ['owner_id', 'owner.id'],
  ['owner_department', 'owner.department'],
  ['owner_phone', 'owner.phone'],
]);

/** What is collected while reading. */
interface Reading {
  readonly file: string;
  readonly rows: Map<string, { line: number; group: string; vars: Map<string, string> }>;
  readonly groupVars: Map<string, Map<string, string>>;
  readonly refused: ImportRow[];
  /** Variables an import has no field for, with the first line of each. */
  readonly dropped: Map<string, number>;
}

export default defineImport({
  name: 'ansible-ini',
  summary:
    "An Ansible inventory in INI form: hosts with mac, ip and so on; a host's first group is its room. Other variables are named and left out.",
  read(source) {
    const { file } = source;
    const reading: Reading = {
      file,
      rows: new Map(),
      groupVars: new Map(),
      refused: [],
      dropped: new Map(),
    };
    if (source.bytes.includes(0)) return { rows: [], problems: [notText(file)] };
    let group = 'ungrouped';
    let kind = 'hosts';
    for (const line of readLines(source)) {
      const text = line.text.trim();
      if (text === '' || /^[#;]/.test(text)) continue;
      const section = /^\[([^:\]]+)(?::(vars|children|hosts))?\]\s*(?:#.*)?$/.exec(text);
      if (section) [, group = group, kind = 'hosts'] = section;
      else if (text.startsWith('['))
        reading.refused.push(refuse(file, line, 'is no section of an inventory'));
      else if (kind === 'hosts') readHosts(reading, line, group);
      else if (kind === 'vars') readVariable(reading, line, group);
    }
    const rows = [...reading.rows].map(([name, host]) => toRow(reading, name, host));
    const all = [...rows, ...reading.refused].sort((a, b) => a.row - b.row);
    return { rows: all, problems: all.length === 0 ? [emptyFile(file)] : tellDropped(reading) };
  },
});

function readHosts(reading: Reading, line: TextLine, group: string): void {
  const words = splitIniWords(line.text.trim());
  const [first, ...assignments] = words ?? [];
  const names = first === undefined ? undefined : expandIniHosts(first);
  const isBad = assignments.some((word) => !/^[A-Za-z_]\w*=/.test(word));
  if (!names || isBad) {
    reading.refused.push(refuse(reading.file, line, 'is no host with name=value pairs'));
    return;
  }
  const vars = assignments.map((word): [string, string] => {
    const at = word.indexOf('=');
    return [word.slice(0, at), word.slice(at + 1)];
  });
  for (const name of names) {
    const known = reading.rows.get(name);
    if (known) for (const [key, value] of vars) known.vars.set(key, value);
    else reading.rows.set(name, { line: line.number, group, vars: new Map(vars) });
  }
  for (const [key] of vars) note(reading, key, line.number);
}

function readVariable(reading: Reading, line: TextLine, group: string): void {
  const [, key = '', value = ''] = /^([A-Za-z_]\w*)\s*=\s*(.*)$/.exec(line.text.trim()) ?? [];
  if (key === '') {
    reading.refused.push(refuse(reading.file, line, 'is no name=value pair'));
    return;
  }
  const own = reading.groupVars.get(group) ?? new Map<string, string>();
  reading.groupVars.set(group, own.set(key, value.replace(/^(["'])(.*)\1$/, '$2')));
  note(reading, key, line.number);
}

function note({ dropped }: Reading, key: string, line: number): void {
  if (!fieldOf.has(key) && key !== 'ansible_host' && !dropped.has(key)) dropped.set(key, line);
}

function toRow(
  { file, groupVars }: Reading,
  name: string,
  host: { line: number; group: string; vars: ReadonlyMap<string, string> },
): ImportRow {
  const told: { -readonly [F in keyof Told]: Told[F] } = { name };
  if (!['ungrouped', 'all'].includes(host.group)) told.room = host.group;
  const vars = new Map([
    ...(groupVars.get('all') ?? []),
    ...(groupVars.get(host.group) ?? []),
    ...host.vars,
  ]);
  for (const [key, value] of vars) {
    const field = fieldOf.get(key);
    if (field !== undefined) told[field] = value;
  }
  const address = vars.get('ansible_host') ?? '';
  const isAddress = told.ip === undefined && 'ip' in parseIp(address);
  if (isAddress) told.ip = address;
  return rowOn(file, host.line, told, { ip: isAddress ? 'from ansible_host' : '' });
}

// Only the beginning is shown: such a line may hold a password.
function refuse(file: string, { number, text }: TextLine, why: string): ImportRow {
  const word = text.trim().split(/[\s=]/)[0] ?? '';
  return refusedOn(
    file,
    number,
    `the line that begins "${word.slice(0, 40)}" ${why}`,
    'write name key=value ...',
  );
}

function tellDropped({ file, dropped }: Reading): Problem[] {
  const [first] = dropped;
  if (!first) return [];
  return [
    importProblem(file, first[1], {
      severity: 'warning',
      rule: 'not-imported',
      message: `these variables are not taken over: ${[...dropped.keys()].join(', ')}`,
      hint: 'to keep them all, use the file itself as inventory: lab reads it as it stands',
    }),
  ];
}

function notText(file: string): Problem {
  return importProblem(file, 1, {
    severity: 'error',
    rule: 'other-format',
    message: 'the file is no text',
    hint: 'name the format it has',
  });
}
