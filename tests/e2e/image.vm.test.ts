import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, it, onTestFinished } from 'vitest';
import { verifyImage } from '../../src/imaging/image-folder.ts';
import { sh } from '../../src/model/command.ts';
import type { Image } from '../../src/model/image.ts';
import { connectToRoot } from '../../src/transport/chroot-session.ts';
import { makeHost } from '../helpers/make-host.ts';
import { describeOnPcs } from '../helpers/sim.ts';
import { openVmImage } from '../helpers/vm-image.ts';

describeOnPcs('a root archive made with mmdebstrap', () => {
  let images = '';
  let image: Image;
  let names: string[] = [];
  beforeAll(async () => {
    ({ images, image } = await openVmImage());
    const listed = spawnSync('tar', ['--zstd', '-tf', join(images, image.name, 'root.tar.zst')], {
      encoding: 'utf8',
      maxBuffer: 1e8,
    });
    expect(listed.status, listed.stderr).toBe(0);
    names = listed.stdout.split('\n');
  }, 1_500_000);

  it('is whole, chunk by chunk', async () => {
    expect(await verifyImage(images, image)).toEqual([]);
  });

  it('brings all that a PC needs to start by either firmware and to be reached', () => {
    for (const path of [
      './usr/lib/grub/i386-pc/moddep.lst',
      './usr/lib/grub/x86_64-efi-signed/grubx64.efi.signed',
      './usr/lib/shim/shimx64.efi.signed',
      './usr/sbin/sshd',
      './usr/bin/sudo',
      './usr/lib/locale/locale-archive',
    ])
      expect(names).toContain(path);
    expect(names.some((name) => name.startsWith('./boot/vmlinuz-'))).toBe(true);
    expect(names.some((name) => name.startsWith('./boot/initrd.img-'))).toBe(true);
    expect(image.packages.map(({ name }) => name)).toContain('openssh-server');
  });

  it('holds nothing that must differ from PC to PC, and nothing of where it was made', () => {
    const strays = names.filter((name) =>
      /^\.\/(?:etc\/ssh\/ssh_host_.*|etc\/hostname|usr\/sbin\/policy-rc\.d|var\/lib\/apt\/lists\/.+|(?:proc|sys|run|tmp)\/.+)$/.test(
        name,
      ),
    );
    expect(strays).toEqual([]);
  });

  it('is a root in which commands run with processes and mounts of their own', async () => {
    const root = mkdtempSync(join(tmpdir(), 'lab-root-'));
    onTestFinished(() => rm(root, { recursive: true, force: true }));
    const archive = join(images, image.name, 'root.tar.zst');
    const unpacked = spawnSync('tar', ['--zstd', '-xpf', archive, '-C', root, '--numeric-owner']);
    expect(unpacked.status, String(unpacked.stderr)).toBe(0);
    expect(readFileSync(join(root, 'etc/machine-id'), 'utf8')).toBe('');
    await using connection = connectToRoot(makeHost('image'), root);
    const done = await connection.exec(
      sh`id -u; ps_count=$(ls -d /proc/[0-9]* | wc -l); [ "$ps_count" -lt 10 ] && echo alone; touch /made; (sleep 600 >/dev/null 2>&1 &)`,
    );
    expect(done).toMatchObject({ exitCode: 0 });
    expect(Buffer.from(done.stdout).toString()).toBe('0\nalone\n');
    expect(existsSync(join(root, 'made'))).toBe(true);
    expect(existsSync(join(root, 'proc', '1'))).toBe(false);
    expect(readFileSync('/proc/self/mounts', 'utf8')).not.toContain(root);
  }, 120_000);
});
