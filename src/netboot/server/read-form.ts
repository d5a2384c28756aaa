import type { BootRequester, Firmware, TargetReport } from '../../model/boot.ts';
import { parseMac } from '../../model/mac.ts';
import type { BootNetwork } from '../boot-desk-types.ts';

/** Fields of a form or a query, as they came. */
export type Form = URLSearchParams;

const fieldLimit = 256;

/** One field: `NAME`, else `hex_NAME` as hexadecimal UTF-8; without control characters, cut at 256. '' when it is missing or no text. */
export function readField(form: Form, name: string): string {
  const hex = form.get(`hex_${name}`);
  const text = form.get(name) ?? (hex === null ? '' : readHex(hex));
  return text
    .replaceAll(/\p{Cc}/gu, ' ')
    .trim()
    .slice(0, fieldLimit);
}

/** Reads what `hexWord` wrote; '' for what is no UTF-8 in hexadecimal. */
export function readHex(hex: string): string {
  if (!/^(?:[0-9a-f]{2})*$/i.test(hex)) return '';
  return new TextDecoder().decode(Buffer.from(hex, 'hex'));
}

/** A MAC address in any spelling, as `parseMac` writes it; '' for what is none. */
export function readMac(text: string): string {
  const parsed = parseMac(text.slice(0, 40));
  return 'mac' in parsed ? parsed.mac : '';
}

/** The PC as it presents itself. */
export function readRequester(form: Form, address: string): BootRequester {
  return {
    mac: readMac(readField(form, 'mac')),
    uuid: readField(form, 'uuid').toLowerCase(),
    serial: readField(form, 'serial'),
    manufacturer: readField(form, 'manufacturer'),
    model: readField(form, 'product'),
    firmware: readFirmware(readField(form, 'platform'), readField(form, 'buildarch')),
    secureBoot: ['1', '01', 'true', 'yes'].includes(readField(form, 'secureboot')),
    address,
  };
}

/** iPXE's `platform` and `buildarch` (ipxe.org/cfg): the firmware kinds by what the loader was built for. */
function readFirmware(platform: string, arch: string): Firmware | '' {
  if (platform === 'pcbios' || platform === 'bios') return 'bios';
  if (platform !== 'efi' && platform !== 'uefi') return '';
  const byArch: { readonly [arch: string]: Firmware } = {
    x86_64: 'uefi-x64',
    amd64: 'uefi-x64',
    arm64: 'uefi-arm64',
    aarch64: 'uefi-arm64',
    i386: 'uefi-ia32',
    arm32: 'uefi-arm32',
  };
  return byArch[arch] ?? '';
}

/** The addresses that DHCP gave the PC. */
export function readNetwork(form: Form): BootNetwork {
  return {
    address: readIpv4(readField(form, 'ip')),
    netmask: readIpv4(readField(form, 'netmask')),
    gateway: readIpv4(readField(form, 'gateway')),
    dns: readIpv4(readField(form, 'dns')),
  };
}

/** An IPv4 address, or '': what a stranger sent ends up in a kernel line. */
function readIpv4(text: string): string {
  return /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/.test(text) ? text : '';
}

const reportStages = ['kernel', 'writing', 'installed', 'failed'] as const;
const toldFields = ['disk_serial', 'disk_wwn', 'disk_bytes', 'disk_name', 'firmware'];
const mostHostKeys = 8;

/** What a target reports; undefined for a stage that nobody knows. */
export function readReport(form: Form): TargetReport | undefined {
  const stage = reportStages.find((known) => known === form.get('stage'));
  if (!stage) return undefined;
  const hostKeys = form
    .getAll('hostkey')
    .slice(0, mostHostKeys)
    .filter((key) => /^[a-z0-9@.-]{1,64} [A-Za-z0-9+/=]{1,2000}$/.test(key.trim()))
    .map((key) => key.trim());
  const told = toldFields
    .map((name) => [name, readField(form, name)] as const)
    .filter(([, value]) => value !== '');
  const reason = readField(form, 'reason');
  const hint = readField(form, 'hint');
  return {
    stage,
    ...(form.has('total') || form.has('done') ? { progress: readProgress(form) } : {}),
    ...(hostKeys.length > 0 ? { hostKeys } : {}),
    ...(told.length > 0 ? { told: Object.fromEntries(told) } : {}),
    ...(reason === '' ? {} : { reason }),
    ...(hint === '' ? {} : { hint }),
  };
}

function readProgress(form: Form) {
  return {
    doneBytes: readCount(form.get('done')),
    totalBytes: readCount(form.get('total')),
    bytesPerSecond: readCount(form.get('rate')),
  };
}

function readCount(text: string | null): number {
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : 0;
}
