import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openGrubShelf } from '../../../src/cli/netboot/publish-grub.ts';
import type { ServedAssets } from '../../../src/cli/netboot/serve-assets.ts';
import { openArming } from '../../../src/netboot/arming/open-arming.ts';
import { grubHostName } from '../../../src/netboot/texts/grub.ts';
import { makeHost } from '../../helpers/make-host.ts';
import { makeOrder } from '../../helpers/make-order.ts';
import { makeProfile } from '../../helpers/make-profile.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lab-grub-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const usual = makeProfile();
const signed = { ...usual, profile: { ...usual.profile, secureBoot: true } };
const unsigned = { ...usual, profile: { ...usual.profile, secureBoot: false } };
const armed = (id: string, profile: string) => openArming(makeOrder({ id, profile }));
const fileOf = (mac: string) => join(folder, 'grub', 'host', grubHostName(mac));

function openShelf(said: string[] = []) {
  writeFileSync(join(folder, 'kernel'), 'a kernel');
  const sha256 = createHash('sha256').update('a kernel').digest('hex');
  const found = { name: 'kernel', path: join(folder, 'kernel'), bytes: 8, sha256 };
  return openGrubShelf({
    tftpRoot: folder,
    assets: { ofProfile: () => found } as Partial<ServedAssets> as ServedAssets,
    server: 'http://10.1.0.2:8080',
    loadHost: async (name) => makeHost(name),
    async loadProfile({ order }) {
      if (order.profile === 'gone') throw new Error('there is no profile gone');
      return order.profile === 'signed' ? signed : unsigned;
    },
    say: (text) => said.push(text),
  });
}

describe('the file that GRUB reads of a host', () => {
  const [mac = ''] = makeOrder().macs;

  it('is there while the host is armed, and gone when it is not', async () => {
    const publish = openShelf();
    await publish([armed('one', 'signed')]);
    expect(readFileSync(fileOf(mac), 'utf8')).toContain('linux');
    await publish([]);
    expect(existsSync(fileOf(mac))).toBe(false);
  });

  it.each(['unsigned', 'gone'])(
    'of an earlier armed boot is gone when the host is armed anew with one that GRUB cannot start (%s)',
    async (profile) => {
      const publish = openShelf();
      await publish([armed('one', 'signed')]);
      await publish([armed('two', profile)]);
      expect(existsSync(fileOf(mac))).toBe(false);
    },
  );
});
