import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { buildLocalGrub } from '../../../src/netboot/build-local-grub.ts';
import {
  grubHostName,
  grubWord,
  renderGrubConfig,
  renderGrubHost,
  renderGrubLocal,
} from '../../../src/netboot/texts/grub.ts';

const folder = mkdtempSync(join(tmpdir(), 'lab-grub-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const hasGrub = spawnSync('sh', ['-c', 'command -v grub-mkimage grub-script-check']).status === 0;
const inCi = process.env['CI'] === 'true';
if (!hasGrub && !inCi) console.warn('SKIPPED: no grub-mkimage here, no real GRUB was made');

/** Commands and modules of Debian's signed grubnet that the configuration may use: under lockdown nothing is loaded. */
const builtIn =
  /^(?:set|if|then|for|do|done|fi|echo|chainloader|boot|sleep|exit|source|menuentry|regexp|linux|initrd|\[|\})/;

const host = renderGrubHost(
  {
    kernel: 'vmlinuz',
    initrds: ['initrd.img'],
    args: ['boot=deploy', 'ds=nocloud-net;s=http://x/'],
  },
  (name) => `/asset/${name}`,
);

describe("GRUB's configuration", () => {
  it('boots an armed host at once, its words quoted, and its disk when that fails', () => {
    expect(host).toBe(`set timeout=0
set default=install
set fallback=local
menuentry "Reinstall this PC" --id install {
  linux '/asset/vmlinuz' 'boot=deploy' 'ds=nocloud-net;s=http://x/'
  initrd '/asset/initrd.img'
}
`);
  });

  it('starts the disk of every other PC after five seconds, and names no kernel', () => {
    const text = renderGrubConfig();
    expect(text).toContain('set timeout=5\nset default=local\n');
    expect(text).toContain('source $prefix/host/$host\n');
    expect(text).not.toMatch(/linux|initrd/);
  });

  it('uses what is built into the signed GRUB, and nothing else', () => {
    for (const text of [renderGrubConfig(), renderGrubLocal(), host])
      for (const line of text.split('\n').filter((each) => each.trim() !== ''))
        expect(line.trim()).toMatch(builtIn);
  });

  it('names the file of a host as GRUB asks for it', () => {
    expect(grubHostName('52:54:00:AA:BB:CC')).toBe('52:54:00:aa:bb:cc');
  });

  it.each(["it's", 'a\nb', '机房', '', 'x"y'])('refuses the word %j', (word) => {
    expect(() => grubWord(word)).toThrow('cannot stand in a GRUB configuration');
  });
});

describe.skipIf(!hasGrub && !inCi)('a real GRUB', () => {
  it('finds no fault in the texts', () => {
    for (const text of [renderGrubConfig(), renderGrubLocal(), host]) {
      const path = join(folder, 'grub.cfg');
      writeFileSync(path, text);
      expect(execFileSync('grub-script-check', [path], { encoding: 'utf8' })).toBe('');
    }
  });

  it('is made for the local disk, an EFI program of the same bytes each time, and nothing is left over', async () => {
    const first = await buildLocalGrub(folder);
    const content = readFileSync(first.path);
    const second = await buildLocalGrub(folder);
    expect(content.subarray(0, 2).toString()).toBe('MZ');
    expect(content.length).toBe(first.bytes);
    expect(second).toEqual(first);
    expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('says what to install when the tool is missing', async () => {
    const path = process.env['PATH'];
    process.env['PATH'] = '/nonexistent';
    try {
      await expect(buildLocalGrub(folder)).rejects.toThrow(
        /could not be made: \w+ is not installed/,
      );
    } finally {
      process.env['PATH'] = path;
    }
  });
});
