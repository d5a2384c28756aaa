/** An IP address with its network. */
export interface Network {
  readonly written: string;
  readonly address: bigint;
  readonly bits: 32 | 128;
  readonly prefix: number;
  readonly hasPrefix: boolean;
}

/** Reads `192.0.2.7`, `192.0.2.7/24`, `192.0.2.7/255.255.255.0` and the like of IPv6; undefined for anything else. */
export function parseNetwork(written: string): Network | undefined {
  const [text = '', mask, ...rest] = written.trim().split('/');
  const isFour = !text.includes(':');
  const address = isFour ? parseFour(text) : parseSix(text);
  const bits = isFour ? 32 : 128;
  const prefix = mask === undefined ? bits : prefixOf(mask, bits);
  if (address === undefined || prefix === undefined || rest.length > 0) return undefined;
  return { written: written.trim(), address, bits, prefix, hasPrefix: mask !== undefined };
}

function prefixOf(mask: string, bits: number): number | undefined {
  if (/^\d{1,3}$/.test(mask)) return Number(mask) <= bits ? Number(mask) : undefined;
  const value = bits === 32 ? parseFour(mask) : undefined;
  const ones =
    value === undefined ? undefined : /^(1*)0*$/.exec(value.toString(2).padStart(32, '0'));
  return ones?.[1]?.length;
}

function parseFour(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  let value = 0n;
  for (const part of parts) {
    if (!/^\d{1,3}$/.test(part) || Number(part) > 255) return undefined;
    value = (value << 8n) | BigInt(part);
  }
  return value;
}

function parseSix(text: string): bigint | undefined {
  const [head = '', tail, ...rest] = text.split('::');
  const left = groupsOf(head);
  const right = tail === undefined ? [] : groupsOf(tail);
  if (!left || !right || rest.length > 0) return undefined;
  const missing = 8 - left.length - right.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...left, ...new Array<bigint>(missing).fill(0n), ...right];
  return groups.reduce((value, group) => (value << 16n) | group, 0n);
}

function groupsOf(text: string): bigint[] | undefined {
  if (text === '') return [];
  const groups: bigint[] = [];
  for (const part of text.split(':')) {
    const four = part.includes('.') ? parseFour(part) : undefined;
    if (four !== undefined) groups.push(four >> 16n, four & 0xffffn);
    else if (/^[0-9a-fA-F]{1,4}$/.test(part)) groups.push(BigInt(`0x${part}`));
    else return undefined;
  }
  return groups;
}

/** An address as text; IPv6 in the short form of RFC 5952. */
export function textOfAddress(value: bigint, bits: number): string {
  if (bits === 32) return [24n, 16n, 8n, 0n].map((by) => (value >> by) & 0xffn).join('.');
  const groups = Array.from({ length: 8 }, (_, at) =>
    ((value >> BigInt(112 - 16 * at)) & 0xffffn).toString(16),
  );
  const zeros = [...groups.join(':').matchAll(/(?:^|(?<=:))0(?::0)+(?=:|$)/g)];
  const longest = zeros.sort((a, b) => b[0].length - a[0].length)[0];
  if (!longest) return groups.join(':');
  const text = groups.join(':');
  const before = text.slice(0, longest.index).replace(/:$/, '');
  const after = text.slice(longest.index + longest[0].length).replace(/^:/, '');
  return `${before}::${after}`;
}
