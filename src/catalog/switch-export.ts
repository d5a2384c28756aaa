import type { ExportContext } from '../model/export.ts';
import type { Host } from '../model/host.ts';
import { LabError } from '../model/lab-error.ts';
import { flag, type OptionTable, text, texts } from '../model/options.ts';
import type { Problem } from '../model/problem.ts';
import { checkedHosts, isLeftOut, primaryMac, problemOf, vlanOf } from './export-problems.ts';
import { type PortNames, parsePort, splitSwitchPort } from './switch-ports.ts';
import type { SwitchBinding, SwitchDialect } from './switch-text.ts';

/** Settings that the exports of all switches share. */
export interface SwitchOptions {
  /** The switch the lines are for, by the name that `switch_port` begins with; '' for all hosts. */
  readonly switch: string;
  readonly check: boolean;
  readonly uplinks: readonly string[];
  readonly rollback: boolean;
}

/** The table of those settings. */
export const switchOptions: OptionTable<SwitchOptions> = {
  switch: text('', 'only PCs whose switch_port names this switch'),
  check: flag(false, 'also the lines that switch checking on, for the ports of these PCs'),
  uplinks: texts([], 'ports to other switches, servers and access points: never checked'),
  rollback: flag(false, 'end with the lines that take it all back, as comments'),
};

export type Guards = 'nothing' | 'ports' | 'switch';

/** What the lines of one export say beside MAC and IP. */
export interface Wanted {
  readonly format: string;
  readonly ports: PortNames;
  readonly port: boolean;
  readonly vlan: boolean;
  /** Where these lines make the switch drop what is not bound: nowhere, on the ports of these hosts, or on all its ports. */
  readonly guards: Guards;
}

/** The bindings of hosts, in their order. Throws LabError 'input' with all problems: what every export refuses, the gateway's own address, ports this maker does not have, hosts that share a checked port and are not among these, uplinks with a host on them. */
export function planBindings(
  hosts: readonly Host[],
  options: SwitchOptions,
  wanted: Wanted,
  context: ExportContext,
): SwitchBinding[] {
  const chosen = selectOnSwitch(hosts, options.switch);
  const uplinks = readUplinks(options, wanted.ports);
  const needsPort = wanted.port || wanted.guards === 'ports';
  const kept = checkedHosts(
    wanted.format,
    chosen,
    { ip: true, macs: primaryMac, vlan: wanted.vlan },
    (each) => [
      ...each.flatMap(refuseGateway),
      ...(needsPort ? refusePorts(each, options, wanted.ports) : []),
      ...refuseCutOff(each, uplinks, context, wanted),
    ],
  );
  return kept.map((host) => ({
    mac: host.mac,
    ip: host.ip,
    vlan: wanted.vlan ? vlanOf(host) : '',
    port: wanted.port ? portOf(host, wanted.ports) : '',
  }));
}

/** The uplinks as the switch writes them; throws LabError 'usage' for one it cannot have. */
export function readUplinks(options: SwitchOptions, ports: PortNames): string[] {
  return options.uplinks.map((uplink) => {
    const port = parsePort(uplink.trim(), ports);
    if (port !== undefined) return port;
    throw new LabError('usage', `the uplink "${uplink}" is no port of this switch`, hintOf(ports));
  });
}

/** A whole text: a head, the lines, and what takes them back as comments when that is asked for. */
export function renderSwitchText(
  { comment }: Pick<SwitchDialect, 'comment'>,
  { head, lines, undo }: { head: string; lines: readonly string[]; undo: string },
): string {
  const back = undo
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith(comment))
    .map((line) => `${comment} ${line}`);
  const rollback = back.length === 0 ? [] : [`${comment} to take it back:`, ...back];
  return [`${comment} ${head}`, ...lines, ...rollback].map((line) => `${line}\n`).join('');
}

/** Of hosts, those that are plugged into a switch; all where it has no name. */
export function hostsOnSwitch(hosts: readonly Host[], name: string): readonly Host[] {
  if (name === '') return hosts;
  return hosts.filter(({ switchPort }) => splitSwitchPort(switchPort).device === name);
}

function selectOnSwitch(hosts: readonly Host[], name: string): readonly Host[] {
  const chosen = hostsOnSwitch(hosts, name);
  if (name === '' || chosen.length > 0) return chosen;
  const known = [...devicesOf(hosts)].filter((each) => each !== '').join(', ');
  throw new LabError(
    'usage',
    `none of these hosts is plugged into the switch "${name}"`,
    known === '' ? 'write switch_port: "NAME GE1/0/7" for the hosts' : `known are ${known}`,
  );
}

/** Names of the switches that hosts are plugged into; '' is one where only ports are written. */
export function devicesOf(hosts: readonly Host[]): Set<string> {
  return new Set(
    hosts
      .map(({ switchPort }) => splitSwitchPort(switchPort))
      .filter(({ port }) => port !== '')
      .map(({ device }) => device),
  );
}

/** Ports of bindings, each once; of a binding that does not tell, the port its host is plugged into. */
export function portsOf(
  bindings: readonly SwitchBinding[],
  hosts: readonly Host[],
  ports: PortNames,
): string[] {
  const known = new Map(hosts.map((host) => [host.mac, portOf(host, ports)]));
  const all = bindings.map(({ port, mac }) => port || (known.get(mac) ?? ''));
  return [...new Set(all)].filter((port) => port !== '');
}

function portOf({ switchPort }: Host, ports: PortNames): string {
  return parsePort(splitSwitchPort(switchPort).port, ports) ?? '';
}

function hintOf({ words, gap }: PortNames): string {
  return `write the port as in "${words.get('ge')}${gap}1/0/7" or "GE1/0/7"`;
}

function refuseGateway(host: Host): Problem[] {
  if (host.ip === '' || host.ip !== host.room?.gateway) return [];
  const message = `has ${host.ip}, the address of its own gateway`;
  const hint = 'bound to a PC, the whole room would lose its network';
  return [problemOf(host, 'ip', { rule: 'ip-is-gateway', message, hint })];
}

function refusePorts(hosts: readonly Host[], options: SwitchOptions, ports: PortNames): Problem[] {
  const devices = devicesOf(hosts);
  const severalSwitches = options.switch === '' && devices.size > 1;
  return hosts.flatMap((host) => {
    const { device, port } = splitSwitchPort(host.switchPort);
    const say = (message: string, hint: string) => [
      problemOf(host, 'switch_port', { rule: 'bad-switch-port', message, hint }),
    ];
    if (host.switchPort === '')
      return say(
        'has no switch_port',
        'write switch_port: "NAME GE1/0/7", or leave where=switch and check=false',
      );
    if (parsePort(port, ports) === undefined)
      return say(`is plugged into "${host.switchPort}", no port of this switch`, hintOf(ports));
    if (severalSwitches)
      return say(
        `is plugged into ${device === '' ? 'a switch without a name' : device}, others into another switch`,
        'export one switch at a time: --set switch=NAME',
      );
    return [];
  });
}

/** A PC or printer on a checked port without a binding would lose its network at once, and so would all behind an uplink. */
function refuseCutOff(
  hosts: readonly Host[],
  uplinks: readonly string[],
  { inventory }: ExportContext,
  { guards, ports }: Wanted,
): Problem[] {
  if (guards === 'nothing') return [];
  const placeOf = (host: Host): string => {
    const { device } = splitSwitchPort(host.switchPort);
    return guards === 'switch' ? device : `${device} ${portOf(host, ports)}`;
  };
  const plugged = hosts.filter(({ switchPort }) => switchPort !== '');
  const checked = new Map(plugged.map((host) => [placeOf(host), host]));
  const names = new Set(hosts.map(({ name }) => name));
  const strangers = inventory.hosts.filter(
    (host) => host.switchPort !== '' && !names.has(host.name) && !isLeftOut(host),
  );
  return [
    ...strangers.flatMap((host) => {
      const other = checked.get(placeOf(host));
      return other && !uplinks.includes(portOf(host, ports)) ? [tellStranger(host, other)] : [];
    }),
    ...hosts.filter((host) => uplinks.includes(portOf(host, ports))).map(tellUplink),
  ];
}

function tellStranger(host: Host, other: Host): Problem {
  return problemOf(host, 'switch_port', {
    rule: 'cut-off',
    message: `is plugged in where ${other.name} is checked, and is not among these hosts`,
    hint: 'checking would cut it off: export both, or name its port among the uplinks',
  });
}

function tellUplink(host: Host): Problem {
  return problemOf(host, 'switch_port', {
    rule: 'cut-off',
    message: `is on ${host.switchPort}, which is named as an uplink`,
    hint: 'an uplink is never checked: correct switch_port or uplinks',
  });
}
