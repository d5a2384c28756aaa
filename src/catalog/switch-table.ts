import type { ImportSource } from '../model/import.ts';
import { readLines } from './import-lines.ts';

/** Lines that any switch's log has between its tables: rules, prompts with the command typed behind them, and what the pager left. */
export const switchRest: readonly RegExp[] = [
  /^[\s\-=*+]+$/,
  /^[<[][\w.@/~*-]{1,64}[>\]]\s*(?:(?:display|dis|screen-length|quit|system-view)\b.*)?$/i,
  /^[\w.@/-]{1,64}(?:\([\w-]+\))?[#>]\s*(?:(?:show|sh|terminal|term|exit|enable|do)\b.*)?$/i,
  /^\s*(?:display|show) (?:mac|arp|ip arp)\b/i,
  /^Flags?:|^Legend:|^Codes?:/i,
];

/** Huawei's `display arp` puts the VLAN of an entry alone into the next line; this puts it behind its entry and leaves an empty line. */
export function joinArpVlans(source: ImportSource): ImportSource {
  const lines = readLines(source).map(({ text }) => text);
  for (const [index, line] of lines.entries()) {
    const vlan = /^\s+(\d{1,4})\/\S*\s*$/.exec(line)?.[1];
    const before = lines[index - 1];
    if (vlan === undefined || before === undefined || !/^\d{1,3}\./.test(before)) continue;
    lines[index - 1] = `${before.trimEnd()} ${vlan}/-`;
    lines[index] = '';
  }
  return { file: source.file, bytes: new TextEncoder().encode(lines.join('\n')) };
}
