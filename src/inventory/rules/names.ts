import { explainHostName } from '../../model/dns-name.ts';
import type { Host } from '../../model/host.ts';
import { parseIp } from '../../model/ip.ts';
import { type Finding, type LintContext, placeOf, type Rule } from './rule.ts';

/** Rules about host names, which become computer names, DNS names and DHCP entries. */
export const nameRules: readonly Rule[] = [
  {
    name: 'bad-host-name',
    severity: 'error',
    summary: 'A host name is none that DNS and DHCP accept (RFC 1123, 2.1).',
    *find(context) {
      for (const host of context.inventory.hosts) {
        const message =
          isIp(host.name) || hasLookAlike(host.name) ? '' : explainHostName(host.name);
        if (message !== '') yield named(context, host, message, nameHint(host.name));
      }
    },
  },
  {
    name: 'look-alike-host-name',
    severity: 'error',
    summary: 'A host name has a letter that only looks like a Latin one.',
    *find(context) {
      for (const host of context.inventory.hosts)
        if (hasLookAlike(host.name))
          yield named(
            context,
            host,
            'has letters that only look like a to z or digits (full-width, Cyrillic or Greek)',
            `type the name again: "${straighten(host.name)}"`,
          );
    },
  },
  {
    name: 'host-name-like-ip',
    severity: 'warning',
    summary: 'A host is named by its address, which changes.',
    *find(context) {
      for (const host of context.inventory.hosts)
        if (isIp(host.name))
          yield named(
            context,
            host,
            'is named by an address, not by a name',
            'name the PC, such as a07, and write the address as ip',
          );
    },
  },
  {
    name: 'windows-host-name',
    severity: 'error',
    summary: 'A Windows host has a name that Windows cannot take: over 15 letters, or digits only.',
    *find(context) {
      for (const host of context.inventory.hosts) {
        const [label = ''] = host.name.split('.');
        if (!isWindows(host) || isIp(host.name)) continue;
        if (label.length > 15)
          yield named(
            context,
            host,
            `has ${label.length} letters; Windows cuts computer names at 15`,
            `shorten it, for example to "${label.slice(0, 15).replace(/-+$/, '')}"`,
          );
        else if (/^\d+$/.test(label))
          yield named(
            context,
            host,
            'has only digits, which Windows does not take as a computer name',
            `put a letter before them: "pc${label}"`,
          );
      }
    },
  },
];

function named(context: LintContext, host: Host, message: string, hint: string): Finding {
  return { ...placeOf(context, host), host: host.name, message, hint };
}

function isIp(name: string): boolean {
  return /^[\d.]+$|:/.test(name) && 'ip' in parseIp(name);
}

function isWindows(host: Host): boolean {
  return (
    host.connection.kind === 'winrm' ||
    host.connection.shellType === 'powershell' ||
    host.connection.shellType === 'cmd' ||
    /^win(?:dows)?(?![a-z])/i.test(host.profile) ||
    host.groups.includes('windows')
  );
}

function nameHint(name: string): string {
  const better = name
    .replaceAll(/[_\s]+/g, '-')
    .replaceAll(/[^A-Za-z0-9.-]/gu, '')
    .replaceAll(/^[-.]+|[-.]+$/g, '')
    .slice(0, 63);
  return better === '' || explainHostName(better) !== ''
    ? 'use letters, digits and hyphens, such as a07'
    : `write "${better}"`;
}

const latinOf: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ...{ а: 'a', в: 'b', е: 'e', к: 'k', м: 'm', о: 'o', р: 'p', с: 'c', т: 't', у: 'y', х: 'x' },
    ...{ А: 'A', В: 'B', Е: 'E', К: 'K', М: 'M', Н: 'H', О: 'O', Р: 'P', С: 'C', Т: 'T', Х: 'X' },
    ...{ і: 'i', ѕ: 's', ј: 'j', ο: 'o', Ο: 'O', α: 'a', Α: 'A', Β: 'B', Ε: 'E', ν: 'v' },
  }),
);

function straighten(name: string): string {
  return [...name]
    .map((letter) => {
      const code = letter.charCodeAt(0);
      if (code >= 0xff01 && code <= 0xff5e) return String.fromCharCode(code - 0xfee0);
      return latinOf.get(letter) ?? letter;
    })
    .join('')
    .replaceAll(/[\u00ad\u200b-\u200f\u2060\ufeff]/g, '')
    .replaceAll(/[\u2010-\u2015\u2212]/g, '-');
}

/** Only when the straightened name is a good one: a Russian word is not a slip. */
function hasLookAlike(name: string): boolean {
  return /[^\0-\x7f]/.test(name) && explainHostName(straighten(name)) === '';
}
