import type { Host } from '../model/host.ts';
import type { Lang, Report, ReportTable } from '../model/report.ts';

export { reportHost } from './host-report.ts';

import { renderHostDocument } from './host-document.ts';
import { sortBySeat } from './seat-order.ts';
import { type Words, wordsOf } from './words.ts';

/** Folds hosts into the list of the inventory (`lab.inventory/1`), in seat order; `at` is when it was read, ISO 8601. */
export function reportInventoryList(hosts: readonly Host[], at: string, lang: Lang): Report {
  const words = wordsOf(lang);
  const sorted = sortHosts(hosts);
  const rows = sorted.map(rowOf);
  return {
    schema: 'lab.inventory/1',
    title: '',
    startedAt: at,
    finishedAt: at,
    document: { totals: { hosts: hosts.length }, hosts: sorted.map(renderHostDocument) },
    tables: [tableOf(rows, words)],
    records: { columns: keys.map((key) => ({ key, title: key })), rows },
    carriesOwners: true,
  };
}

function sortHosts(hosts: readonly Host[]): Host[] {
  const seated = hosts.map((host) => ({
    host: host.name,
    room: host.room?.name ?? '',
    seat: host.seat,
    whole: host,
  }));
  return sortBySeat(seated).map(({ whole }) => whole);
}

const keys = [
  'room',
  'seat',
  'name',
  'mac',
  'ip',
  'owner',
  'ownerId',
  'os',
  'class',
  'status',
] as const;
type Row = { readonly [K in (typeof keys)[number]]: string };

function rowOf(host: Host): Row {
  const os = host.vars['os'];
  return {
    room: host.room?.name ?? '',
    seat: host.seat,
    name: host.name,
    mac: host.mac,
    ip: host.ip,
    owner: host.owner.name,
    ownerId: host.owner.id,
    os: typeof os === 'string' ? os : host.profile,
    class: host.class,
    status: host.status,
  };
}

// At 80 columns there is no place for columns that nobody filled in, for two about the owner, nor for a status that is as usual.
function tableOf(rows: readonly Row[], words: Words): ReportTable {
  const titles: { readonly [K in (typeof keys)[number]]: string } = {
    room: words.room,
    seat: words.seat,
    name: words.name,
    mac: 'MAC',
    ip: 'IP',
    owner: words.owner,
    ownerId: '',
    os: words.system,
    class: words.class,
    status: words.status,
  };
  const textOf = (row: Row, key: keyof Row): string =>
    key === 'status' && row[key] === 'active' ? '' : row[key];
  const shown = keys.filter(
    (key) => key !== 'ownerId' && rows.some((row) => textOf(row, key) !== ''),
  );
  return {
    title: '',
    columns: shown.map((key) => ({
      key,
      title: titles[key],
      flexible: !['seat', 'mac', 'ip', 'status'].includes(key),
    })),
    rows: rows.map((row) => shown.map((key) => textOf(row, key))),
    tones: rows.map(({ status }) =>
      status === 'broken' ? 'bad' : status === 'active' ? 'plain' : 'quiet',
    ),
    notes: [rows.length === 0 ? words.noHosts : words.hostCount(rows.length)],
  };
}
