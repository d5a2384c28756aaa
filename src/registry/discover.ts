import type { ConfiguredSource, Discovery, ObservedSource } from '../model/discovery.ts';
import type { Host, Inventory } from '../model/host.ts';
import type { Subnet } from '../model/ip.ts';
import { judgeAddresses } from './discover/addresses.ts';
import { judgeConfigured } from './discover/configured.ts';
import { addFinding } from './discover/findings.ts';
import { judgePorts } from './discover/ports.ts';
import { judgePresence, judgeStrangers } from './discover/presence.ts';
import { type KnownFacts, readFactLooks, readLooks } from './discover/sightings.ts';
import { groupBy, makeSurvey, type Survey } from './discover/survey.ts';

export type { KnownFacts };

/** What is laid side by side. */
export interface Sides {
  readonly inventory: Inventory;
  /** The hosts that are asked about; the others only count as known. */
  readonly chosen: readonly Host[];
  readonly configured: readonly ConfiguredSource[];
  readonly observed: readonly ObservedSource[];
  readonly facts: readonly KnownFacts[];
  /** When hosts were last reached by a run (ISO 8601), by name: a sign of life, but none of where. */
  readonly reached: ReadonlyMap<string, string>;
  /** Where strangers count; everywhere when empty. */
  readonly subnets: readonly Subnet[];
  readonly nowMs: number;
  /** A host that was last seen longer ago is a ghost; older looks claim nothing. */
  readonly withinDays: number;
}

/** Lays register, configuration and network side by side and names each mismatch, with its evidence. The same input gives the same answer, in the same order. */
export function discover(sides: Sides): Discovery {
  const { inventory, chosen, configured, observed, facts, nowMs, withinDays } = sides;
  const looks = [...readLooks(observed, nowMs), ...readFactLooks(facts)];
  const sinceMs = nowMs - withinDays * 86_400_000;
  const survey = makeSurvey(inventory, chosen, looks, sinceMs);
  judgeRegister(survey);
  judgeAddresses(survey);
  judgePorts(survey);
  judgeConfigured(survey, configured);
  const presence = judgePresence(survey, sides.reached, sinceMs);
  judgeStrangers(survey, sides.subnets);
  return { findings: [...survey.findings.values()], hosts: chosen.length, ...presence };
}

/** The register against itself: nothing can be compared with an address that stands there twice. */
function judgeRegister(survey: Survey): void {
  const withIp = survey.chosen.filter(({ ip, status }) => ip !== '' && status !== 'retired');
  const withMac = survey.chosen.flatMap((host) => host.macs.map(({ addr }) => ({ addr, host })));
  for (const [ip, hosts] of groupBy(withIp, (host) => host.ip)) {
    if (hosts.length > 1) tellTwice(survey, ip, hosts);
  }
  for (const [mac, same] of groupBy(withMac, ({ addr }) => addr)) {
    const hosts = [...new Set(same.map(({ host }) => host))];
    if (hosts.length > 1) tellTwice(survey, mac, hosts);
  }
}

function tellTwice(survey: Survey, subject: string, hosts: readonly Host[]): void {
  addFinding(survey, {
    kind: 'duplicate',
    detail: 'registered',
    host: hosts[0],
    by: hosts[1],
    subject,
    evidence: hosts.map(({ name, mac, ip, vlan, switchPort, at }) => ({
      ...{ mac, ip, name, vlan, port: switchPort, seenAt: '' },
      ...{ source: at.file, place: `line ${at.line}` },
    })),
  });
}
