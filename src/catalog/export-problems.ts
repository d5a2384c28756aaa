import { printable } from '../model/display.ts';
import { explainHostName } from '../model/dns-name.ts';
import type { Host } from '../model/host.ts';
import { foldNames } from '../model/host-names.ts';
import { parseIp } from '../model/ip.ts';
import { LabError } from '../model/lab-error.ts';
import { parseMac } from '../model/mac.ts';
import { type Problem, sortProblems } from '../model/problem.ts';

/** What the lines of an export are made of; each of these must then be there, be one its consumer reads rightly, and belong to one host only. */
export interface Needs {
  readonly name?: boolean;
  readonly ip?: boolean;
  /** The MAC addresses that are written of a host, at least one: `primaryMac`, `ownMacs` or `macsInUse`. */
  readonly macs?: (host: Host) => readonly string[];
  /** The VLAN of the host or else of its room, see `vlanOf`. */
  readonly vlan?: boolean;
}

/** Whether an export leaves a host out: one that is retired, and the machine that Labkit itself runs on. */
export function isLeftOut({ status, name, connection }: Host): boolean {
  return status === 'retired' || (name === 'localhost' && connection.kind === 'local');
}

/** The hosts to write, without those left out. Throws LabError 'input' with all problems: those that `needs` names and those that `more` finds. */
export function checkedHosts(
  format: string,
  hosts: readonly Host[],
  needs: Needs,
  more: (hosts: readonly Host[]) => readonly Problem[] = () => [],
): readonly Host[] {
  const kept = hosts.filter((host) => !isLeftOut(host));
  if (kept.length === 0)
    throw new LabError(
      'input',
      `there is no host to write as ${format}`,
      'retired hosts and the machine Labkit runs on are left out; choose others',
    );
  refuseProblems(format, [...findProblems(kept, needs), ...more(kept)]);
  return kept;
}

/** Throws LabError 'input' when there are problems; nothing of an export is written then. */
export function refuseProblems(format: string, problems: readonly Problem[]): void {
  if (problems.length === 0) return;
  throw new LabError(
    'input',
    `${problems.length === 1 ? 'one problem stands' : `${problems.length} problems stand`} in the way of the ${format} export; nothing was written`,
    'correct the inventory, or choose only hosts that have what is needed',
    { problems: sortProblems(problems) },
  );
}

/** A problem of one host, at the place where the variable was written, or else the host. `message` goes on after the host's name. */
export function problemOf(
  host: Host,
  variable: string,
  words: Pick<Problem, 'rule' | 'message' | 'hint'>,
): Problem {
  const at = host.originOf(variable) ?? host.at;
  const path = variable === '' ? host.name : `${host.name}.${variable}`;
  const message = `${printable(host.name)} ${words.message}`;
  return { ...at, severity: 'error', path, rule: words.rule, message, hint: words.hint };
}

/** The primary interface's address, for consumers that take one address for one host. */
export function primaryMac({ mac }: Host): readonly string[] {
  return mac === '' ? [] : [mac];
}

/** The addresses a host takes its IP with: of docks, which hosts share, and of management boards, which are computers of their own, none but the primary. */
export function ownMacs({ macs }: Host): readonly string[] {
  return macs
    .filter(({ role, primary }) => primary || role === 'wired' || role === 'wifi')
    .map(({ addr }) => addr);
}

/** All addresses a host's own traffic may come from; one of a dock may be that of other hosts, too. */
export function macsInUse({ macs }: Host): readonly string[] {
  return macs.filter(({ role, primary }) => primary || role !== 'bmc').map(({ addr }) => addr);
}

/** The VLAN a host is in: its own, or else that of its room; '' where nobody wrote one. */
export function vlanOf(host: Host): string {
  return host.vlan || (host.room?.vlan ?? '');
}

/** One sentence for each reason why hosts were left out, for the warnings of an export. */
export function tellLeftOut(hosts: readonly Host[]): string[] {
  const retired = hosts.filter(({ status }) => status === 'retired').map(({ name }) => name);
  return retired.length === 0
    ? []
    : [`Left out because they are retired: ${printable(foldNames(retired))}.`];
}

function findProblems(hosts: readonly Host[], { name, ip, macs, vlan }: Needs): Problem[] {
  const problems = hosts.flatMap((host) => [
    ...(name ? checkName(host) : []),
    ...(ip ? checkIp(host) : []),
    ...(macs ? checkMacs(host, macs(host)) : []),
    ...(vlan ? checkVlan(host) : []),
  ]);
  if (name) problems.push(...findTwice(hosts, 'name', (host) => [host.name.toLowerCase()]));
  if (ip) problems.push(...findTwice(hosts, 'ip', (host) => [host.ip]));
  if (macs)
    problems.push(
      ...findTwice(hosts, 'mac', (host) => macs(host).filter((addr) => !isDock(host, addr))),
    );
  return problems;
}

function isDock({ macs }: Host, addr: string): boolean {
  return macs.some((mac) => mac.addr === addr && mac.role === 'dock' && !mac.primary);
}

function checkName(host: Host): Problem[] {
  const hint = 'use letters, digits and hyphens, such as a07';
  const isAddress = /^[\d.]+$/.test(host.name) && 'ip' in parseIp(host.name);
  const why = isAddress
    ? 'is named by an address, which is no host name'
    : explainHostName(host.name);
  return why === ''
    ? []
    : [problemOf(host, '', { rule: 'bad-host-name', message: printable(why), hint })];
}

/** Addresses that no host has: this network, loopback, multicast and what lies above (RFC 6890, 2.2). */
const unusableIp = /^(?:0|127|22[4-9]|2[345]\d)\./;

/** Whether a text is an IPv4 address that one host can have. */
export function isHostIp(ip: string): boolean {
  return !ip.includes(':') && 'ip' in parseIp(ip) && !unusableIp.test(ip);
}

function checkIp(host: Host): Problem[] {
  const hint = 'write ip: with four numbers, such as "10.1.1.21", or choose hosts that have one';
  const say = (rule: string, message: string) => [problemOf(host, 'ip', { rule, message, hint })];
  if (host.ip === '') return say('no-ip', 'has no IP address');
  if (isHostIp(host.ip)) return [];
  return say('bad-ip', `has ${printable(host.ip)}, which is no IPv4 address that a host can have`);
}

function checkMacs(host: Host, addresses: readonly string[]): Problem[] {
  if (addresses.length === 0) {
    const hint = 'write mac: "52:54:00:aa:bb:cc" with its address, or choose hosts that have one';
    return [problemOf(host, 'mac', { rule: 'no-mac', message: 'has no MAC address', hint })];
  }
  return addresses.flatMap((addr) => {
    const parsed = parseMac(addr);
    if ('mac' in parsed && parsed.mac === addr) return [];
    const message = `has ${printable(addr)}, which is no network card's address`;
    const hint = 'write six pairs of hex digits, such as "52:54:00:aa:bb:cc"';
    return [problemOf(host, 'mac', { rule: 'bad-mac', message, hint })];
  });
}

/** What is wrong with the VLAN of a host (IEEE 802.1Q, 9.6: 1 to 4094), or that it has none. */
export function checkVlan(host: Host): Problem[] {
  const vlan = vlanOf(host);
  const hint = 'write vlan: with a number from 1 to 4094, for the host or in its room';
  if (vlan === '')
    return [problemOf(host, 'vlan', { rule: 'no-vlan', message: 'has no VLAN', hint })];
  if (/^[1-9]\d{0,3}$/.test(vlan) && Number(vlan) <= 4094) return [];
  const message = `has the VLAN ${printable(vlan)}, which is none`;
  return [problemOf(host, 'vlan', { rule: 'bad-vlan', message, hint })];
}

const wordOf = { name: 'name', ip: 'IP address', mac: 'MAC address' } as const;

/** A problem for each value that is there a second time, told of the later host. */
export function findTwice(
  hosts: readonly Host[],
  what: 'name' | 'ip' | 'mac',
  read: (host: Host) => readonly string[],
): Problem[] {
  const holders = new Map<string, Host>();
  const problems: Problem[] = [];
  for (const host of hosts)
    for (const value of read(host).filter((text) => text !== '')) {
      const holder = holders.get(value);
      if (holder) problems.push(tellTwice(host, holder, what, value));
      else holders.set(value, host);
    }
  return problems;
}

function tellTwice(host: Host, holder: Host, what: 'name' | 'ip' | 'mac', value: string): Problem {
  const whose = host === holder ? 'twice' : `which is also that of ${printable(holder.name)}`;
  return problemOf(host, what === 'name' ? '' : what, {
    rule: what === 'name' ? 'duplicate-host-name' : `duplicate-${what}`,
    message: `has the ${wordOf[what]} ${printable(value)}, ${whose}`,
    hint: 'find out on the hosts themselves which of the two is right',
  });
}
