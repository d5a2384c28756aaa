import { anyText } from '../arguments.ts';
import { type Network, parseNetwork, textOfAddress } from '../ip-network.ts';
import { type Plugin, type Plugins, plugin } from '../plugin.ts';
import { fail, isText, kindOf, makeNumber, numberIn, type Py } from '../values.ts';

const shown = (network: Network, value: bigint): string => textOfAddress(value, network.bits);

function maskOf({ bits, prefix }: Network): bigint {
  const all = (1n << BigInt(bits)) - 1n;
  return all ^ ((1n << BigInt(bits - prefix)) - 1n);
}

const firstOf = (network: Network): bigint => network.address & maskOf(network);
const lastOf = (network: Network): bigint =>
  firstOf(network) | ((1n << BigInt(network.bits - network.prefix)) - 1n);

function sizeOf(network: Network): Py {
  return makeNumber(2 ** (network.bits - network.prefix), false);
}

const queries: { readonly [name: string]: (network: Network) => Py } = {
  '': (network) => network.written,
  address: (network) => shown(network, network.address),
  host: (network) => `${shown(network, network.address)}/${network.prefix}`,
  'host/prefix': (network) => `${shown(network, network.address)}/${network.prefix}`,
  prefix: ({ prefix }) => prefix,
  network: (network) => shown(network, firstOf(network)),
  subnet: (network) => `${shown(network, firstOf(network))}/${network.prefix}`,
  net: (network) =>
    network.address === firstOf(network) && network.hasPrefix ? network.written : false,
  'network/prefix': (network) => `${shown(network, firstOf(network))}/${network.prefix}`,
  netmask: (network) => shown(network, maskOf(network)),
  hostmask: (network) => shown(network, lastOf(network) ^ firstOf(network)),
  broadcast: (network) =>
    network.prefix < network.bits - 1 ? shown(network, lastOf(network)) : false,
  size: sizeOf,
  version: ({ bits }) => (bits === 32 ? 4 : 6),
  first_usable: (network) =>
    shown(network, firstOf(network) + (network.prefix < network.bits - 1 ? 1n : 0n)),
  last_usable: (network) =>
    shown(network, lastOf(network) - (network.prefix < network.bits - 1 ? 1n : 0n)),
};

/** An address by its number in a network; negative ones count from its end. */
function nth(network: Network, index: number): Py {
  const place = BigInt(index);
  const value = index < 0 ? lastOf(network) + 1n + place : firstOf(network) + place;
  if (value < firstOf(network) || value > lastOf(network)) return false;
  return network.prefix === network.bits
    ? shown(network, value)
    : `${shown(network, value)}/${network.prefix}`;
}

function answer(value: Py, query: Py, bits: number | undefined): Py {
  const network = isText(value) ? parseNetwork(value) : undefined;
  if (!network || (bits !== undefined && network.bits !== bits)) return false;
  const number = isText(query) && /^-?\d+$/.test(query) ? Number(query) : numberIn(query);
  if (number !== undefined) return nth(network, number);
  const name = anyText(query);
  const find = Object.hasOwn(queries, name) ? queries[name] : undefined;
  return find ? find(network) : fail(`ipaddr: the query "${name}" is not supported`);
}

function addressFilter(bits: number | undefined): Plugin {
  return plugin('value query=', (_, [value, query = '']) => {
    if (kindOf(value) !== 'list') return answer(value, query, bits);
    return (value as Py[])
      .map((item) => answer(item, query, bits))
      .filter((item) => item !== false);
  });
}

/** The filters of ansible.utils for IP addresses, as far as labs use them. */
export const addressFilters: Plugins = {
  ipaddr: addressFilter(undefined),
  ipv4: addressFilter(32),
  ipv6: addressFilter(128),
};
