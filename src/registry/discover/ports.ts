import { addFinding } from './findings.ts';
import type { Survey } from './survey.ts';
import { maySamePort } from './switch-port.ts';

/** So many cards at one plug mean a switch, router or access point behind it. */
const manyMacs = 3;

/** Compares each host's registered port and VLAN with where its cards were seen, and looks for plugs that several cards share. */
export function judgePorts(survey: Survey): void {
  judgePlaces(survey);
  judgeSharedPlugs(survey);
}

function judgePlaces(survey: Survey): void {
  for (const host of survey.chosen) {
    const looks = (survey.looksAt.get(host.mac) ?? []).filter((look) => !survey.isUplink(look));
    const elsewhere = looks.filter(
      ({ port }) => port !== '' && host.switchPort !== '' && !maySamePort(port, host.switchPort),
    );
    if (elsewhere.length > 0)
      addFinding(survey, { kind: 'moved', detail: 'port', host, evidence: elsewhere });
    const vlan = host.vlan === '' ? (host.room?.vlan ?? '') : host.vlan;
    const otherVlan = looks.filter((look) => look.vlan !== '' && vlan !== '' && look.vlan !== vlan);
    if (otherVlan.length > 0)
      addFinding(survey, { kind: 'moved', detail: 'vlan', host, evidence: otherVlan });
  }
}

function judgeSharedPlugs(survey: Survey): void {
  for (const looks of survey.plugs.values()) {
    const macs = new Set(looks.map(({ mac }) => mac));
    const [first] = looks;
    if (macs.size < manyMacs || !first) continue;
    const registered = looks
      .map(({ mac }) => survey.byMac.get(mac))
      .find((host) => host !== undefined && survey.isChosen(host));
    addFinding(survey, {
      kind: 'behind-router',
      detail: 'many-macs',
      host: registered,
      subject: `${first.source} ${first.port}`,
      evidence: looks,
    });
    for (const mac of macs) if (!survey.byMac.has(mac)) survey.explained.add(mac);
  }
}
