import { describe, expect, it } from 'vitest';
import { parseWho } from '../../../src/cli/reinstall/ask-who.ts';
import { parseLeases } from '../../../src/cli/reinstall/find-addresses.ts';

describe('what is read of hosts for a reinstallation', () => {
  it('knows who is logged in, each once, and nobody on an empty screen', () => {
    const text = [
      'li       tty2         2026-11-23 08:00 (tty2)',
      'li       pts/0        2026-11-23 08:01 (10.1.1.9)',
      '王芳 :0 2026',
      'zhang@school pts/1     2026-11-23 08:02',
      '',
    ].join('\n');
    expect(parseWho(text)).toEqual(['li', '王芳', 'zhang@school']);
    expect(parseWho('')).toEqual([]);
  });

  it('tries the newest lease of a card first: firmware and system may have one each', () => {
    const text = [
      '1795456800 52:54:00:aa:bb:cc 10.1.1.50 * 01:52:54:00:aa:bb:cc',
      '1795456900 52:54:00:aa:bb:cc 10.1.1.51 a07 ff:00:aa',
      '1795456950 52:54:00:aa:bb:dd 10.1.1.52 a08 ff:00:ab',
      'duid 00:01',
    ].join('\n');
    expect(parseLeases(text, ['52:54:00:aa:bb:cc'])).toEqual(['10.1.1.51', '10.1.1.50']);
  });
});
