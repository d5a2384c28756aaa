import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseNeighbours } from '../../src/transport/neighbour-addresses.ts';
import { replaceHostKeys } from '../../src/transport/replace-host-keys.ts';

const keyOf = (letter: string): string => {
  const type = Buffer.from('ssh-ed25519');
  const blob = Buffer.concat([
    ...[Buffer.from([0, 0, 0, type.length]), type, Buffer.from([0, 0, 0, 32])],
    Buffer.alloc(32, letter),
  ]);
  return `ssh-ed25519 ${blob.toString('base64')}`;
};

describe('replacing the host keys of a reinstalled host', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lab-keys-'));
    file = join(folder, 'known_hosts');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('leaves every line of other hosts, comments and marked lines as they are', async () => {
    const others = [
      '# kept by hand',
      `a02 ${keyOf('b')}`,
      `@revoked a01 ${keyOf('c')}`,
      `a01,a02 ${keyOf('d')}`,
    ];
    writeFileSync(file, [others[0], `a01 ${keyOf('a')}`, ...others.slice(1), ''].join('\n'));
    await replaceHostKeys(file, 'a01', [keyOf('z')]);
    expect(readFileSync(file, 'utf8')).toBe([...others, `a01 ${keyOf('z')}`, ''].join('\n'));
  });

  it('loses none when all hosts of a wave come up at once', async () => {
    const names = Array.from({ length: 40 }, (_, index) => `pc${index}`);
    await Promise.all(names.map((name) => replaceHostKeys(file, name, [`${keyOf('k')} root@pc`])));
    const lines = readFileSync(file, 'utf8').trim().split('\n').sort();
    expect(lines).toEqual(names.map((name) => `${name} ${keyOf('k')}`).sort());
  });

  it.each([[['nonsense']], [[]], [[`${keyOf('a')}\n* ${keyOf('b')}`.replace('ssh-ed25519', '*')]]])(
    'refuses what is no key: %j',
    async (keys) => {
      await expect(replaceHostKeys(file, 'a01', keys)).rejects.toThrow('none');
    },
  );
});

describe('the table of neighbours', () => {
  it('finds the addresses of a card, and none that is only being asked for', () => {
    const table = [
      'IP address       HW type     Flags       HW address            Mask     Device',
      '10.1.1.7         0x1         0x2         52:54:00:AA:BB:CC     *        eth0',
      '10.1.1.8         0x1         0x0         52:54:00:aa:bb:cc     *        eth0',
      '10.1.1.9         0x1         0x2         52:54:00:aa:bb:dd     *        eth0',
    ].join('\n');
    expect(parseNeighbours(table, ['52:54:00:aa:bb:cc'])).toEqual(['10.1.1.7']);
  });
});
