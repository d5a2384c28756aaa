import type { Binding } from '../model/export.ts';
import { parseIp } from '../model/ip.ts';
import { parseMac } from '../model/mac.ts';
import { makeBinding, type ReadBindings } from './dhcp-options.ts';

/** Reads the reservations of a dnsmasq configuration, or of a `dhcp-hostsfile` where the lines stand without `dhcp-host=`. One binding for each MAC address. */
export function readDnsmasq(text: string): ReadBindings {
  const bindings: Binding[] = [];
  const unknown: { line: number; text: string }[] = [];
  for (const [index, written] of text.split(/\r?\n/).entries()) {
    const line = index + 1;
    const setting = written.replace(/(?:^|\s)#.*$/, '').trim();
    if (setting === '' || /^(?:dhcp-range|dhcp-option)\s*=/.test(setting)) continue;
    const right = /^dhcp-host\s*=\s*(.*)$/.exec(setting)?.[1];
    const found = readHost(right ?? (setting.includes('=') ? '' : setting));
    if (found === undefined) unknown.push({ line, text: written });
    else for (const mac of found.macs) bindings.push(makeBinding({ ...found.rest, mac, line }));
  }
  return { bindings, unknown };
}

const besides = /^(?:id:\*|set:.*|(?:net|tag):.*|\d+[wdhms]?|infinite)$/i;
const address = /^(?:[0-9a-f]{1,2}:){5}[0-9a-f]{1,2}$/i;
const hostName = /^(?!ignore$)[a-z0-9_][a-z0-9_.-]*$/i;

/** The words of one reservation, which may stand in any order; undefined for one that names no MAC address or that has a word we do not know. */
function readHost(
  right: string,
): { macs: string[]; rest: { ip: string; name: string } } | undefined {
  const words = right
    .split(',')
    .map((word) => word.trim())
    .filter((word) => !besides.test(word));
  const macs = words
    .filter((word) => address.test(word))
    .flatMap((word) => {
      const parsed = parseMac(word);
      return 'mac' in parsed ? [parsed.mac] : [];
    });
  const others = words.filter((word) => !address.test(word));
  const ips = others.filter(isIp);
  const names = others.filter((word) => !isIp(word));
  if (macs.length === 0 || ips.length > 1 || names.length > 1) return undefined;
  const [name = ''] = names;
  return name === '' || hostName.test(name)
    ? { macs, rest: { ip: ips[0] ?? '', name } }
    : undefined;
}

function isIp(word: string): boolean {
  return /^\d+(?:\.\d+){3}$/.test(word) && 'ip' in parseIp(word);
}
