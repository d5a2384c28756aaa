import { escapeHidden } from '../model/display.ts';
import type { Host, Inventory } from '../model/host.ts';
import type { ImportField } from '../model/import.ts';
import type { Problem } from '../model/problem.ts';
import type { Lang } from '../model/report.ts';
import { problemOf, refuseProblems } from './export-problems.ts';
import { registerColumns } from './register-columns.ts';
import { chineseWord } from './register-words.ts';

/** The register as a table of texts. */
export interface RegisterTable {
  readonly headings: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Writes hosts as the table that people read and `inventory import` reads back, retired hosts included. Throws LabError 'input' for values with characters nobody sees. */
export function renderRegister(
  format: string,
  hosts: readonly Host[],
  lang: Lang,
  { rooms }: Inventory,
): RegisterTable {
  const problems: Problem[] = [];
  const titles = rooms.map(({ title }) => title);
  const rows = hosts.map((host) =>
    registerColumns.map(({ field }) => {
      const text = textOf(host, field, lang);
      const hidden = hiddenIn(text);
      if (hidden !== '') problems.push(tellHidden(host, field, hidden));
      return field === 'room' ? roomText(host, titles) : text;
    }),
  );
  refuseProblems(format, problems);
  return { headings: registerColumns.map((column) => column.titles[lang]), rows };
}

/** People know a room by its title; where two have one title, by its name. */
function roomText({ room }: Host, titles: readonly string[]): string {
  if (!room) return '';
  const { name, title } = room;
  return title !== '' && titles.filter((other) => other === title).length === 1 ? title : name;
}

function textOf(host: Host, field: ImportField, lang: Lang): string {
  const plain: { readonly [F in ImportField]: string } = {
    name: host.name,
    room: host.room?.title ?? '',
    seat: host.seat,
    mac: macsOf(host),
    ip: host.ip,
    'owner.name': host.owner.name,
    'owner.id': host.owner.id,
    'owner.department': host.owner.department,
    'owner.phone': host.owner.phone,
    asset: host.asset,
    serial: host.serial,
    model: host.model,
    class: host.class,
    ownership: host.ownership,
    status: host.status,
    switch_port: host.switchPort,
    vlan: host.vlan,
    uuid: host.uuid,
    profile: host.profile,
  };
  return lang === 'zh-CN' ? chineseWord(field, plain[field]) : plain[field];
}

/** One address a line, the primary one first, its role beside it where it is not the wired one. */
function macsOf({ macs }: Host): string {
  return macs
    .toSorted((one, other) => Number(other.primary) - Number(one.primary))
    .map(({ addr, role }) => (role === 'wired' ? addr : `${addr} (${role})`))
    .join('\n');
}

/** The first character of a text that nobody sees, other than white space; '' when there is none. */
function hiddenIn(text: string): string {
  let hidden = '';
  escapeHidden(text, (found) => {
    if (!/[\t\r\n]/.test(found)) hidden ||= found;
    return '';
  });
  return hidden;
}

function tellHidden(host: Host, field: string, hidden: string): Problem {
  const code = (hidden.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return problemOf(host, field.split('.')[0] ?? '', {
    rule: 'hidden-character',
    message: `has the invisible character U+${code} in ${field}`,
    hint: 'type the value again',
  });
}
