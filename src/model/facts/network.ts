import { makeVars, type Value, type Vars } from '../value.ts';
import { type HostFiles, linesOf, namesUnder, textOf } from './read-files.ts';

interface Address {
  readonly device: string;
  readonly family: 4 | 6;
  readonly facts: { readonly [name: string]: Value };
  readonly label: string;
  readonly secondary: boolean;
}

/** Interfaces, addresses and the ways out. `stdout` is `ip addr`, then `ip route get` for both families, apart by `---`. */
export function readNetwork(files: HostFiles, stdout: string): Vars {
  const [addressText = '', route4 = '', route6 = ''] = stdout.split(/^---$/m);
  const addresses = readAddresses(addressText);
  const names = namesUnder(files, '/sys/class/net/', '/mtu');
  const cards = new Map(names.map((name) => [name, readCard(files, name, addresses)]));
  const facts = makeVars(
    [...cards].map(([name, card]) => [`ansible_${name.replaceAll(/[:.-]/g, '_')}`, card]),
  );
  const listed = (family: 4 | 6, but: RegExp) =>
    addresses
      .filter((one) => one.family === family)
      .map((one) => String(one.facts['address']))
      .filter((ip) => !but.test(ip));
  return makeVars([
    ...Object.entries(facts),
    ['ansible_interfaces', names],
    ['ansible_all_ipv4_addresses', listed(4, /^127\./)],
    ['ansible_all_ipv6_addresses', listed(6, /^::1$/)],
    ['ansible_default_ipv4', readDefault(route4, addresses, cards)],
    ['ansible_default_ipv6', readDefault(route6, addresses, cards)],
    ['ansible_dns', readDns(files)],
  ]);
}

/** ARPHRD numbers of linux/if_arp.h. */
const types = new Map([
  ['1', 'ether'],
  ['32', 'infiniband'],
  ['512', 'ppp'],
  ['772', 'loopback'],
  ['65534', 'tunnel'],
]);

function readCard(files: HostFiles, name: string, addresses: readonly Address[]): Vars {
  const of = (path: string) => textOf(files, `/sys/class/net/${name}/${path}`);
  const mac = of('address');
  const speed = of('speed');
  const own = addresses.filter((one) => one.device === name);
  const first = own.find((one) => one.family === 4 && !one.secondary);
  const others = own.filter((one) => one.family === 4 && one !== first).map((one) => one.facts);
  const six = own.filter((one) => one.family === 6).map((one) => one.facts);
  const kind = files.has(`/sys/class/net/${name}/bridge/bridge_id`)
    ? 'bridge'
    : files.has(`/sys/class/net/${name}/bonding/mode`)
      ? 'bonding'
      : (types.get(of('type') ?? '') ?? 'unknown');
  return makeVars([
    ['device', name],
    ...(mac === undefined || mac === '00:00:00:00:00:00' ? [] : [['macaddress', mac] as const]),
    ['mtu', Number(of('mtu') ?? 0)],
    ['active', of('operstate') !== 'down'],
    ['type', kind],
    ['promisc', (Number(of('flags') ?? 0) & 0x100) > 0],
    ...(speed === undefined ? [] : [['speed', Number(speed)] as const]),
    ...(first === undefined ? [] : [['ipv4', first.facts] as const]),
    ...(others.length === 0 ? [] : [['ipv4_secondaries', others] as const]),
    ...(six.length === 0 ? [] : [['ipv6', six] as const]),
  ]);
}

/** Reads `ip addr` (ip-address(8)). */
function readAddresses(stdout: string): Address[] {
  const found: Address[] = [];
  let device = '';
  for (const line of stdout.split('\n')) {
    device = /^\d+: ([^:@\s]+)/.exec(line)?.[1] ?? device;
    const words = line.trim().split(/\s+/);
    if (words[0] === 'inet')
      found.push({
        device,
        family: 4,
        facts: readInet(words),
        label: words.at(-1) ?? device,
        secondary: words.includes('secondary'),
      });
    if (words[0] === 'inet6') {
      const [address = '', prefix = '128'] = (words[1] ?? '').split('/');
      const scope = words[words.indexOf('scope') + 1] ?? '';
      found.push({
        device,
        family: 6,
        facts: { address, prefix, scope },
        label: device,
        secondary: false,
      });
    }
  }
  return found.map((one) =>
    device === '' ? one : { ...one, label: one.label === 'forever' ? one.device : one.label },
  );
}

function readInet(words: readonly string[]): { readonly [name: string]: Value } {
  const [address = '', prefix = '32'] = (words[1] ?? '').split('/');
  const broadcast = words[2] === 'brd' ? (words[3] ?? '') : '';
  const bits = Math.min(32, Number(prefix) || 0);
  const mask = bits === 0 ? 0 : (0xffff_ffff << (32 - bits)) >>> 0;
  const number = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  return {
    address,
    broadcast,
    netmask: dotted(mask),
    network: dotted((number & mask) >>> 0),
    prefix,
  };
}

function dotted(number: number): string {
  return [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join('.');
}

function readDefault(
  route: string,
  addresses: readonly Address[],
  cards: ReadonlyMap<string, Vars>,
): Vars {
  const words = route.trim().split('\n')[0]?.split(/\s+/) ?? [];
  const after = (word: string) =>
    words.includes(word) ? (words[words.indexOf(word) + 1] ?? '') : '';
  const entries: [string, Value][] = [];
  const [device, source, gateway] = [after('dev'), after('src'), after('via')];
  if (device !== '') entries.push(['interface', device]);
  if (source !== '') entries.push(['address', source]);
  if (gateway !== '') entries.push(['gateway', gateway]);
  const own = addresses.find((one) => one.facts['address'] === source);
  const card = own === undefined ? undefined : cards.get(own.device);
  if (own === undefined || card === undefined) return makeVars(entries);
  entries.push(...Object.entries(own.facts));
  for (const name of ['macaddress', 'mtu', 'type'])
    if (card[name] !== undefined) entries.push([name, card[name]]);
  if (own.family === 4) entries.push(['alias', own.label]);
  return makeVars(entries);
}

/** resolv.conf(5). */
function readDns(files: HostFiles): Vars {
  const words = linesOf(files, '/etc/resolv.conf').map((line) => line.trim().split(/\s+/));
  const all = (name: string) =>
    words.filter(([first]) => first === name).flatMap(([, ...rest]) => rest);
  const entries: [string, Value][] = [];
  if (all('nameserver').length > 0) entries.push(['nameservers', all('nameserver')]);
  if (all('search').length > 0) entries.push(['search', all('search')]);
  return makeVars(entries);
}
