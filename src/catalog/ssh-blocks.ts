import type { Binding } from '../model/export.ts';
import { parseIp } from '../model/ip.ts';
import { makeBinding, type ReadBindings } from './dhcp-options.ts';

/** Settings that our own blocks have and that say nothing of an address. */
const beside = /^(?:hostkeyalias|user|port|identityfile)$/i;

/** Reads the blocks of an ssh_config that are for one name each; those for patterns, and settings that are none of ours, are returned as they are. */
export function readSshConfig(text: string): ReadBindings {
  const bindings: Binding[] = [];
  const unknown: { line: number; text: string }[] = [];
  let block: { name: string; at: number } | undefined;
  for (const [index, written] of text.split(/\r?\n/).entries()) {
    if (/^\s*(?:#|$)/.test(written)) continue;
    const line = index + 1;
    const [keyword, value] = splitLine(written);
    if (keyword === 'host' || keyword === 'match') block = undefined;
    if (keyword === 'host' && /^[\w.-]+$/.test(value)) {
      block = { name: value, at: bindings.length };
      bindings.push(makeBinding({ name: value, line }));
    } else if (keyword === 'hostname' && block) setAddress(bindings, block.at, value);
    else if (!block || !beside.test(keyword)) unknown.push({ line, text: written });
  }
  return { bindings, unknown };
}

/** The keyword in lower case, and what stands behind it or its equals sign. */
function splitLine(written: string): [keyword: string, value: string] {
  const [, keyword = '', value = ''] =
    /^\s*(\w+)(?:\s*=\s*|\s+)(\S.*)$/.exec(written.trimEnd()) ?? [];
  return [keyword.toLowerCase(), value];
}

function setAddress(bindings: Binding[], at: number, address: string): void {
  const binding = bindings[at];
  if (binding && 'ip' in parseIp(address)) bindings[at] = { ...binding, ip: address };
}
