import type { DiskRule } from '../../model/boot.ts';
import type { Image, ImageFile, ImagePartition } from '../../model/image.ts';
import { LabError } from '../../model/lab-error.ts';
import type { JobInput } from '../boot-desk-types.ts';

/** What a job holds beside what the desk decided. */
export interface JobSite {
  /** `http://10.1.0.2:8080`, no slash at its end. */
  readonly server: string;
  /** authorized_keys lines of the technicians. */
  readonly sshKeys: readonly string[];
}

type Line = readonly [key: string, ...values: (string | number)[]];

/** The job of a target as docs/netboot-protocol.md has it. Keys without a value are left out. Throws LabError 'input' where a value holds a control character, and 'environment' where an archive has no image. */
export function renderJob(input: JobInput, site: JobSite): string {
  const { arming, host, chosen, session, now } = input;
  const isRescue = chosen.profile.kind === 'rescue';
  const lines: Line[] = [
    ['job', 'lab.job/1'],
    ['host', host.name],
    ['seat', host.seat],
    ['room', host.room?.name ?? ''],
    ['server', site.server],
    ['session', session],
    ['now', Math.floor(now / 1000)],
    ...(isRescue ? [['kind', 'rescue'] as const] : diskLines(input)),
    ['hostname', host.name],
    ...optionLines(chosen.options),
    ...site.sshKeys.map((key) => ['sshkey', key] as const),
    ['firmware', shortFirmware(arming.told['firmware'] ?? '')],
    ['end'],
  ];
  return lines.map(renderLine).join('');
}

function diskLines({ arming, chosen }: JobInput): Line[] {
  const { image } = chosen;
  if (!image)
    throw new LabError(
      'environment',
      `the profile ${chosen.name} has no image to write`,
      'make it with lab image build, then arm again',
    );
  return [['disk', ...diskWords(arming.order.disk)], ...imageLines(image)];
}

/** A serial number may hold blanks: the target reads WWN and bytes from the end of the line. */
function diskWords(rule: DiskRule): string[] {
  if (rule.by === 'only') return ['only'];
  const { serial, wwn, bytes } = rule;
  if (/\s/.test(wwn)) throw refuse('disk', wwn);
  return ['fingerprint', serial.trim() || '-', wwn || '-', bytes > 0 ? String(bytes) : '-'];
}

function imageLines(image: Image): Line[] {
  return [
    ['kind', image.kind],
    ['image', image.name],
    ['stamp', image.stamp],
    ['bytes', image.files.reduce((sum, file) => sum + file.bytes, 0)],
    ...image.layout.map(partitionLine),
    ...image.files.flatMap(fileLines),
  ];
}

function partitionLine({ role, mebibytes, filesystem, grows }: ImagePartition): Line {
  return ['partition', role, mebibytes, filesystem, grows ? 'grows' : '-'];
}

function fileLines({ name, role, bytes, chunkBytes, partition, chunks }: ImageFile): Line[] {
  if (/\s/.test(name)) throw refuse('file', name);
  const wanted = Math.ceil(bytes / chunkBytes);
  if (chunks.length !== wanted)
    throw new LabError(
      'environment',
      `${name} has ${chunks.length} chunk sums, ${wanted} are needed`,
      'the manifest is damaged: lab image verify',
    );
  return [
    ['file', name, role, bytes, chunkBytes, partition ?? 0],
    ...chunks.map((sha256, index) => ['chunk', name, index, sha256] as const),
  ];
}

const optionKeys = ['domain', 'timezone', 'locale', 'keymap', 'user', 'after'] as const;

function optionLines(options: unknown): Line[] {
  const table = Object(options) as { readonly [name: string]: unknown };
  return optionKeys.map((key) => [key, typeof table[key] === 'string' ? table[key] : '']);
}

/** The target goes by what it runs on; this is what the service saw. */
function shortFirmware(firmware: string): string {
  return firmware.startsWith('uefi') ? 'uefi' : firmware;
}

function renderLine([key, ...values]: Line): string {
  const text = values.map(String).join(' ');
  if (/\p{Cc}|[\u2028\u2029]/u.test(text)) throw refuse(key, text);
  if (text === '' && key !== 'end') return '';
  return text === '' ? `${key}\n` : `${key} ${text}\n`;
}

function refuse(key: string, text: string): LabError {
  return new LabError(
    'input',
    `${JSON.stringify(text.slice(0, 60))} cannot stand in a job as ${key}`,
    'correct it where it was written: blanks and control characters would end the value',
  );
}
