import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isLocallyAdministered, parseMac } from '../../src/model/mac.ts';

const canonical = /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/;

function macOf(text: string): string | undefined {
  const parsed = parseMac(text);
  return 'mac' in parsed ? parsed.mac : undefined;
}

function problemOf(text: string): string {
  const parsed = parseMac(text);
  return 'problem' in parsed ? `${parsed.problem} | ${parsed.hint}` : `read as ${parsed.mac}`;
}

describe('a MAC address is read in every spelling', () => {
  test.each([
    ['00:1a:2b:3c:4d:5e', 'colons'],
    ['00-1A-2B-3C-4D-5E', 'dashes, capitals'],
    ['001a.2b3c.4d5e', 'Cisco and Ruijie'],
    ['001a-2b3c-4d5e', 'Huawei and H3C'],
    ['001a2b-3c4d5e', 'six and six'],
    ['001A2B3C4D5E', 'bare'],
    ['00 1a 2b 3c 4d 5e', 'blanks'],
    ['00.1a.2b.3c.4d.5e', 'dots between pairs'],
    ['001a:2b3c:4d5e', 'colons between fours'],
    ['０0：1ａ：2b：3c：4d：5e', 'full-width'],
    ['００－１Ａ－２Ｂ－３Ｃ－４Ｄ－５Ｅ', 'all full-width'],
    ['001a．2b3c．4d5e', 'full-width dots'],
    ['\u00a000:1a:2b:3c:4d:5e\u200b', 'NBSP and zero width'],
    ['\u200e00-1a-2b-3c-4d-5e\ufeff', 'direction mark and byte order mark'],
    ['00–1a–2b–3c–4d–5e', 'en dashes'],
    ['0:1a:2b:3c:4d:5e', 'one octet without its zero'],
    ['  00:1a:2b:3c:4d:5e\t', 'white space around'],
  ])('%s (%s)', (text) => {
    expect(parseMac(text)).toEqual({ mac: '00:1a:2b:3c:4d:5e' });
  });

  test('octets without leading zeros, as arpwatch writes them, are padded when there are six', () => {
    expect(macOf('0:e0:fc:1:2:3')).toBe('00:e0:fc:01:02:03');
    expect(problemOf('0:e0:fc:1:2')).toContain('is not a MAC address');
    expect(problemOf('0e0fc123')).toContain('hex digits instead of 12');
    expect(problemOf('0 e0 fc 1 2 3')).toContain('is not a MAC address');
  });

  test.each([
    ['00:1a:2b:3c:4d:5e(有线)', '有线'],
    ['00:1a:2b:3c:4d:5e （有线）', '有线'],
    ['001a2b3c4d5e 无线', '无线'],
    ['00 1a 2b 3c 4d 5e dock', 'dock'],
  ])('trailing text of %s is kept as a note', (text, note) => {
    expect(parseMac(text)).toEqual({ mac: '00:1a:2b:3c:4d:5e', note });
  });

  test.each(['0100.1a2b.3c4d.5e', '01:00:1a:2b:3c:4d:5e', '01-00-1A-2B-3C-4D-5E'])(
    'the leading 01 of the client id %s is taken off, with a note',
    (text) => {
      expect(parseMac(text)).toEqual({
        mac: '00:1a:2b:3c:4d:5e',
        note: 'without the leading 01 of a DHCP client id',
      });
    },
  );
});

describe('what cannot be an address is refused with its reason', () => {
  test.each([
    ['01:00:5e:00:00:fb', 'multicast'],
    ['00:00:00:00:00:00', 'all zeros'],
    ['0000-0000-0000', 'all zeros'],
    ['FF-FF-FF-FF-FF-FF', 'broadcast'],
    ['00:1a:2b:ff:fe:3c:4d:5e', 'EUI-64'],
    ['80:00:00:48:fe:80:00:00:00:00:00:00:f4:52:14:03:00:6b:5c:01', 'InfiniBand'],
    ['1a2b3c4d5e', 'spreadsheets drop zeros'],
    ['1.23E+11', 'turned into a number by a spreadsheet'],
    ['00:1a:2b:3c:4d:5e 00:1a:2b:3c:4d:5f', 'more than one address'],
    ['00:1a:2b:3c:4d:5e/00:1a:2b:3c:4d:5f', 'more than one address'],
    ['00:1a:2b:3c:4d:5e:', 'is not a MAC address'],
    ['00:1a:2b:3c:4d:5e5', 'instead of 12'],
    ['00:1a-2b:3c-4d:5e', 'is not a MAC address'],
    ['52-54-00-zz', 'is not a MAC address'],
    ['', 'an empty text'],
    ['10.1.1.21', 'is not a MAC address'],
    ['a'.repeat(300), 'more than 200 characters'],
  ])('%s: %s', (text, reason) => {
    expect(problemOf(text)).toContain(reason);
  });

  test.each([
    ['OO:1a:2b:3c:4d:5e', 'the letter O'],
    ['00:la:2b:3c:4d:5e', 'the letter l'],
    ['00:1а:2b:3с:4d:5е', 'Cyrillic letters'],
  ])('%s (%s) is not read, but what was meant is offered', (text) => {
    expect(problemOf(text)).toContain('did you mean "00:1a:2b:3c:4d:5e"?');
  });
});

const octets = fc.uint8Array({ minLength: 6, maxLength: 6 }).map((bytes) => {
  bytes[0] = (bytes[0] ?? 0) & 0xfe;
  bytes[5] = bytes[5] || 1;
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0'));
});

describe('properties', () => {
  test('all spellings of one address give one canonical text, and reading that again changes nothing', () => {
    fc.assert(
      fc.property(octets, (pairs) => {
        const bare = pairs.join('');
        const fours = bare.match(/.{4}/g) ?? [];
        const spelled = [
          pairs.join(':'),
          pairs.join('-').toUpperCase(),
          pairs.join(' '),
          fours.join('.'),
          fours.join('-'),
          `${bare.slice(0, 6)}-${bare.slice(6)}`,
          bare,
          `${pairs.join('：')}（有线）`,
          pairs.map((pair) => Number.parseInt(pair, 16).toString(16)).join(':'),
          `01${bare}`.replace(/^(.{4})(.{4})(.{4})(..)$/, '$1.$2.$3.$4'),
        ].map(macOf);
        expect(new Set(spelled)).toEqual(new Set([pairs.join(':')]));
        expect(macOf(pairs.join(':'))).toBe(pairs.join(':'));
      }),
      { numRuns: 2000 },
    );
  });

  test('100,000 texts never crash and never give anything but a whole address or a reason', () => {
    const anything = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.string({ unit: fc.constantFrom(...'0123456789abcdefABCDEF:-. oOlI（）('), maxLength: 30 }),
      fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
    );
    let read = 0;
    fc.assert(
      fc.property(anything, (text) => {
        const parsed = parseMac(text);
        if ('mac' in parsed) read += 1;
        return 'mac' in parsed
          ? canonical.test(parsed.mac)
          : parsed.problem !== '' && parsed.hint !== '' && parsed.problem.length < 400;
      }),
      { numRuns: 100_000 },
    );
    expect(read).toBeLessThan(100_000);
  });
});

describe('a locally administered address', () => {
  test.each([
    ['02:11:22:33:44:55', true],
    ['da:a1:19:00:00:01', true],
    ['02:42:ac:11:00:02', false],
    ['52:54:00:12:34:56', false],
    ['52:54:01:12:34:56', true],
    ['00:1a:2b:3c:4d:5e', false],
  ])('%s: %s', (mac, expected) => {
    expect(isLocallyAdministered(mac)).toBe(expected);
  });
});
