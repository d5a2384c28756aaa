import { parseMac } from '../model/mac.ts';

/** What a cell with MAC addresses says: one a line, a role in brackets where it is not the wired one; or why it cannot be used. */
export type ReadMacs =
  | { readonly text: string; readonly note: string }
  | { readonly problem: string; readonly hint: string };

/** Reads the one or several MAC addresses of a cell; several stand on lines of their own or between 、 ; , / |. `heading` may tell the role, as in "无线MAC". */
export function readMacCell(text: string, heading = ''): ReadMacs {
  const whole = parseMac(text);
  const parts = 'mac' in whole ? [text] : splitMacs(text);
  const macs: string[] = [];
  for (const part of parts) {
    const parsed = parseMac(part);
    if ('problem' in parsed) return parts.length === 1 ? withProblem(whole) : parsed;
    const role = roleOf(`${parsed.note ?? ''} ${heading}`);
    macs.push(role === 'wired' ? parsed.mac : `${parsed.mac} (${role})`);
  }
  const once = [...new Set(macs)];
  return { text: once.join('\n'), note: once.length > 1 ? `${once.length} addresses` : '' };
}

function withProblem(parsed: ReturnType<typeof parseMac>): { problem: string; hint: string } {
  return 'problem' in parsed ? parsed : { problem: 'it is not a MAC address', hint: '' };
}

function splitMacs(text: string): string[] {
  const parts = text.split(/[\r\n、;；,，/|／｜]+/).filter((part) => part.trim() !== '');
  if (parts.length > 1) return parts;
  const words = text.trim().split(/\s+/);
  return words.length > 1 && words.every((word) => 'mac' in parseMac(word)) ? words : [text];
}

/** The role that people write beside an address. */
export function roleOf(note: string): 'wired' | 'wifi' | 'dock' | 'bmc' {
  if (/无线|wi-?fi|wlan|wireless/i.test(note)) return 'wifi';
  if (/扩展坞|dock/i.test(note)) return 'dock';
  return /\b(?:bmc|ipmi|idrac|ilo)\b|管理口/i.test(note) ? 'bmc' : 'wired';
}
