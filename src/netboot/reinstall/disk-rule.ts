import type { DiskRule } from '../../model/boot.ts';
import type { Host } from '../../model/host.ts';
import type { AnyProfile } from '../../model/profile.ts';
import { isMapping, type Value, type Vars } from '../../model/value.ts';

/** Which disk a reinstall will wipe: the rule that travels to the target, and how it is shown to people. */
export interface ChosenDisk {
  readonly rule: DiskRule;
  readonly shown: string;
}

/** What was found instead of a disk rule. */
export interface BadDisk {
  readonly problem: string;
  readonly hint: string;
}

const example =
  'write disk: {serial: "S3Z9NB0K123456"}, or wwn, and bytes, as lab facts shows them';

/** Chooses the disk of a host: by the fingerprint in its variable `disk` (serial, wwn, bytes), else the only fixed internal one; the last facts only say which one that was. Refused are a device name such as /dev/sda, which is another disk tomorrow, and a rule that the profile's installer cannot go by. */
export function selectDisk(
  host: Host,
  { facts, profile }: { readonly facts?: Vars; readonly profile?: AnyProfile } = {},
): ChosenDisk | BadDisk {
  const chosen = readDisk(host, facts);
  const refused = 'rule' in chosen ? profile?.refuseDisk?.(chosen.rule) : undefined;
  if (refused === undefined) return chosen;
  return { problem: `${host.name}: ${refused.problem}`, hint: refused.hint };
}

function readDisk(host: Host, facts: Vars | undefined): ChosenDisk | BadDisk {
  const written = host.vars['disk'];
  if (written === undefined || written === null || written === '')
    return { rule: { by: 'only' }, shown: showOnly(facts) };
  const rule = isMapping(written) ? readFingerprint(written) : undefined;
  if (rule) return { rule, shown: showFingerprint(rule) };
  return {
    problem: `${host.name}: its variable "disk" is no fingerprint of a disk`,
    hint: example,
  };
}

type Fingerprint = Extract<DiskRule, { readonly by: 'fingerprint' }>;

function readFingerprint(written: { readonly [key: string]: Value }): Fingerprint | undefined {
  const known = ['serial', 'wwn', 'bytes'];
  if (Object.keys(written).some((key) => !known.includes(key))) return undefined;
  const word = (key: string): string | undefined => {
    const value = written[key] ?? '';
    const text = typeof value === 'string' || typeof value === 'number' ? `${value}` : ' ';
    return /^[\w.:+-]{0,64}$/.test(text) ? text : undefined;
  };
  const [serial, wwn] = [word('serial'), word('wwn')];
  const bytes = Number(written['bytes'] ?? 0);
  const isSize = Number.isSafeInteger(bytes) && bytes >= 0;
  if (serial === undefined || wwn === undefined || !isSize) return undefined;
  // A size alone fits every disk of a room.
  return serial === '' && wwn === '' ? undefined : { by: 'fingerprint', serial, wwn, bytes };
}

function showFingerprint({ serial, wwn, bytes }: Fingerprint): string {
  const size = bytes > 0 ? ` ${gigabytes(bytes)}` : '';
  return `${serial === '' ? `wwn ${wwn}` : serial}${size}`;
}

function showOnly(facts: Vars | undefined): string {
  const devices = facts?.['ansible_devices'];
  const fixed = Object.entries(isMapping(devices) ? devices : {}).filter(isFixed);
  const seen = fixed.map(([name, device]) => {
    const { serial, sectors } = isMapping(device) ? device : {};
    const known = typeof serial === 'string' && serial !== '' ? serial : name;
    return `${known} ${gigabytes(Number(sectors) * 512)}`;
  });
  return seen.length === 0 ? 'the only fixed one' : `the only fixed one: ${seen.join(' or ')}`;
}

/** Optical, loop and mapped devices are no disks; what says it is removable never counts. */
function isFixed([name, device]: readonly [string, Value]): boolean {
  const { removable, sectors } = isMapping(device) ? device : {};
  return /^(sd|nvme|vd|hd|mmcblk|xvd)/.test(name) && removable !== '1' && Number(sectors) > 0;
}

function gigabytes(bytes: number): string {
  return `${Math.round(bytes / 1e9)} GB`;
}
