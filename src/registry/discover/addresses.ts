import type { Host } from '../../model/host.ts';
import { addFinding } from './findings.ts';
import type { Look } from './sightings.ts';
import { looksAtHost, macsOf, type Survey, shortName } from './survey.ts';
import { maySamePort } from './switch-port.ts';

/** From so many addresses on, a card routes for others or is given out anew each time. */
const manyAddresses = 3;

/** Compares each host's registered address with who answers there, and each card's addresses with the registered one. */
export function judgeAddresses(survey: Survey): void {
  for (const host of survey.chosen) judgeFacts(survey, host);
  for (const host of survey.chosen) judgeOthersAtIp(survey, host);
  for (const host of survey.chosen) judgeNewCardAtPort(survey, host);
  judgeGateways(survey);
  for (const host of survey.chosen) judgeOwnAddresses(survey, host);
}

/** What a host said of itself: another card than registered, or an address that only exists behind a router. */
function judgeFacts(survey: Survey, host: Host): void {
  const macs = macsOf(host);
  for (const look of survey.told.get(host.name) ?? []) {
    const isPrivate = /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)/.test(look.ip);
    const isElsewhere = host.room !== undefined && isPrivate && !survey.roomOf(look.ip);
    if (isElsewhere && look.ip !== host.ip) {
      addFinding(survey, { kind: 'behind-router', detail: 'nat', host, evidence: [look] });
      for (const { mac, ip } of survey.claims.get(host.ip) ?? []) explain(survey, mac, ip);
      explain(survey, look.mac, look.ip);
    }
    if (macs.size === 0 || macs.has(look.mac) || survey.byMac.has(look.mac)) continue;
    addFinding(survey, { kind: 'swapped-nic', detail: 'facts', host, evidence: [look] });
    explain(survey, look.mac, host.ip);
  }
}

function explain({ explained }: Survey, mac: string, ip: string): void {
  explained.add(mac).add(`${mac} ${ip}`);
}

function judgeOthersAtIp(survey: Survey, host: Host): void {
  const macs = macsOf(host);
  if (macs.size === 0) return;
  for (const look of survey.claims.get(host.ip) ?? []) {
    const { mac, ip } = look;
    if (macs.has(mac) || survey.gateways.has(mac) || survey.explained.has(`${mac} ${ip}`)) continue;
    const by = survey.byMac.get(mac);
    if (by) judgeRegistered(survey, host, by, look);
    else judgeStrange(survey, host, look);
    explain(survey, mac, ip);
  }
}

/** A card that nobody has registered, at the address of a host: the host's own new card, or somebody else's. */
function judgeStrange(survey: Survey, host: Host, look: Look): void {
  const own = looksAtHost(survey, host);
  const detail = own.length === 0 ? corroborate(host, look) : undefined;
  const evidence = allOf(survey, look);
  if (detail) {
    addFinding(survey, { kind: 'swapped-nic', detail, host, evidence });
    return;
  }
  const atIp = own.filter(({ ip }) => ip === host.ip);
  addFinding(survey, {
    kind: 'squatted',
    detail: atIp.length > 0 ? 'conflict' : 'by-stranger',
    host,
    subject: look.mac,
    evidence: [...evidence, ...atIp],
  });
}

/** Everything that was seen of the card a look is at. */
function allOf({ looksAt }: Survey, look: Look): readonly Look[] {
  return [look, ...(looksAt.get(look.mac) ?? []).filter((each) => each !== look)];
}

/** What else speaks for a strange card being the host's new one. */
function corroborate(host: Host, { name, port }: Look): 'name' | 'port' | undefined {
  if (name !== '' && shortName(name) === shortName(host.name)) return 'name';
  return port !== '' && host.switchPort !== '' && maySamePort(port, host.switchPort)
    ? 'port'
    : undefined;
}

function judgeRegistered(survey: Survey, host: Host, by: Host, look: Look): void {
  const macs = macsOf(host);
  const back = (survey.claims.get(by.ip) ?? []).filter(({ mac }) => macs.has(mac));
  if (back.length === 0) {
    addFinding(survey, { kind: 'squatted', detail: 'by-registered', host, by, evidence: [look] });
    return;
  }
  // So a pair is told once, by the first of the two.
  for (const { mac, ip } of back) explain(survey, mac, ip);
  addFinding(survey, {
    kind: 'exchanged',
    detail: 'pair',
    host,
    by,
    evidence: [look, ...back],
  });
}

/** A switch's table has no IP: there a single strange card at the port of a host that is seen nowhere is its new one. */
function judgeNewCardAtPort(survey: Survey, host: Host): void {
  if (host.switchPort === '' || host.macs.length === 0) return;
  if (looksAtHost(survey, host).length > 0) return;
  const looks = survey.strangersAt(host.switchPort).find(([look]) => {
    const isKnown = look !== undefined && !survey.explained.has(look.mac);
    return isKnown && maySamePort(look.port, host.switchPort);
  });
  const [look] = looks ?? [];
  if (!looks || !look) return;
  addFinding(survey, { kind: 'swapped-nic', detail: 'port', host, evidence: looks });
  survey.explained.add(look.mac);
}

/** The registered card with another address: another room's, or another one of its own room. */
function judgeOwnAddresses(survey: Survey, host: Host): void {
  const isIp6 = host.ip.includes(':');
  const held = (survey.looksAt.get(host.mac) ?? []).filter(
    ({ ip, holdsIp, mac }) =>
      ip !== '' && holdsIp && ip.includes(':') === isIp6 && !survey.explained.has(`${mac} ${ip}`),
  );
  const others = held.filter(({ ip }) => ip !== host.ip);
  if (host.ip === '' || others.length === 0) return;
  const count = new Set(others.map(({ ip }) => ip)).size;
  if (count >= manyAddresses) {
    addFinding(survey, { kind: 'behind-router', detail: 'many-addresses', host, evidence: others });
    return;
  }
  const isThere = held.some(({ ip }) => ip === host.ip);
  for (const look of others) {
    const room = survey.roomOf(look.ip);
    const isMoved = !isThere && room !== undefined && room.name !== host.room?.name;
    addFinding(survey, {
      kind: isMoved ? 'moved' : 'other-address',
      detail: isMoved ? 'room' : isThere ? 'also' : 'instead',
      host,
      evidence: [look],
    });
  }
}

/** A PC that answers for a room's gateway reads what others send. */
function judgeGateways(survey: Survey): void {
  const rooms = new Set(survey.chosen.map(({ room }) => room));
  for (const room of rooms)
    for (const look of survey.claims.get(room?.gateway ?? '') ?? []) {
      const by = survey.byMac.get(look.mac);
      if (!by || by.ip === look.ip || by.class === 'server') continue;
      explain(survey, look.mac, look.ip);
      addFinding(survey, {
        kind: 'squatted',
        detail: 'gateway',
        by,
        subject: look.ip,
        evidence: [look],
      });
    }
}
