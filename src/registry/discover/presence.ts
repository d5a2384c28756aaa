import type { Sighting } from '../../model/discovery.ts';
import type { Host } from '../../model/host.ts';
import { containsIp, type Subnet } from '../../model/ip.ts';
import { isLocallyAdministered } from '../../model/mac.ts';
import { addFinding } from './findings.ts';
import type { Look } from './sightings.ts';
import { groupBy, type Survey } from './survey.ts';

/** Names that home routers give themselves when they ask for an address. */
const routerName =
  /^(?:tp-?link|tl-w|miwifi|mi-?router|redmi-?router|xiaomi-?router|openwrt|lede|immortalwrt|asus-?router|rt-a[cx]|tenda|mercury|fast[-_]|d-?link|dir-\d|netgear|linksys|phicomm|huawei-?(?:ax|ws|wifi)|honor-?router|h3c-?(?:magic|router)|router|k2p)/i;

/** Which hosts were seen, were not there, or are in rooms that no source covers. */
export interface Presence {
  readonly inOrder: number;
  readonly unseen: readonly string[];
  readonly notCovered: readonly string[];
}

/** Finds hosts in use whose last sign of life is from before the days that count, and counts the others. */
export function judgePresence(
  survey: Survey,
  reached: ReadonlyMap<string, string>,
  sinceMs: number,
): Presence {
  const covered = coveredRooms(survey);
  const last = lastSigns(survey, reached);
  const accused = new Set([...survey.findings.values()].map(({ host }) => host));
  let inOrder = 0;
  const unseen: string[] = [];
  const notCovered: string[] = [];
  for (const host of survey.chosen) {
    const sign = last.get(host.name);
    if (accused.has(host.name)) continue;
    if (sign && sign.seenMs >= sinceMs) inOrder += 1;
    else if (host.status !== 'active' || host.macs.length === 0) notCovered.push(host.name);
    else if (sign)
      addFinding(survey, { kind: 'ghost', detail: 'last-seen', host, evidence: [sign] });
    else if (covered.has(host.room?.name ?? '')) unseen.push(host.name);
    else notCovered.push(host.name);
  }
  return { inOrder, unseen, notCovered };
}

/** Rooms that some source has a look into. */
function coveredRooms(survey: Survey): ReadonlySet<string> {
  const rooms = new Set<string>();
  for (const looks of survey.looksAt.values())
    for (const { mac, ip, host } of looks) {
      if (host !== '') continue;
      const room = survey.byMac.get(mac)?.room ?? survey.roomOf(ip);
      if (room) rooms.add(room.name);
    }
  return rooms;
}

/** The last sign of life of each host, however old. */
function lastSigns(
  survey: Survey,
  reached: ReadonlyMap<string, string>,
): ReadonlyMap<string, Sighting & { readonly seenMs: number }> {
  const last = new Map<string, Sighting & { readonly seenMs: number }>();
  for (const [host, seenAt] of reached) {
    const nowhere = { mac: '', ip: '', name: host, vlan: '', port: '' };
    const seenMs = Date.parse(seenAt);
    if (!Number.isNaN(seenMs))
      last.set(host, { ...nowhere, source: 'runs', place: host, seenAt, seenMs });
  }
  for (const look of survey.all) {
    const name = survey.byMac.get(look.mac)?.name ?? look.host;
    if (name !== '' && (last.get(name)?.seenMs ?? 0) <= look.seenMs) last.set(name, look);
  }
  return last;
}

/** Finds cards on the network that belong to nobody, retired hosts among them, and addresses that two of them share. */
export function judgeStrangers(survey: Survey, subnets: readonly Subnet[]): void {
  const strangers: Look[] = [];
  for (const [mac, looks] of survey.looksAt) {
    const [look] = looks;
    if (!look || !isWithin(survey, looks, subnets)) continue;
    const host = survey.byMac.get(mac);
    if (host) judgeKnown(survey, host, looks);
    else if (!survey.gateways.has(mac) && !survey.explained.has(mac)) {
      strangers.push(...looks);
      judgeStranger(survey, mac, looks);
    }
  }
  const held = strangers.filter(({ ip, holdsIp }) => ip !== '' && holdsIp);
  for (const [ip, looks] of groupBy(held, (look) => look.ip))
    if (new Set(looks.map(({ mac }) => mac)).size > 1)
      addFinding(survey, { kind: 'duplicate', detail: 'observed', subject: ip, evidence: looks });
}

/** A registered card: wrong only where its host is retired, or where it calls itself a router. */
function judgeKnown(survey: Survey, host: Host, looks: readonly Look[]): void {
  if (!survey.isChosen(host)) return;
  if (host.status === 'retired')
    addFinding(survey, { kind: 'unregistered', detail: 'retired', host, evidence: looks });
  const routers = looks.filter(({ name }) => routerName.test(name));
  if (routers.length > 0)
    addFinding(survey, { kind: 'behind-router', detail: 'router-name', host, evidence: routers });
}

function judgeStranger(survey: Survey, mac: string, looks: readonly Look[]): void {
  const addresses = new Set(looks.flatMap(({ ip }) => (ip === '' || ip.includes(':') ? [] : [ip])));
  const isRouter = looks.some(({ name }) => routerName.test(name));
  if (isRouter || addresses.size >= 3)
    addFinding(survey, {
      kind: 'behind-router',
      detail: isRouter ? 'router-name' : 'many-addresses',
      subject: mac,
      evidence: looks,
    });
  else
    addFinding(survey, {
      kind: isLocallyAdministered(mac) ? 'randomised' : 'unregistered',
      detail: 'stranger',
      subject: mac,
      evidence: looks,
    });
}

/** Without subnets everything counts; with them what has an address in one, or no address at all (a switch's table). */
function isWithin(survey: Survey, looks: readonly Look[], subnets: readonly Subnet[]): boolean {
  if (subnets.length === 0) return true;
  const addresses = looks.map(({ ip }) => ip).filter((ip) => ip !== '');
  if (addresses.length > 0)
    return addresses.some((ip) => subnets.some((subnet) => containsIp(subnet, ip)));
  const vlans = new Set(survey.chosen.map(({ vlan, room }) => vlan || (room?.vlan ?? '')));
  return looks.some(({ vlan }) => vlan === '' || vlans.has(vlan));
}
