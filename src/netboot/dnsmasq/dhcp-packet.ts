/** One DHCP answer (RFC 2131); addresses are dotted quads, '' where there is none. */
export interface DhcpAnswer {
  /** Option 54. */
  readonly server: string;
  readonly offered: string;
  /** Whether it answers for network boot only (PXE 2.1, proxyDHCP): offers no address. */
  readonly isProxy: boolean;
  readonly router: string;
  readonly dns: string;
  /** What it tells to load, '' for nothing. */
  readonly bootFile: string;
  readonly bootServer: string;
}

const cookie = Buffer.from([99, 130, 83, 99]);

/** The DISCOVER of a PC that boots from the network (RFC 2131, 3.1; RFC 4578), which DHCP servers and proxyDHCP servers both answer, by broadcast. */
export function makeDiscover(transaction: number, mac: string): Buffer {
  const head = Buffer.alloc(236);
  head.set([1, 1, 6, 0]);
  head.writeUInt32BE(transaction, 4);
  // Servers that let others answer first wait for this many seconds.
  head.writeUInt16BE(10, 8);
  head.writeUInt16BE(0x8000, 10);
  Buffer.from(mac.replaceAll(':', ''), 'hex').copy(head, 28);
  const vendor = Buffer.from('PXEClient:Arch:00007:UNDI:003016');
  const options = [
    ...[53, 1, 1],
    ...[55, 9, 1, 3, 6, 43, 54, 60, 66, 67, 97],
    ...[57, 2, 0x05, 0xc0],
    ...[60, vendor.length, ...vendor],
    ...[93, 2, 0, 7],
    ...[94, 3, 1, 3, 16],
    // A machine id of zeros: some servers want one before they answer.
    ...[97, 17, 0, ...Array.from({ length: 16 }, () => 0)],
    255,
  ];
  return Buffer.concat([head, cookie, Buffer.from(options), Buffer.alloc(32)]);
}

/** Reads an OFFER for this transaction; undefined for anything else, cut off or lying about its lengths. */
export function parseOffer(packet: Uint8Array, transaction: number): DhcpAnswer | undefined {
  const bytes = Buffer.from(packet.buffer, packet.byteOffset, packet.byteLength);
  if (bytes.length < 241 || bytes[0] !== 2 || bytes.readUInt32BE(4) !== transaction)
    return undefined;
  if (!bytes.subarray(236, 240).equals(cookie)) return undefined;
  const options = readOptions(bytes.subarray(240));
  if (options.get(53)?.[0] !== 2) return undefined;
  const offered = dotted(bytes.subarray(16, 20));
  return {
    server: dotted(options.get(54)),
    offered,
    isProxy: offered === '',
    router: dotted(options.get(3)),
    dns: dotted(options.get(6)),
    bootFile: textOf(options.get(67)) || textOf(bytes.subarray(108, 236)),
    bootServer: textOf(options.get(66)) || dotted(bytes.subarray(20, 24)),
  };
}

function readOptions(bytes: Buffer): Map<number, Buffer> {
  const options = new Map<number, Buffer>();
  for (let at = 0; at < bytes.length && bytes[at] !== 255; ) {
    const code = bytes[at] ?? 0;
    const length = bytes[at + 1] ?? 0;
    if (code !== 0 && at + 2 + length <= bytes.length)
      options.set(code, bytes.subarray(at + 2, at + 2 + length));
    at += code === 0 ? 1 : 2 + length;
  }
  return options;
}

/** The first address of an option. */
function dotted(bytes: Buffer | undefined): string {
  const text = [...(bytes?.subarray(0, 4) ?? [])].join('.');
  return text === '0.0.0.0' ? '' : text;
}

/** Printable characters up to the first zero: the sender is a stranger. */
function textOf(bytes: Buffer | undefined): string {
  const text = bytes?.toString('latin1').split('\0')[0] ?? '';
  return text.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 128);
}
