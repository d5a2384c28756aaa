import { parseIp } from '../model/ip.ts';
import { LabError } from '../model/lab-error.ts';
import { parseMac } from '../model/mac.ts';
import type { RegistryAsk } from '../model/registration.ts';

/** What somebody typed for a change; undefined where nothing was. */
export interface AskFields {
  readonly owner?: string | undefined;
  readonly ownerId?: string | undefined;
  readonly department?: string | undefined;
  readonly phone?: string | undefined;
  readonly mac?: string | undefined;
  readonly ip?: string | undefined;
  readonly seat?: string | undefined;
  readonly room?: string | undefined;
}

/** Reads what was typed as a change of the register; throws LabError 'input' for a value that cannot be meant. */
export function makeAsk(
  verb: RegistryAsk['verb'],
  host: string,
  fields: AskFields,
  status: RegistryAsk['status'] = '',
): RegistryAsk {
  return {
    verb,
    host,
    owner: {
      name: readWords('--owner', fields.owner),
      id: readWords('--owner-id', fields.ownerId),
      department: readWords('--department', fields.department),
      phone: readWords('--phone', fields.phone),
    },
    mac: readMac(fields.mac),
    ip: readIp(fields.ip),
    seat: readWords('--seat', fields.seat),
    room: readWords('--room', fields.room),
    status,
  };
}

/** A text of one line without what no terminal and no form shows; throws LabError 'input' otherwise. */
export function readWords(flag: string, text = ''): string {
  const tidy = text.normalize('NFC').trim();
  if (/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u.test(tidy))
    throw new LabError('input', `${flag} has a control character`, 'write plain text');
  if (tidy.length > 200)
    throw new LabError('input', `${flag} is longer than 200 characters`, 'write it shorter');
  return tidy;
}

function readMac(text = ''): string {
  if (text.trim() === '') return '';
  const parsed = parseMac(text);
  if ('mac' in parsed) return parsed.mac;
  throw new LabError('input', `--mac: ${parsed.problem}`, parsed.hint);
}

function readIp(text = ''): string {
  const tidy = text.trim();
  if (tidy === '') return '';
  const parsed = parseIp(tidy);
  if ('ip' in parsed) return parsed.ip;
  throw new LabError('input', `--ip: ${parsed.problem}`, parsed.hint);
}
