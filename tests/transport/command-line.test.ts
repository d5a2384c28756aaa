import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Command, sh } from '../../src/model/command.ts';
import { shLine, windowsLine } from '../../src/transport/command-line.ts';
import { splitWords } from '../../src/transport/ssh-needs.ts';

const word = fc
  .string({ unit: fc.constantFrom(...`'"\\!$\`\n\r\t -;&|()*?~#aé网0189`), maxLength: 40 })
  .filter((text) => !text.includes('\0'));

/** What stands between single quotes, and what stands outside of them. */
function partsOf(line: string): { quoted: string[]; bare: string[] } {
  const parts = line.split("'");
  expect(parts.length % 2).toBe(1);
  return {
    quoted: parts.filter((_, index) => index % 2 === 1),
    bare: parts.filter((_, index) => index % 2 === 0),
  };
}

describe('a line for the login shell', () => {
  it('holds nothing that sh, csh or fish would change', () => {
    fc.assert(
      fc.property(word, (text) => {
        const { line } = shLine(sh`printf %s ${text}`, { hasInput: false });
        const { quoted, bare } = partsOf(line);
        for (const part of bare) expect(part).toMatch(/^[A-Za-z0-9_@%+:,./ -]*$/);
        // between single quotes fish changes \\ and \', csh a line end and !
        for (const part of quoted) expect(part).not.toMatch(/\\\\|\\$|[\n\r!]/);
      }),
    );
  });

  it.each([
    ['dash', []],
    ['bash', []],
    ['busybox', ['sh']],
  ])('means the same to %s as a login shell', (shell, before) => {
    const words = fc.sample(word, { numRuns: 400, seed: 3 });
    const { line } = shLine(sh`printf '%s\0' ${words}`, { hasInput: false });
    const output = execFileSync(shell, [...before, '-c', line], { encoding: 'utf8' });
    expect(output.split('\0').slice(0, -1)).toEqual(words);
  });

  it.each(['inline', 'input'])('carries a script unchanged by %s', (way) => {
    const tail = way === 'input' ? `\n: ${'x'.repeat(120_000)}` : '';
    fc.assert(
      fc.property(word, (text) => {
        const { line, lead } = shLine(
          { shell: 'sh', script: `printf %s ${sh`${text}`.script}; cat${tail}`, shown: '' },
          { hasInput: true },
        );
        const input = `${lead}rest\n`;
        const options = { input, encoding: 'utf8' } as const;
        expect(execFileSync('dash', ['-c', line], options)).toBe(`${text}rest\n`);
      }),
      { numRuns: 40 },
    );
  });

  it('never holds a script with secrets', () => {
    const { line, lead } = shLine(sh`echo ${{ secret: 'hidden' }}`, { hasInput: false });
    expect(line).not.toContain('hidden');
    expect(lead).toContain('hidden');
  });

  it('leaves no trace of its own in the script’s arguments and variables', () => {
    const script = `printf '%s,' "$#" "$1" "$LAB_SCRIPT"`;
    const short: Command = { shell: 'sh', script, shown: script };
    const long: Command = { ...short, script: `${script}; : ${'x'.repeat(120_000)}` };
    for (const command of [short, long, { ...short, shown: 'secret' }])
      for (const hasInput of [false, true]) {
        const { line, lead } = shLine(command, { hasInput });
        const output = execFileSync('dash', ['-c', line], { encoding: 'utf8', input: lead });
        expect(output).toBe('0,,,');
      }
  });

  it('for PowerShell is encoded, so that nothing is quoted', () => {
    const line = windowsLine({ shell: 'powershell', script: `echo "it's ‘q’"`, shown: '' });
    const encoded = line.split(' ').at(-1) ?? '';
    expect(line).toMatch(/^powershell [\w =+/-]+$/);
    expect(Buffer.from(encoded, 'base64').toString('utf16le')).toBe(`echo "it's ‘q’"`);
  });
});

describe('SSH arguments', () => {
  it('are split as a shell splits them', () => {
    const text = fc.string({ unit: fc.constantFrom(...`ab'" =\\-o`), maxLength: 30 });
    fc.assert(
      fc.property(text, (written) => {
        let theirs: string;
        try {
          const script = `set -f; eval "set -- $1"; [ $# -eq 0 ] || printf '%s\\0' "$@"`;
          theirs = execFileSync('dash', ['-c', script, 'sh', written], {
            encoding: 'utf8',
            stdio: 'pipe',
          });
        } catch {
          return; // unfinished quotes: an error there, taken literally here
        }
        if (/\\$/.test(written)) return;
        expect(splitWords(written)).toEqual(theirs.split('\0').slice(0, -1));
      }),
      { numRuns: 300 },
    );
  });
});
