import type { RunEvent, RunHost } from '../model/event.ts';
import type { Lang, Report } from '../model/report.ts';
import { isMapping, type Value, type Vars } from '../model/value.ts';
import { foldRecord, headingOf, type RunRecord } from './run-record.ts';
import { wordsOf } from './words.ts';

/** A host with what it said about itself; null facts with the reason when it said nothing. */
interface KnownHost {
  readonly host: RunHost;
  readonly facts: Vars | null;
  readonly reason: string;
  readonly message: string;
}

/** Folds a facts run into its report (`lab.facts/1`): each host's facts under Ansible's names, or why there are none. */
export function foldFacts(events: readonly RunEvent[], lang: Lang): Report {
  const words = wordsOf(lang);
  const record = foldRecord(events);
  const hosts = record.hosts.map((host) => knownHost(host, record, words.notAsked));
  const rows = hosts.map(({ host: { host, room, seat }, facts, reason, message }) => {
    return { host, room, seat, facts, reason: reason === '' ? null : reason, message };
  });
  const known = hosts.filter(({ facts }) => facts !== null).length;
  return {
    schema: 'lab.facts/1',
    title: headingOf(record),
    startedAt: record.startedAt,
    finishedAt: record.finishedAt,
    document: { run: record.run, totals: { known, unknown: hosts.length - known }, hosts: rows },
    tables: [
      {
        title: '',
        columns: [
          { key: 'host', title: words.host },
          { key: 'system', title: words.system, flexible: true },
          { key: 'model', title: words.model, flexible: true },
          { key: 'memory', title: words.memory, align: 'right' },
          { key: 'ip', title: 'IP' },
          { key: 'mac', title: 'MAC' },
        ],
        rows: hosts.map(peopleRow),
        tones: hosts.map(({ facts }) => (facts === null ? 'doubt' : 'plain')),
        notes: [hosts.length === 0 ? words.noHosts : words.hostCount(hosts.length)],
      },
    ],
    records: {
      columns: ['host', 'room', 'seat', ...summaryKeys, 'reason', 'message'].map((key) => ({
        key,
        title: key,
      })),
      rows: hosts.map((each, index) => ({ ...rows[index], ...summaryOf(each.facts) })),
    },
  };
}

function knownHost(host: RunHost, record: RunRecord, notAsked: string): KnownHost {
  const results = [...(record.results.get(host.host)?.values() ?? [])];
  const facts = results.map(({ data }) => data?.['facts']).find(isMapping);
  if (facts) return { host, facts, reason: '', message: '' };
  const ended = record.ended.get(host.host);
  const lost = record.unreachable.get(host.host);
  const said = results.find(({ message }) => message !== undefined)?.message;
  return {
    host,
    facts: null,
    reason: ended?.reason ?? lost?.reason ?? '',
    message: ended?.message ?? lost?.message ?? said ?? notAsked,
  };
}

const summaryKeys = [
  'system',
  'version',
  'kernel',
  'vendor',
  'model',
  'serial',
  'memoryMiB',
  'processors',
  'ip',
  'mac',
] as const;
type Summary = { readonly [K in (typeof summaryKeys)[number]]: string | number };

function summaryOf(facts: Vars | null): Summary {
  const fact = (name: string): Value => facts?.[`ansible_${name}`] ?? null;
  const text = (value: Value | undefined): string => (typeof value === 'string' ? value : '');
  const number = (value: Value): number | string => (typeof value === 'number' ? value : '');
  const route = fact('default_ipv4');
  return {
    system: text(fact('distribution')),
    version: text(fact('distribution_version')),
    kernel: text(fact('kernel')),
    vendor: text(fact('system_vendor')),
    model: text(fact('product_name')),
    serial: text(fact('product_serial')),
    memoryMiB: number(fact('memtotal_mb')),
    processors: number(fact('processor_vcpus')),
    ip: isMapping(route) ? text(route['address']) : '',
    mac: isMapping(route) ? text(route['macaddress']) : '',
  };
}

function peopleRow({ host, facts, reason, message }: KnownHost): string[] {
  if (facts === null)
    return [host.host, [reason, message].filter((part) => part !== '').join(': '), '', '', '', ''];
  const { system, version, vendor, model, memoryMiB, ip, mac } = summaryOf(facts);
  // NA is Ansible's word for what a machine does not tell.
  const join = (...texts: readonly (string | number)[]): string =>
    texts.filter((text) => text !== 'NA' && text !== '').join(' ');
  const memory = typeof memoryMiB === 'number' ? `${(memoryMiB / 1024).toFixed(1)} GiB` : '';
  return [host.host, join(system, version), join(vendor, model), memory, String(ip), String(mac)];
}
