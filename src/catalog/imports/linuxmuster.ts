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
} from '../import-lines.ts';

/** Roles of Sophomorix (`man sophomorix-device`) as Labkit's classes; those of the server's own network gear are not registered here. */
const classes: ReadonlyMap<string, string> = new Map([
  ['classroom-studentcomputer', 'student'],
  ['classroom-teachercomputer', 'teacher'],
  ['faculty-teachercomputer', 'teacher'],
  ['staffcomputer', 'office'],
  ['laptop', 'notebook'],
  ['mobile', 'notebook'],
  ['thinclient', 'thin'],
  ['printer', 'printer'],
  ['server', 'server'],
  ['addc', 'server'],
]);

export default defineImport({
  name: 'linuxmuster',
  summary:
    'The devices.csv of linuxmuster.net: room;host;group;mac;ip;office key;windows key;options;role and more, without headings.',
  read(source) {
    const { file } = source;
    const rows: ImportRow[] = [];
    const lines = readLines(source).filter(({ text }) => text !== '' && !text.startsWith('#'));
    if (lines.length === 0) return { rows, problems: [emptyFile(file)] };
    for (const line of lines) rows.push(readDevice(file, line));
    const [first] = lines;
    const isOther = first && lines.every(({ text }) => text.split(';').length < 5);
    return isOther ? { rows: [], problems: [notDevices(file, first)] } : { rows, problems: [] };
  },
});

function readDevice(file: string, { number, text }: TextLine): ImportRow {
  const fields = text.split(';').map((field) => field.trim());
  const [room = '', name = '', , mac = '', ip = '', , , , role = ''] = fields;
  if (fields.length < 5)
    return refusedOn(
      file,
      number,
      `the line has ${fields.length} fields instead of at least 5`,
      'write room;host;group;mac;ip;;;;role',
    );
  const parsed = parseMac(mac);
  if ('problem' in parsed) return refusedOn(file, number, parsed.problem, parsed.hint);
  const isDynamic = ip === '' || ip.toUpperCase() === 'DHCP';
  const address = isDynamic ? { ip } : parseIp(ip);
  if ('problem' in address) return refusedOn(file, number, address.problem, address.hint);
  // The role is the ninth field since version 7; older files have it elsewhere.
  const known = classes.get([role, ...fields.slice(5)].find((field) => classes.has(field)) ?? '');
  return rowOn(file, number, { room, name, mac, ip: isDynamic ? '' : ip, class: known });
}

function notDevices(file: string, { number, text }: TextLine) {
  return importProblem(file, number, {
    severity: 'error',
    rule: 'other-format',
    message: `the file is no devices.csv of linuxmuster.net: it begins "${text.slice(0, 60)}"`,
    hint: 'write room;host;group;mac;ip a line, separated by semicolons',
  });
}
