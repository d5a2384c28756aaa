import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LabError } from '../../src/model/lab-error.ts';
import {
  decryptVault,
  encryptVault,
  isVaultText,
  type VaultPassword,
  vaultLabelOf,
} from '../../src/store/vault.ts';
import { hasTool } from '../inventory/ansible-tools.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);
const passwordOf = (text: string, label = 'default'): VaultPassword => ({
  label,
  password: bytesOf(text),
});
const plainOf = (text: string, ...passwords: VaultPassword[]) =>
  Buffer.from(decryptVault(text, passwords).plain).toString('utf8');

describe('a vault text', () => {
  it('gives back every content, byte for byte', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.string({ minLength: 1 }), (plain, word) => {
        const password = passwordOf(word);
        const text = encryptVault(plain, password);
        expect(isVaultText(text)).toBe(true);
        expect(Buffer.from(decryptVault(text, [password]).plain)).toEqual(Buffer.from(plain));
      }),
      { numRuns: 30 },
    );
  });

  it('never is the same twice, and has lines of 80 characters', () => {
    const [one, two] = [1, 2].map(() => encryptVault(bytesOf('hello'), passwordOf('x')));
    expect(one).not.toBe(two);
    expect(
      one
        ?.split('\n')
        .slice(1, -2)
        .every((line) => line.length === 80),
    ).toBe(true);
  });

  it('carries the label of its password', () => {
    const text = encryptVault(bytesOf('a'), passwordOf('x', 'exam'));
    expect(text.split('\n')[0]).toBe('$ANSIBLE_VAULT;1.2;AES256;exam');
    expect(vaultLabelOf(text)).toBe('exam');
    expect(vaultLabelOf(encryptVault(bytesOf('a'), passwordOf('x')))).toBe('default');
  });

  it('is opened by any of the passwords, and says which', () => {
    const text = encryptVault(bytesOf('a'), passwordOf('right', 'other'));
    const { password } = decryptVault(text, [passwordOf('wrong', 'lab'), passwordOf('right', 'l')]);
    expect(password.label).toBe('l');
  });

  it('may be indented and may have Windows line ends', () => {
    const text = encryptVault(bytesOf('a'), passwordOf('x'));
    expect(plainOf(text.replaceAll('\n', '\r\n    '), passwordOf('x'))).toBe('a');
  });
});

describe('a vault text that cannot be opened', () => {
  const text = encryptVault(bytesOf('secret content'), passwordOf('right'));
  const trouble = (altered: string, ...passwords: VaultPassword[]) => {
    try {
      decryptVault(altered, passwords, 'vars.yml');
    } catch (error) {
      if (error instanceof LabError) return `${error.kind}: ${error.message}`;
      throw error;
    }
    return 'opened';
  };

  it('says that the password is wrong', () => {
    expect(trouble(text, passwordOf('wrong'))).toBe('input: no vault password fits vars.yml');
  });

  it('says that no password was given', () => {
    expect(trouble(text)).toContain('no vault password was given');
  });

  it('says that lines are missing, and never opens an altered one', () => {
    const lines = text.split('\n');
    expect(trouble([...lines.slice(0, 2), ''].join('\n'), passwordOf('right'))).toContain(
      'damaged',
    );
    expect(trouble(lines.slice(0, 1).join('\n'), passwordOf('right'))).toContain('damaged');
    const at = text.length - 40;
    const digit = text[at] === '3' ? '4' : '3';
    const altered = text.slice(0, at) + digit + text.slice(at + 1);
    expect(trouble(altered, passwordOf('right'))).not.toBe('opened');
  });

  it('says that it is no vault, or one of a format that is not read', () => {
    expect(trouble('a: 1\n', passwordOf('x'))).toContain('not encrypted');
    expect(trouble('$ANSIBLE_VAULT;1.0;AES\n00\n', passwordOf('x'))).toContain('not read: 1.0 AES');
  });
});

describe.skipIf(!hasTool('ansible-vault'))('beside ansible-vault', () => {
  let folder = '';
  const contents = ['', 'a', 'x: 1\n', '汉字 🎓 \0 \xff', 'sixteen bytes !!', 'y'.repeat(5000)];
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'lab-vault-'));
    writeFileSync(join(folder, 'password'), 'pass wörd\n');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const vault = (...args: string[]) =>
    execFileSync('ansible-vault', args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });

  it.each([
    ['', passwordOf('pass wörd')],
    ['exam', passwordOf('pass wörd', 'exam')],
  ] as const)(
    'reads what it writes and writes what it reads, with the label "%s"',
    (label, password) => {
      const which = ['--vault-id', `${label === '' ? 'default' : label}@password`];
      const originals = contents.map((content) => Buffer.from(content, 'utf8'));
      const files = (kind: string) => contents.map((_, index) => join(folder, `${kind}${index}`));
      for (const [index, file] of files('theirs').entries())
        writeFileSync(file, originals[index] ?? '');
      vault('encrypt', ...which, ...files('theirs'));
      const texts = files('theirs').map((file) => readFileSync(file, 'utf8'));
      expect(texts.map((text) => Buffer.from(decryptVault(text, [password]).plain))).toEqual(
        originals,
      );
      const written = originals.map((bytes) => encryptVault(bytes, password));
      expect(written.map((text) => text.split('\n')[0])).toEqual(
        texts.map((text) => text.split('\n')[0]),
      );
      for (const [index, file] of files('ours').entries())
        writeFileSync(file, written[index] ?? '');
      vault('decrypt', ...which, ...files('ours'));
      expect(files('ours').map((file) => readFileSync(file))).toEqual(originals);
    },
    120_000,
  );
});
