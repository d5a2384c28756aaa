import { isMapping, type Value } from '../../../model/value.ts';

/** The arguments of the `firewalld` module. */
export interface FirewallArgs {
  readonly service: string | undefined;
  readonly port: string | undefined;
  readonly protocol: string | undefined;
  readonly port_forward: readonly Value[] | undefined;
  readonly rich_rule: string | undefined;
  readonly source: string | undefined;
  readonly interface: string | undefined;
  readonly icmp_block: string | undefined;
  readonly icmp_block_inversion: string | undefined;
  readonly masquerade: string | undefined;
  readonly target: string | undefined;
  readonly zone: string | undefined;
  readonly state: string;
  readonly permanent: boolean | undefined;
  readonly immediate: boolean;
  readonly timeout: number;
  readonly offline: boolean | undefined;
}

/** What firewall-cmd(1) is asked and told: words after the zone. */
export interface FirewallWish {
  /** `service http`, `port 80/tcp`, as Ansible names it. */
  readonly what: string;
  readonly query: string;
  readonly add: string;
  readonly remove: string;
  readonly isEnabled: boolean;
  /** A zone and its target exist in the permanent settings alone. */
  readonly onlyPermanent: boolean;
  /** Zones are not asked for within a zone. */
  readonly isZone: boolean;
}

const kinds = [
  'icmp_block',
  'icmp_block_inversion',
  'service',
  'protocol',
  'port',
  'port_forward',
  'rich_rule',
  'interface',
  'masquerade',
  'source',
  'target',
] as const;

export function isPermanent({ permanent }: FirewallArgs): boolean {
  return permanent === true;
}

/** What does not go together in a `firewalld` task. */
export function firewallProblems(
  args: FirewallArgs,
  isRendered: (name: keyof FirewallArgs & string) => boolean,
): readonly string[] {
  const given = kinds.filter((kind) => args[kind] !== undefined);
  const { zone, state, port, port_forward, permanent, target } = args;
  const problems: string[] = [];
  if (given.length > 1) problems.push(`${given.join(' and ')} exclude each other`);
  if (zone === undefined && isRendered('zone') && (args.interface ?? target) !== undefined)
    problems.push('interface and target need zone');
  if (args.source !== undefined && permanent === undefined && isRendered('permanent'))
    problems.push('source needs permanent');
  if (port !== undefined && !/^[^/]+\/[^/]+$/.test(port.trim()))
    problems.push('improper port format (missing protocol?)');
  if (given.length > 0 && target === undefined && ['absent', 'present'].includes(state))
    problems.push('absent and present state can only be used in zone level operations');
  if (given.length === 0 && zone === undefined && kinds.every((kind) => isRendered(kind)))
    problems.push('say what is wanted: service, port, source or another, or a zone');
  if (port_forward !== undefined) problems.push(...forwardProblems(port_forward));
  return problems;
}

function forwardProblems(forwards: readonly Value[]): string[] {
  const [first, ...more] = forwards;
  if (more.length > 0) return ['Only one port forward supported at a time'];
  return ['port', 'proto', 'toport']
    .filter((name) => !isMapping(first) || first[name] === undefined)
    .map((name) => `${name} must be specified for port forward`);
}

/** The arguments as words for firewall-cmd. */
export function wishOf(args: FirewallArgs): FirewallWish {
  const isOn = args.state === 'enabled' || args.state === 'present';
  const kind = kinds.find((name) => args[name] !== undefined);
  const usual = { isEnabled: isOn, onlyPermanent: false, isZone: false };
  if (kind === undefined) return zoneWish(args, isOn);
  if (kind === 'target') return targetWish(args, isOn);
  const word = kind === 'port_forward' ? 'forward-port' : kind.replaceAll('_', '-');
  if (kind === 'masquerade' || kind === 'icmp_block_inversion') {
    const says = !/^(no|off|false|0|n|f)$/i.test(args[kind] ?? '');
    const words = { query: `--query-${word}`, add: `--add-${word}`, remove: `--remove-${word}` };
    return { ...usual, ...words, what: `${word} ${args[kind] ?? ''}`, isEnabled: isOn === says };
  }
  const value = kind === 'port_forward' ? forwardText(args) : (args[kind] ?? '').trim();
  // an interface may be in another zone
  const verb = kind === 'interface' || kind === 'source' ? 'change' : 'add';
  return {
    ...usual,
    what: `${kind === 'icmp_block' ? word : kind} ${value}`,
    query: `--query-${word}=${value}`,
    add: `--${verb}-${word}=${value}`,
    remove: `--remove-${word}=${value}`,
  };
}

function zoneWish({ zone = '' }: FirewallArgs, isOn: boolean): FirewallWish {
  return {
    what: `zone ${zone}`,
    query: '--get-zones',
    add: `--new-zone=${zone}`,
    remove: `--delete-zone=${zone}`,
    isEnabled: isOn,
    onlyPermanent: true,
    isZone: true,
  };
}

function targetWish({ target = '' }: FirewallArgs, isOn: boolean): FirewallWish {
  return {
    what: `target ${target}`,
    query: '--get-target',
    add: `--set-target=${target}`,
    remove: '--set-target=default',
    isEnabled: isOn,
    onlyPermanent: true,
    isZone: false,
  };
}

function forwardText({ port_forward }: FirewallArgs): string {
  const forward = port_forward?.[0];
  const { port, proto, toport, toaddr } = isMapping(forward) ? forward : {};
  const to = toaddr === undefined || toaddr === '' ? '' : `:toaddr=${String(toaddr)}`;
  return `port=${String(port)}:proto=${String(proto)}:toport=${String(toport)}${to}`;
}
