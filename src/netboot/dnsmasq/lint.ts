import { containsIp, parseIp, parseSubnet } from '../../model/ip.ts';
import type { Problem } from '../../model/problem.ts';

/** One setting of a configuration. */
interface Setting {
  readonly line: number;
  readonly name: string;
  readonly value: string;
}

/** Looks for what `dnsmasq --test` lets pass and what then costs days: a stranger's directive, lost addresses, waits, boot answers that no firmware can use. All problems, none thrown. */
export function lintDnsmasq(text: string, file: string): Problem[] {
  const settings = readSettings(text);
  // Without DHCP it only serves files.
  const withDhcp = settings.some(({ name }) => name === 'log-dhcp' || name === 'dhcp-range');
  const found = [
    ...lintCharacters(text),
    ...lintDirectives(settings),
    ...lintServing(settings, withDhcp),
    ...(withDhcp ? lintBoot(settings) : []),
    ...lintHosts(settings),
  ];
  return found.map(({ line, rule, message, hint }) => ({
    ...{ severity: 'error', rule, file, line, column: 1, path: '', message, hint },
  }));
}

interface Found {
  readonly line: number;
  readonly rule: string;
  readonly message: string;
  readonly hint: string;
}

function readSettings(text: string): Setting[] {
  return text.split('\n').flatMap((written, index) => {
    const setting = written.replace(/^\s*#.*$/, '').trim();
    const at = setting.indexOf('=');
    if (setting === '') return [];
    const name = at < 0 ? setting : setting.slice(0, at).trim();
    return [{ line: index + 1, name, value: at < 0 ? '' : setting.slice(at + 1).trim() }];
  });
}

const known = new Set(
  [
    ['port', 'interface', 'except-interface', 'bind-interfaces', 'no-hosts', 'no-resolv', 'user'],
    ['log-dhcp', 'pid-file', 'leasefile-ro', 'dhcp-leasefile', 'dhcp-authoritative', 'no-ping'],
    ['dhcp-ignore-clid', 'enable-tftp', 'tftp-root', 'tftp-port-range', 'tftp-max', 'dhcp-match'],
    ['dhcp-userclass', 'dhcp-mac', 'pxe-service', 'dhcp-boot', 'dhcp-option', 'dhcp-option-force'],
    ['dhcp-range', 'dhcp-host', 'enable-ra', 'ra-param'],
    ['dhcp-vendorclass', 'dhcp-ignore', 'tag-if'],
  ].flat(),
);

/** Only what we write ourselves: nothing that reads another file, runs a program or answers for names. */
function lintDirectives(settings: readonly Setting[]): Found[] {
  return settings
    .filter(({ name }) => !known.has(name))
    .map(({ line, name }) => ({
      line,
      rule: 'foreign-directive',
      message: `"${name.slice(0, 40)}" is no setting of the boot service`,
      hint: 'the file is generated: change the inventory or the flags of lab netboot instead',
    }));
}

function lintCharacters(text: string): Found[] {
  return text.split('\n').flatMap((written, index) =>
    /[^\x20-\x7e]/.test(written)
      ? [
          {
            line: index + 1,
            rule: 'odd-character',
            message: 'has a character that is no printable ASCII',
            hint: 'look where the value was written: an inventory name, a path',
          },
        ]
      : [],
  );
}

function lintServing(settings: readonly Setting[], withDhcp: boolean): Found[] {
  const has = (name: string, value?: string) =>
    settings.some((one) => one.name === name && (value === undefined || one.value === value));
  const last = settings.at(-1)?.line ?? 1;
  const missing = (rule: string, message: string, hint: string): Found[] => [
    { line: last, rule, message, hint },
  ];
  const leases = settings.some(
    ({ name, value }) => name === 'dhcp-range' && !/,(?:proxy|ra-only)(?:,|$)/.test(value),
  );
  return [
    ...(has('port', '0') ? [] : missing('serves-names', 'it would answer DNS', 'write port=0')),
    ...(has('interface')
      ? []
      : missing('no-interface', 'it would serve every network', 'name one interface')),
    ...(has('bind-interfaces')
      ? []
      : missing('binds-all', 'it would take the ports of all interfaces', 'bind-interfaces')),
    ...(has('tftp-root')
      ? []
      : missing('no-tftp-root', 'TFTP would serve the whole machine', 'write tftp-root')),
    ...(has('dhcp-range') || !withDhcp
      ? []
      : missing('no-range', 'it would serve nobody', 'no subnet was found: check --interface')),
    ...(leases && !has('no-ping')
      ? missing('ping-check', 'each new PC would keep the others waiting', 'write no-ping')
      : []),
    ...(leases && !has('dhcp-ignore-clid')
      ? missing('client-ids', 'a new system would get another address', 'write dhcp-ignore-clid')
      : []),
  ];
}

function lintBoot(settings: readonly Setting[]): Found[] {
  const boots = settings.filter(({ name }) => name === 'dhcp-boot');
  const script = boots.filter(({ value }) => /^tag:ipxe,/.test(value));
  const withoutServer = boots
    .filter(({ value }) => !/,,(?:\d+\.){3}\d+$/.test(value))
    .map(({ line }) => ({
      line,
      rule: 'boot-without-server',
      message: 'names no server address: BIOS clients beside another DHCP server get none',
      hint: 'write the address behind two commas',
    }));
  const loops = settings
    .filter(
      ({ name, value }) =>
        name === 'pxe-service' || (name === 'dhcp-boot' && !/^tag:ipxe,/.test(value)),
    )
    .filter(({ value }) => !value.startsWith('tag:!ipxe,'))
    .map(({ line }) => ({
      line,
      rule: 'loader-loop',
      message: 'offers a loader to iPXE, which would load itself for ever',
      hint: 'begin with tag:!ipxe',
    }));
  const none =
    script.length === 1
      ? []
      : [
          {
            line: settings.at(-1)?.line ?? 1,
            rule: 'no-script',
            message: `iPXE is told ${script.length} scripts`,
            hint: 'exactly one dhcp-boot with tag:ipxe',
          },
        ];
  return [...withoutServer, ...loops, ...none];
}

/** A MAC address or an IP address that two PCs have, and addresses in no range. */
function lintHosts(settings: readonly Setting[]): Found[] {
  const ranges = settings
    .filter(({ name }) => name === 'dhcp-range')
    .flatMap(({ value }) => readRange(value));
  const seen = new Map<string, number>();
  return settings
    .filter(({ name }) => name === 'dhcp-host')
    .flatMap(({ line, value }) =>
      value.split(',').flatMap((text): Found[] => {
        const isIp = /^\d+(?:\.\d+){3}$/.test(text);
        if (!isIp && !/^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/.test(text)) return [];
        const before = seen.get(text);
        seen.set(text, line);
        return [
          ...(before === undefined ? [] : [tellTwice(line, text, before)]),
          ...(isIp && !ranges.some((range) => containsIp(range, text))
            ? [tellOutside(line, text)]
            : []),
        ];
      }),
    );
}

function tellTwice(line: number, text: string, before: number): Found {
  return {
    line,
    rule: 'twice',
    message: `${text} stands in line ${before} already`,
    hint: 'lab inventory validate tells which hosts share it',
  };
}

function tellOutside(line: number, ip: string): Found {
  return {
    line,
    rule: 'outside-range',
    message: `${ip} is in no subnet that is served`,
    hint: 'correct the address, or the subnet of its room',
  };
}

function readRange(value: string) {
  const [network, netmask] = value.split(',').filter((text) => 'ip' in parseIp(text));
  if (network === undefined || netmask === undefined || network.includes(':')) return [];
  const bits = netmask
    .split('.')
    .map((part) => Number(part).toString(2).padStart(8, '0'))
    .join('');
  const parsed = parseSubnet(`${network}/${bits.replace(/0+$/, '').length}`);
  return 'subnet' in parsed ? [parsed.subnet] : [];
}
