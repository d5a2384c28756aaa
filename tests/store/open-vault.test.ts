import { describe, expect, it } from 'vitest';
import { openVault } from '../../src/store/open-vault.ts';
import { encryptVault, type VaultPassword } from '../../src/store/vault.ts';

const password: VaultPassword = { label: 'default', password: Buffer.from('x') };
const vaultOf = (text: string) => encryptVault(Buffer.from(text, 'utf8'), password);

function open(...texts: readonly string[]) {
  const told: string[] = [];
  const vault = openVault([password], (secret) => told.push(secret));
  const plain = texts.map((text) => vault.decrypt(text, 'vars.yml:2'));
  return { plain, told };
}

describe('opening what is encrypted', () => {
  it('gives the text and tells it once, so that it can be masked', () => {
    const text = vaultOf('pässword');
    expect(open(text, text)).toEqual({ plain: ['pässword', 'pässword'], told: ['pässword'] });
  });

  it('tells the texts of the variables in a file, but no words that are everywhere', () => {
    const plain = 'db_password: abc\nport: 22\nstate: yes\nusers: [{name: anna, token: 7}]\n';
    expect(open(vaultOf(plain)).told).toEqual([plain.trim(), 'abc', 'anna', '7']);
  });

  it('tells the long lines of a key', () => {
    const key = `-----BEGIN KEY-----\n${'A'.repeat(40)}\nBB\n-----END KEY-----\n`;
    expect(open(vaultOf(key)).told).toEqual(expect.arrayContaining(['A'.repeat(40), key.trim()]));
    expect(open(vaultOf(key)).told).not.toContain('BB');
  });

  it('names what cannot be opened', () => {
    const vault = openVault([{ label: 'default', password: Buffer.from('y') }], () => {});
    expect(() => vault.decrypt(vaultOf('a'), 'vars.yml:2')).toThrow('vars.yml:2');
  });
});
