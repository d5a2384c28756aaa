import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readHex } from '../../../src/netboot/server/read-form.ts';
import { grubWord } from '../../../src/netboot/texts/grub.ts';
import {
  hexWord,
  ipxeLine,
  ipxeWord,
  kernelArgument,
} from '../../../src/netboot/texts/ipxe-words.ts';

/** What iPXE makes of a line (core/exec.c): expands settings, parts at blanks, ends a command at && and ||, and a comment begins with #. */
function commandsOf(line: string): string[][] {
  const words = line
    .replaceAll(/\$\{[^}]*\}/g, '<expanded>')
    .split(/\s+/)
    .filter(Boolean);
  const commands: string[][] = [[]];
  for (const word of words)
    if (word === '&&' || word === '||') commands.push([]);
    else commands.at(-1)?.push(word);
  return commands;
}

const nasty = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(
      fc.constantFrom(
        '${',
        '}',
        '$',
        '&&',
        '||',
        '#',
        '-',
        '--',
        '\n',
        '\r',
        ' ',
        '\t',
        'a',
        '{',
        '"',
        "'",
        '\\',
        '房',
      ),
    )
    .map((parts) => parts.join('')),
);

function said(make: () => string): string | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}

describe('a value in an iPXE script', () => {
  it('stays one word and expands nothing, or is refused', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const word = said(() => ipxeWord(text));
        if (word === undefined) return;
        expect(word).toBe(text);
        expect(commandsOf(`kernel ${word} end`)).toEqual([['kernel', word, 'end']]);
        expect(word).not.toMatch(/^[-#]|\$/);
      }),
      { numRuns: 3000 },
    );
  });
  it('lets URLs, file names and tokens through', () => {
    for (const text of [
      'http://10.1.0.2:8080/boot/asset/00ff/vmlinuz',
      'initrd.img',
      'aZ09_-AbC',
      'a&b=c|d',
    ])
      expect(ipxeWord(text)).toBe(text);
  });
  it.each([
    '',
    'a b',
    'a\nshell',
    `\${uuid}`,
    '$',
    '-n',
    '#!ipxe',
    '&&',
    '||',
    '机房',
    'x'.repeat(2001),
  ])('refuses %j', (text) => {
    expect(() => ipxeWord(text)).toThrow(/cannot stand in an iPXE script/);
  });
});

describe('a text on the screen', () => {
  it('is one command of plain words, whatever it says', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const line = ipxeLine(text);
        expect(line).toMatch(/^[ -#%-~]*$/);
        const commands = commandsOf(`echo ${line}`);
        expect(commands).toHaveLength(1);
        expect(commands[0]?.slice(1).some((word) => /^[-#]/.test(word))).toBe(false);
      }),
      { numRuns: 3000 },
    );
  });
  it('keeps what can be shown and says "and" for &&', () => {
    expect(ipxeLine(`PIN of lab_a && 机房 \${cwduri}: -n 3 tries`)).toBe(
      'PIN of lab_a and {cwduri}: n 3 tries',
    );
  });
});

describe('an argument of a kernel line', () => {
  it('stays one argument for iPXE, in GRUB quotes and for Linux, or is refused', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const word = said(() => kernelArgument(text));
        if (word === undefined) return;
        expect(commandsOf(`kernel x ${word}`)).toEqual([['kernel', 'x', word]]);
        expect(word).toMatch(/^[^\s"'\\$]+$/);
        expect(grubWord(word)).toBe(`'${word}'`);
      }),
      { numRuns: 3000 },
    );
  });
  it('lets the arguments of real installers through', () => {
    for (const text of [
      'ip=10.1.0.9::10.1.0.1:255.255.255.0:a07::off:10.1.0.1',
      'ds=nocloud-net;s=http://10.1.0.2:8080/boot/answers/abc/',
      '---',
      'preseed/url=http://10.1.0.2:8080/boot/answers/a_-b/preseed.cfg',
      'inst.ks=http://h/ks.cfg',
    ])
      expect(kernelArgument(text)).toBe(text);
  });
});

describe('hexadecimal fields', () => {
  it('come back as they were', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        fc.pre(!/^\ufeff/.test(text) && text.isWellFormed());
        expect(readHex(hexWord(text))).toBe(text);
      }),
    );
  });
});
