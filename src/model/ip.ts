import ipaddr from 'ipaddr.js';

/** What `parseIp` answers: the address in its one spelling, or what is wrong and what to write instead. */
export type ParsedIp =
  | { readonly ip: string }
  | { readonly problem: string; readonly hint: string };

/** A range of addresses written as `10.1.1.0/24`; `first` and `last` are its ends as numbers. */
export interface Subnet {
  readonly text: string;
  readonly version: 4 | 6;
  readonly prefix: number;
  readonly first: bigint;
  readonly last: bigint;
}

/** What `parseSubnet` answers. */
export type ParsedSubnet =
  | { readonly subnet: Subnet }
  | { readonly problem: string; readonly hint: string };

/** Reads an address: four decimal parts without leading zeros (some tools would read 010 as octal 8), or IPv6, which comes back as RFC 5952 spells it. */
export function parseIp(text: string): ParsedIp {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return { ip: text };
  if (text.includes(':') && !text.includes('%') && ipaddr.IPv6.isValid(text))
    return { ip: ipaddr.IPv6.parse(text).toRFC5952String() };
  const shown = `"${text.length > 60 ? `${text.slice(0, 60)}…` : text}"`;
  if (/^\d+(\.\d+){3}\/\d+$/.test(text))
    return {
      problem: `${shown} is a subnet, not one address`,
      hint: 'write the address alone; the subnet belongs to the room',
    };
  if (/^0*\d+(\.0*\d+){3}$/.test(text) && /(^|\.)0\d/.test(text))
    return {
      problem: `${shown} is not an IP address: a part begins with 0, which some tools read as octal`,
      hint: `write "${text.replaceAll(/(^|\.)0+(?=\d)/g, '$1')}"`,
    };
  return {
    problem: `${shown} is not an IP address`,
    hint: 'write four numbers from 0 to 255, such as "10.1.1.21"',
  };
}

/** Reads a subnet in CIDR notation (RFC 4632, 3.1); bits behind the prefix must be zero. */
export function parseSubnet(text: string): ParsedSubnet {
  const shown = `"${text.length > 60 ? `${text.slice(0, 60)}…` : text}"`;
  const [, address = '', length = ''] = /^([^/]+)\/(\d{1,3})$/.exec(text) ?? [];
  const parsed = parseIp(address);
  const value = 'ip' in parsed ? ipNumber(parsed.ip) : undefined;
  const version = address.includes(':') ? 6 : 4;
  const bits = version === 6 ? 128 : 32;
  const prefix = Number(length);
  if (value === undefined || length === '' || prefix > bits)
    return {
      problem: `${shown} is not a subnet`,
      hint: 'write the network and its length, such as "10.1.1.0/24"',
    };
  const size = 1n << BigInt(bits - prefix);
  const first = value - (value % size);
  if (first !== value)
    return {
      problem: `${shown} names an address within a subnet, not the subnet`,
      hint: `write "${ipText(first, version)}/${prefix}"`,
    };
  return { subnet: { text, version, prefix, first, last: first + size - 1n } };
}

/** An address (as `parseIp` gives it) as a number, for comparing; undefined when it is none. */
export function ipNumber(ip: string): bigint | undefined {
  if (ipaddr.IPv4.isValidFourPartDecimal(ip))
    return BigInt(ip.split('.').reduce((sum, part) => sum * 256 + Number(part), 0));
  if (!ip.includes(':') || !ipaddr.IPv6.isValid(ip)) return undefined;
  return ipaddr.IPv6.parse(ip)
    .toByteArray()
    .reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
}

/** Whether an address (as `parseIp` gives it) lies within a subnet. */
export function containsIp(subnet: Subnet, ip: string): boolean {
  const value = (ip.includes(':') ? 6 : 4) === subnet.version ? ipNumber(ip) : undefined;
  return value !== undefined && value >= subnet.first && value <= subnet.last;
}

/** Whether two subnets share an address. */
export function overlaps(one: Subnet, other: Subnet): boolean {
  return one.version === other.version && one.first <= other.last && other.first <= one.last;
}

/** Which address of its subnet no host may have, and why: the network's own and the broadcast address (RFC 1122, 3.2.1.3); '' for all others, and in a /31 or /32 (RFC 3021). */
export function reservedAs(subnet: Subnet, ip: string): 'network' | 'broadcast' | '' {
  if (subnet.version === 6 || subnet.prefix > 30 || !containsIp(subnet, ip)) return '';
  const value = ipNumber(ip);
  return value === subnet.first ? 'network' : value === subnet.last ? 'broadcast' : '';
}

function ipText(value: bigint, version: 4 | 6): string {
  const bytes: number[] = [];
  for (let rest = value, left = version === 6 ? 16 : 4; left > 0; left -= 1, rest /= 256n)
    bytes.unshift(Number(rest % 256n));
  const address = ipaddr.fromByteArray(bytes);
  return address instanceof ipaddr.IPv6 ? address.toRFC5952String() : address.toString();
}
