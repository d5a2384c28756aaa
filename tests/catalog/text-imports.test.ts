import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadEntry } from '../../src/cli/catalog.ts';
import type { Import, ImportRow } from '../../src/model/import.ts';
import { parseIp } from '../../src/model/ip.ts';
import { parseMac } from '../../src/model/mac.ts';

const program = join(import.meta.dirname, '..', '..', 'src');
const fixtures = join(import.meta.dirname, '..', 'fixtures', 'imports');
/** Imports of texts whose addresses must all be right before they are handed on. */
const names = [
  ...['arp', 'arp-scan', 'ip-neigh', 'mac-huawei', 'mac-h3c', 'mac-cisco', 'mac-ruijie'],
  ...['dnsmasq-leases', 'isc-leases', 'kea-leases', 'fog-csv', 'linuxmuster'],
];

function textsOf(name: string): Buffer[] {
  return readdirSync(join(fixtures, name)).map((each) => {
    const folder = join(fixtures, name, each);
    const file = readdirSync(folder).find((found) => found.startsWith('source.')) ?? '';
    return readFileSync(join(folder, file));
  });
}

/** A text as it is after a bad line, a slip of the editor, or half a copy: bytes changed, cut out, put in twice. */
const damage = fc.array(
  fc.record({
    at: fc.nat(5000),
    length: fc.nat(40),
    kind: fc.constantFrom('change', 'cut', 'double'),
    byte: fc.nat(255),
  }),
  { minLength: 1, maxLength: 5 },
);
type Slip = { at: number; length: number; kind: string; byte: number };

function spoil(bytes: Buffer, slips: readonly Slip[]): Uint8Array {
  let text = bytes;
  for (const { at, length, kind, byte } of slips) {
    const from = text.length === 0 ? 0 : at % text.length;
    const piece = text.subarray(from, from + length);
    const inside = {
      change: Buffer.from([byte]),
      cut: Buffer.alloc(0),
      double: Buffer.concat([piece, piece]),
    }[kind];
    const rest = text.subarray(kind === 'change' ? from + 1 : from + length);
    text = Buffer.concat([text.subarray(0, from), inside ?? Buffer.alloc(0), rest]);
  }
  return text;
}

function expectSound({ fields, seenAt, expiresAt }: ImportRow): void {
  for (const mac of fields.mac?.text.split('\n') ?? []) expect(parseMac(mac)).toHaveProperty('mac');
  if (fields.ip) expect(parseIp(fields.ip.text)).toHaveProperty('ip');
  for (const time of [seenAt, expiresAt]) expect(Date.parse(time ?? '2026-11-23')).not.toBeNaN();
}

describe.each(names)('import %s', (name) => {
  it('reads damaged texts without throwing, and hands on no address that is none', async () => {
    const entry = await loadEntry<Import>(program, 'catalog/imports', name);
    const texts = textsOf(name);
    fc.assert(
      fc.property(fc.constantFrom(...texts), damage, (text, slips) => {
        const { rows } = entry.read({ file: 'damaged', bytes: spoil(text, slips) });
        for (const row of rows) if (!row.refused) expectSound(row);
      }),
      { numRuns: 300 },
    );
  });

  it('keeps a line break in a quoted field from parting an address from its note', async () => {
    const entry = await loadEntry<Import>(program, 'catalog/imports', name);
    const bytes = new TextEncoder().encode('"00:e0:4c:01:00:15 ow,\nw","pc1","","10.1.1.21","3"\n');
    for (const row of entry.read({ file: 'broken', bytes }).rows)
      if (!row.refused) expectSound(row);
  });

  it('reads hostile long lines', async () => {
    const entry = await loadEntry<Import>(program, 'catalog/imports', name);
    const long = [' ', '-', 'a ', 'A-', '1', '0.', ':', '00e0-', '"', '\\', '[', 'lease 1 {'].map(
      (piece) => piece.repeat(20_000),
    );
    for (const line of long) {
      const bytes = new TextEncoder().encode(`${line}\n${line}x`);
      const { rows, problems } = entry.read({ file: 'long', bytes });
      expect(rows.filter(({ refused }) => refused === undefined)).toEqual([]);
      expect(rows.length + problems.length).toBeGreaterThan(0);
    }
  });
});
