import type { FindingDetail, FindingKind, Sighting, Standing } from '../../model/discovery.ts';
import type { Host } from '../../model/host.ts';
import type { Survey } from './survey.ts';

/** What a rule found. `host` is whom it is about, if anybody; `subject` tells findings about strangers apart. */
export interface Find {
  readonly kind: FindingKind;
  readonly detail: FindingDetail;
  readonly host?: Host | undefined;
  readonly by?: Host | undefined;
  readonly subject?: string;
  readonly configured?: Standing;
  readonly evidence: readonly Sighting[];
}

const mostEvidence = 20;
const nothing: Standing = { mac: '', ip: '', name: '', vlan: '', port: '' };

/** Keeps a finding; one of the same kind about the same host and doer only gets more evidence. */
export function addFinding({ findings, roomOf }: Survey, found: Find): void {
  const { kind, detail, host, by, subject = '', configured, evidence } = found;
  const key = [kind, host?.name ?? '', by?.name ?? '', subject].join('\0');
  const known = findings.get(key);
  const all = [...(known?.evidence ?? []), ...evidence].map(plainSighting);
  const [first] = known ? [known.observed] : evidence;
  findings.set(key, {
    kind,
    detail: known?.detail ?? detail,
    host: host?.name ?? '',
    room: (host ? host.room : roomOf(all[0]?.ip ?? ''))?.name ?? '',
    seat: host?.seat ?? '',
    by: by?.name ?? '',
    registered: host ? standingOf(host) : nothing,
    configured: known?.configured ?? configured ?? nothing,
    observed: first && kind !== 'stale' ? pick(first) : nothing,
    evidence: all.slice(0, mostEvidence),
  });
}

/** What the register says of a host. */
function standingOf({ mac, ip, name, vlan, switchPort }: Host): Standing {
  return { mac, ip, name, vlan, port: switchPort };
}

function pick({ mac, ip, name, vlan, port }: Standing): Standing {
  return { mac, ip, name, vlan, port };
}

function plainSighting(look: Sighting): Sighting {
  const { source, place, seenAt } = look;
  return { ...pick(look), source, place, seenAt };
}
