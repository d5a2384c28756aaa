import type { ConfiguredSource, Sighting } from '../../model/discovery.ts';
import type { Binding } from '../../model/export.ts';
import type { Host } from '../../model/host.ts';
import { addFinding } from './findings.ts';
import { groupBy, macsOf, type Survey, shortName } from './survey.ts';
import { maySamePort } from './switch-port.ts';

/** Compares what servers and switches were told with the register: entries that differ, that belong to nobody, that are missing, and that stand twice. */
export function judgeConfigured(survey: Survey, sources: readonly ConfiguredSource[]): void {
  for (const source of sources) {
    const entries = source.bindings.map((binding) => toSighting(source.name, binding));
    judgeEntries(survey, entries);
    judgeMissing(survey, entries, source.name);
    judgeTwice(survey, entries);
  }
}

function toSighting(source: string, { mac, ip, name, vlan, port, line }: Binding): Sighting {
  return { mac, ip, name, vlan, port, source, place: `line ${line}`, seenAt: '' };
}

function judgeEntries(survey: Survey, entries: readonly Sighting[]): void {
  for (const entry of entries) {
    const owners = [survey.byMac.get(entry.mac), survey.byIp.get(entry.ip)].filter(
      (host) => host !== undefined,
    );
    const [host] = owners;
    if (!host) judgeLeftOver(survey, entry);
    for (const each of new Set(owners)) {
      if (!survey.isChosen(each) || agrees(each, entry)) continue;
      addFinding(survey, {
        kind: 'stale',
        detail: 'differs',
        host: each,
        configured: entry,
        evidence: [entry],
      });
    }
  }
}

function judgeLeftOver(survey: Survey, entry: Sighting): void {
  if (entry.mac === '' && entry.ip === '') return;
  const isGateway = survey.roomOf(entry.ip)?.gateway === entry.ip;
  if (isGateway) return;
  addFinding(survey, {
    kind: 'stale',
    detail: 'left-over',
    subject: `${entry.mac} ${entry.ip}`,
    configured: entry,
    evidence: [entry],
  });
}

/** Whether an entry says nothing else than the register: what either of them leaves open does not count. */
function agrees(host: Host, { mac, ip, name, vlan, port }: Sighting): boolean {
  const isSame = (one: string, other: string): boolean =>
    one === '' || other === '' || one === other;
  return (
    (mac === '' || host.macs.length === 0 || macsOf(host).has(mac)) &&
    isSame(ip, host.ip) &&
    isSame(shortName(name), shortName(host.name)) &&
    isSame(vlan, host.vlan) &&
    (port === '' || host.switchPort === '' || maySamePort(port, host.switchPort))
  );
}

/** A source that has any host of a room is meant to have all of them. */
function judgeMissing(survey: Survey, entries: readonly Sighting[], source: string): void {
  const macs = new Set(entries.map(({ mac }) => mac));
  const ips = new Set(entries.map(({ ip }) => ip));
  const rooms = new Set(
    entries.flatMap(({ mac, ip }) => {
      const name = (survey.byMac.get(mac) ?? survey.byIp.get(ip))?.room?.name;
      return name === undefined ? [] : [name];
    }),
  );
  for (const host of survey.chosen) {
    if (!rooms.has(host.room?.name ?? '') || host.status !== 'active') continue;
    const isThere = host.macs.some(({ addr }) => macs.has(addr)) || ips.has(host.ip);
    if (isThere || host.macs.length === 0) continue;
    addFinding(survey, {
      kind: 'stale',
      detail: 'missing',
      host,
      evidence: [{ mac: '', ip: '', name: '', vlan: '', port: '', source, place: '', seenAt: '' }],
    });
  }
}

function judgeTwice(survey: Survey, entries: readonly Sighting[]): void {
  const withBoth = entries.filter(({ mac, ip }) => mac !== '' && ip !== '');
  for (const [ip, same] of groupBy(withBoth, (entry) => entry.ip)) {
    const host = survey.byIp.get(ip);
    const known = host ? macsOf(host) : new Set<string>();
    // A host with several cards may have its address at each of them.
    const strangers = new Set(same.map(({ mac }) => mac).filter((mac) => !known.has(mac)));
    const count = new Set(same.map(({ mac }) => mac)).size;
    if (count > 1 && strangers.size > 0) tellTwice(survey, ip, same);
  }
  for (const [mac, same] of groupBy(withBoth, (entry) => entry.mac))
    if (new Set(same.map(({ ip }) => ip)).size > 1) tellTwice(survey, mac, same);
}

function tellTwice(survey: Survey, subject: string, entries: readonly Sighting[]): void {
  const [first] = entries;
  const host = survey.byIp.get(subject) ?? survey.byMac.get(subject);
  addFinding(survey, {
    kind: 'duplicate',
    detail: 'configured',
    host,
    subject,
    ...(first ? { configured: first } : {}),
    evidence: entries,
  });
}
