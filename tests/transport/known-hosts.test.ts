import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  fingerprintOf,
  globMatches,
  keyTypeOf,
  namesHost,
  parseKnownHosts,
} from '../../src/transport/known-hosts.ts';
import { makeFolder, makeKey } from './sshd.ts';

let folder: string;
let key: string;

beforeAll(() => {
  folder = makeFolder();
  key = publicKey('one');
});
afterAll(() => rmSync(folder, { recursive: true }));

/** `type base64` of a fresh key. */
function publicKey(name: string, type = 'ed25519'): string {
  const file = makeKey(join(folder, name), type);
  return readFileSync(`${file}.pub`, 'utf8').split(' ').slice(0, 2).join(' ');
}

function known(text: string, host: string): boolean {
  return parseKnownHosts(text, 'f').some((entry) => namesHost(entry, host));
}

describe('a known_hosts file', () => {
  it('is read with comments, blanks, markers, torn lines and several names', () => {
    const text = `# comment\n\n  pc01,10.0.0.1 ${key} note\n@revoked * ${key}\n@cert-authority *.lab ${key}\n@new x ${key}\npc02 ${key.slice(0, 30)}\npc03\n`;
    const found = parseKnownHosts(text, 'f');
    expect(found.map(({ marker, names, line }) => [marker, names, line])).toEqual([
      ['', 'pc01,10.0.0.1', 3],
      ['revoked', '*', 4],
      ['cert-authority', '*.lab', 5],
      ['unknown', 'x', 6],
    ]);
  });

  it('names hosts by wildcards, negations, ports and in any letter case', () => {
    const line = `pc*,!pc13,[10.0.0.7]:2222,UPPER ${key}\n`;
    expect(known(line, 'pc01')).toBe(true);
    expect(known(line, 'pc13')).toBe(false);
    expect(known(line, '[10.0.0.7]:2222')).toBe(true);
    expect(known(line, '10.0.0.7')).toBe(false);
    expect(known(line, 'upper')).toBe(true);
    expect(known(line, 'srv1')).toBe(false);
  });

  it('is understood as ssh-keygen understands it, hashed or not', () => {
    const names = ['pc01', '10.0.0.1', '[10.0.0.7]:2222', 'fe80::1', 'srv1.school.example'];
    const file = join(folder, 'known_hosts');
    writeFileSync(file, `pc01,10.0.0.1 ${key}\n[10.0.0.7]:2222 ${key}\nfe80::1 ${key}\n`);
    for (const hashed of [false, true]) {
      if (hashed) execFileSync('ssh-keygen', ['-q', '-H', '-f', file], { stdio: 'pipe' });
      const text = readFileSync(file, 'utf8');
      expect(text.includes('|1|')).toBe(hashed);
      for (const name of names) {
        const theirs = Boolean(findByKeygen(file, name));
        expect([name, known(text, name)]).toEqual([name, theirs]);
      }
    }
  });

  it('is read without a crash whatever it holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (text, host) => {
        const found = parseKnownHosts(`${text}\n@${text} |1|${text}|= ${key}\n`, 'f');
        return found.every((entry) => typeof namesHost(entry, host) === 'boolean');
      }),
    );
  });
});

function findByKeygen(file: string, name: string): string {
  try {
    return execFileSync('ssh-keygen', ['-F', name, '-f', file], { encoding: 'utf8' });
  } catch {
    return '';
  }
}

describe('a fingerprint', () => {
  it.each(['ed25519', 'ecdsa', 'rsa'])('of %s is printed as ssh-keygen prints it', (type) => {
    const [name = '', base64 = ''] = publicKey(`fp_${type}`, type).split(' ');
    const theirs = execFileSync('ssh-keygen', ['-lf', join(folder, `fp_${type}.pub`)], {
      encoding: 'utf8',
    });
    const blob = Buffer.from(base64, 'base64');
    expect(keyTypeOf(blob)).toBe(name);
    expect(theirs.split(' ')[1]).toBe(fingerprintOf(blob));
  });
});

describe('a pattern', () => {
  it('matches as a regular expression of the same meaning does', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 8 });
    fc.assert(
      fc.property(letters, letters, (pattern, text) => {
        const source = pattern.replaceAll('*', '.*').replaceAll('?', '.');
        expect(globMatches(pattern, text)).toBe(new RegExp(`^${source}$`).test(text));
      }),
      { numRuns: 2000 },
    );
  });

  it('full of stars takes no longer than the text is long', () => {
    expect(globMatches('*a'.repeat(2000), 'a'.repeat(1999))).toBe(false);
  });
});
