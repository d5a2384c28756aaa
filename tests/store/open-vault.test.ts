import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { mergeInventory } from '../../src/inventory/merge.ts';
import { resolveInventory } from '../../src/inventory/resolve.ts';
import { loadInventoryFiles } from '../../src/store/inventory-files.ts';
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

  it('tells the long words of a value, which a command may take apart', () => {
    expect(open(vaultOf('longsecret with words')).told).toEqual(
      expect.arrayContaining(['longsecret with words', 'longsecret']),
    );
  });

  it('names what cannot be opened', () => {
    const vault = openVault([{ label: 'default', password: Buffer.from('y') }], () => {});
    expect(() => vault.decrypt(vaultOf('a'), 'vars.yml:2')).toThrow('vars.yml:2');
  });
});

describe('an inventory with encrypted files of variables', () => {
  it('has their values with a vault, warns without, and keeps the plain text out of the file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lab-vaulted-'));
    try {
      mkdirSync(join(folder, 'group_vars'));
      writeFileSync(join(folder, 'hosts.yml'), 'all: {hosts: {pc1: }}\n');
      const path = join(folder, 'group_vars', 'all.yml');
      writeFileSync(path, vaultOf('wlan_password: hunter22\n'));
      const told: string[] = [];
      const vault = openVault([password], (secret) => told.push(secret));
      const { files, problems } = await loadInventoryFiles(
        [join(folder, 'hosts.yml')],
        undefined,
        vault,
      );
      const raw = mergeInventory(files);
      const { inventory } = resolveInventory(raw);
      expect([...problems, ...raw.problems]).toEqual([]);
      expect(inventory.hosts[0]?.vars['wlan_password']).toBe('hunter22');
      expect(inventory.hosts[0]?.originOf('wlan_password')).toEqual({
        file: path,
        line: 1,
        column: 16,
      });
      expect(told).toContain('hunter22');
      expect(files.map(({ text }) => text).join()).not.toContain('hunter22');
      const locked = await loadInventoryFiles([join(folder, 'hosts.yml')]);
      expect(mergeInventory(locked.files).problems.map(({ rule }) => rule)).toEqual([
        'vaulted-file',
      ]);
      const wrong = openVault([{ label: 'default', password: Buffer.from('y') }], () => {});
      const refused = await loadInventoryFiles([join(folder, 'hosts.yml')], undefined, wrong);
      expect(refused.problems.map(({ severity, file }) => [severity, file])).toEqual([
        ['error', path],
      ]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
