import type { HostMac, Owner } from '../model/host.ts';
import { parseIp } from '../model/ip.ts';
import { parseMac } from '../model/mac.ts';
import { isMapping } from '../model/value.ts';
import {
  flagOf,
  isVault,
  type Part,
  partsOf,
  type Reader,
  readText,
  reportValue,
  textOf,
} from './resolve-values.ts';

const roles = ['wired', 'wifi', 'dock', 'bmc'] as const;

/** Reads `mac`: one address, or a list of addresses with their roles. Exactly one is primary: the one marked so, else the first wired one, else the first. */
export function readMacs(reader: Reader): readonly HostMac[] {
  const assignment = reader.effective.get('mac');
  if (!assignment || isVault(assignment.value)) return [];
  const isList = Array.isArray(assignment.value);
  const parts = isList ? [...partsOf(assignment)] : [['', assignment] as const];
  const found = parts.flatMap(([index, part]) => {
    const path = isList ? `${assignment.path}.${index}` : assignment.path;
    return isMapping(part.value)
      ? readMacEntry(reader, path, part)
      : readAddress(reader, path, part, 'wired', false);
  });
  const marked = found.findIndex(({ primary }) => primary);
  const wired = found.findIndex(({ role }) => role === 'wired');
  const chosen = Math.max(marked === -1 ? wired : marked, 0);
  return found.map((mac, index) => ({ ...mac, primary: index === chosen }));
}

function readMacEntry(reader: Reader, path: string, part: Part): HostMac[] {
  const fields = partsOf(part);
  const addr = fields.get('addr');
  if (!addr) {
    reportValue(reader, path, part.node, {
      rule: 'bad-mac',
      message: 'an entry of mac has no addr',
      hint: 'write {addr: "52:54:00:aa:bb:cc", role: wired}',
    });
    return [];
  }
  const role = readRole(reader, path, fields.get('role'));
  const primary = fields.get('primary');
  const isPrimary = primary === undefined ? false : flagOf(primary.value);
  if (primary && isPrimary === undefined)
    reportValue(reader, `${path}.primary`, primary.node, {
      rule: 'bad-boolean',
      message: 'primary is neither true nor false',
      hint: 'write true or false',
    });
  return readAddress(reader, `${path}.addr`, addr, role, isPrimary ?? false);
}

function readRole(reader: Reader, path: string, part: Part | undefined): HostMac['role'] {
  const text = part && textOf(part);
  const role = roles.find((word) => word === text);
  if (part && text !== '' && role === undefined)
    reportValue(reader, `${path}.role`, part.node, {
      rule: 'bad-mac-role',
      message: 'the role of a MAC address is not one of those known',
      hint: `write one of ${roles.join(', ')}`,
    });
  return role ?? 'wired';
}

function readAddress(
  reader: Reader,
  path: string,
  part: Part,
  role: HostMac['role'],
  primary: boolean,
): HostMac[] {
  const text = textOf(part);
  if (text === '') return [];
  const parsed = parseMac(text ?? '');
  if ('mac' in parsed) return [{ addr: parsed.mac, role, primary }];
  const isText = text !== undefined;
  reportValue(reader, path, part.node, {
    rule: 'bad-mac',
    message: isText ? parsed.problem : 'mac takes a text or a list',
    hint: isText ? parsed.hint : 'write mac: "52:54:00:aa:bb:cc"',
  });
  return [];
}

/** Reads `ip`; '' when there is none or it is no address. */
export function readIp(reader: Reader): string {
  const text = readText(reader, 'ip');
  const assignment = reader.effective.get('ip');
  if (text === '' || !assignment) return '';
  const parsed = parseIp(text);
  if ('ip' in parsed) return parsed.ip;
  reportValue(reader, assignment.path, assignment.node, {
    rule: 'bad-ip',
    message: parsed.problem,
    hint: parsed.hint,
  });
  return '';
}

/** A UUID as RFC 9562 writes it, in lower case; firmware and people use either case. */
export function readUuid(reader: Reader): string {
  const text = readText(reader, 'uuid').trim();
  const assignment = reader.effective.get('uuid');
  if (text === '' || !assignment) return '';
  const digits = text.replace(/^\{(.*)\}$/, '$1').toLowerCase();
  if (/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(digits)) return digits;
  reportValue(reader, assignment.path, assignment.node, {
    rule: 'bad-uuid',
    message: 'the UUID is not 32 hex digits in groups of 8-4-4-4-12',
    hint: 'read it on the host: cat /sys/class/dmi/id/product_uuid, or wmic csproduct get uuid',
  });
  return '';
}

/** Reads `owner`: a mapping, or a name alone. */
export function readOwner(reader: Reader): Owner {
  const assignment = reader.effective.get('owner');
  const nobody = { name: '', id: '', department: '', phone: '' };
  if (!assignment || isVault(assignment.value)) return nobody;
  if (!isMapping(assignment.value)) {
    const name = textOf(assignment);
    if (name === undefined)
      reportValue(reader, assignment.path, assignment.node, {
        rule: 'bad-owner',
        message: 'owner takes a mapping or a name, not a list',
        hint: 'write owner: {name: ..., id: "0123", department: ..., phone: "..."}',
      });
    return { ...nobody, name: name ?? '' };
  }
  const fields = partsOf(assignment);
  const field = (name: keyof Owner): string => {
    const part = fields.get(name);
    const text = part ? textOf(part) : '';
    if (part && text === undefined && !isVault(part.value))
      reportValue(reader, `${assignment.path}.${name}`, part.node, {
        rule: 'bad-owner',
        message: `${name} of the owner takes a text`,
        hint: `write one value behind "${name}:"`,
      });
    return text ?? '';
  };
  return {
    name: field('name'),
    id: field('id'),
    department: field('department'),
    phone: field('phone'),
  };
}
