import type { ObservedSource, Sighting } from '../../model/discovery.ts';
import type { ImportRow } from '../../model/import.ts';
import { parseIp } from '../../model/ip.ts';
import { parseMac } from '../../model/mac.ts';
import { isMapping, type Vars } from '../../model/value.ts';

/** What is known of a host from asking it: its name, when (ISO 8601), and Ansible's facts. */
export interface KnownFacts {
  readonly host: string;
  readonly at: string;
  readonly facts: Vars;
}

/** One look at a MAC address that may be used for comparing: the address is one card's, the time is known or now. */
export interface Look extends Sighting {
  readonly seenMs: number;
  /** False for an address that was given up since: a lease that ended. */
  readonly holdsIp: boolean;
  /** The host itself said so. */
  readonly host: string;
}

/** What sources saw, refused rows left out; of leases only the last of each MAC address counts. */
export function readLooks(sources: readonly ObservedSource[], nowMs: number): Look[] {
  return sources.flatMap(({ name, rows }) => {
    const last = new Map<string, Look>();
    const looks: Look[] = [];
    for (const look of rows.flatMap((row) => looksOf(name, row, nowMs))) {
      if (look.seenAt === '') looks.push(look);
      else if ((last.get(look.mac)?.seenMs ?? 0) <= look.seenMs) last.set(look.mac, look);
    }
    return [...looks, ...last.values()];
  });
}

function looksOf(source: string, row: ImportRow, nowMs: number): Look[] {
  const { fields, refused, seenAt, expiresAt } = row;
  if (refused || !fields.mac) return [];
  const ended = expiresAt !== undefined && Date.parse(expiresAt) < nowMs;
  // A lease that has ended was seen before its end; one that runs may have been renewed just now.
  const at = seenAt ?? (ended ? expiresAt : '');
  const parsedIp = parseIp(fields.ip?.text ?? '');
  const ip = 'ip' in parsedIp ? parsedIp.ip : '';
  return fields.mac.text.split('\n').flatMap((text) => {
    const parsed = parseMac(text);
    if ('problem' in parsed) return [];
    return [
      {
        mac: parsed.mac,
        ip: isLinkLocal(ip) ? '' : ip,
        name: fields.name?.text ?? '',
        vlan: fields.vlan?.text ?? '',
        port: fields.switch_port?.text ?? '',
        source,
        place: fields.mac?.cell ?? '',
        seenAt: at,
        seenMs: at === '' ? nowMs : Date.parse(at),
        holdsIp: !ended,
        host: '',
      },
    ];
  });
}

/** Addresses that every card makes for itself say nothing about the register (RFC 4291, 2.5.6). */
function isLinkLocal(ip: string): boolean {
  return /^fe[89ab]/i.test(ip);
}

/** What hosts said of themselves when they were asked for their facts. */
export function readFactLooks(known: readonly KnownFacts[]): Look[] {
  return known.flatMap(({ host, at, facts }) => {
    const route = facts['ansible_default_ipv4'];
    const seenMs = Date.parse(at);
    if (!isMapping(route) || Number.isNaN(seenMs)) return [];
    const parsed = parseMac(String(route['macaddress'] ?? ''));
    if ('problem' in parsed) return [];
    const ip = parseIp(String(route['address'] ?? ''));
    return [
      {
        mac: parsed.mac,
        ip: 'ip' in ip ? ip.ip : '',
        name: host,
        vlan: '',
        port: '',
        source: 'facts',
        place: host,
        seenAt: at,
        seenMs,
        holdsIp: true,
        host,
      },
    ];
  });
}
