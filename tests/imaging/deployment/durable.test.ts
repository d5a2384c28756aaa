import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runInTarget, targetShells } from '../../helpers/target-shell.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lab-durable-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

const canMount = process.getuid?.() === 0 && existsSync('/dev/loop-control');
if (!canMount)
  console.warn("SKIPPED, not tested: disks that cannot be written (root's rights missing)");

/** A loop device whose file lies where only so many MiB have room, with a file of 60 MB on it: what does not fit is lost as on a broken disk, and who wrote it is not told. */
function makeDisk(mebibytes: number): string {
  const script = `set -e
    mkdir small mnt
    mount -t tmpfs -o size=${mebibytes}m none small
    truncate -s 100M small/disk
    losetup -f --show small/disk >loop
    mkfs.ext4 -q -F "$(cat loop)"
    mount "$(cat loop)" mnt
    head -c 60000000 /dev/urandom >mnt/content`;
  execFileSync('sh', ['-c', script], { cwd: folder, stdio: 'pipe' });
  return readFileSync(join(folder, 'loop'), 'utf8').trim();
}

function dropDisk(): void {
  const script = 'umount -l mnt 2>/dev/null; losetup -d "$(cat loop)"; umount -l small';
  spawnSync('sh', ['-c', script], { cwd: folder });
}

describe.skipIf(!canMount).each(targetShells)(
  'the end of writing on a target under $name',
  ({ shell }) => {
    afterEach(dropDisk);
    const finish = (disk: string) => {
      const script = `sysfs=/sys work=$1 job=$1 target=$1/mnt
        echo 'root 90 ext4 -' >"$job/partition"
        partition_node() { echo "/dev/$1"; }
        finish_writes "$2"
        echo $?
        tail -n 1 "$1/log"`;
      const words = [folder, disk.replace('/dev/', '')];
      return runInTarget(shell, ['built-in', 'durable'], script, words).stdout;
    };

    it('fails when the kernel could not write a block of the file system, and says where', () => {
      expect(finish(makeDisk(20))).toMatch(/^1\n\S+\/mnt could not be written\n$/);
    });

    it('fails when what is lost is a block of the device itself', () => {
      const disk = makeDisk(70);
      execFileSync('umount', [join(folder, 'mnt')]);
      execFileSync('sh', ['-c', 'head -c 90000000 /dev/urandom >"$0"', disk]);
      expect(finish(disk)).toMatch(/^1\n\/dev\/loop\d+ could not be written\n$/);
    });

    it('leaves nothing mounted and succeeds when every block is on the disk', () => {
      expect(finish(makeDisk(90))).toBe('0\n');
      expect(readFileSync('/proc/mounts', 'utf8')).not.toContain(join(folder, 'mnt'));
    });
  },
);

describe.each(targetShells)("the kernel's view of a new table under $name", ({ shell }) => {
  const layout =
    'label: gpt\nstart=1MiB, size=256MiB, type=X, name=esp\nstart=257MiB, size=1000MiB, type=Y, name=root\n';
  const compare = (
    disk: string,
    seen: { readonly [partition: string]: readonly [number, number] },
  ) => {
    write('layout', layout);
    for (const [name, [start, size]] of Object.entries(seen)) {
      write(`sys/block/${disk}/${name}/start`, `${start}\n`);
      write(`sys/block/${disk}/${name}/size`, `${size}\n`);
      write(`sys/block/${disk}/${name}/partition`, '1\n');
    }
    const script = 'sysfs=$1/sys work=$1; check_kernel_layout "$2"';
    return runInTarget(shell, ['built-in', 'layout'], script, [folder, disk]);
  };

  it('is accepted when it is what was asked for', () => {
    const seen = { sda1: [2048, 524_288], sda2: [526_336, 2_048_000] } as const;
    expect(compare('sda', seen)).toMatchObject({ status: 0, stderr: '' });
  });

  it.each([
    ['an old partition in its place', 'sda', { sda1: [2048, 524_288], sda2: [34, 2_048_000] }],
    ['another size', 'nvme0n1', { nvme0n1p1: [2048, 524_287], nvme0n1p2: [526_336, 2_048_000] }],
    ['one that is not there', 'sda', { sda1: [2048, 524_288] }],
    [
      'one that should be gone',
      'sda',
      { sda1: [2048, 524_288], sda2: [526_336, 2_048_000], sda5: [3_000_000, 10] },
    ],
  ] as const)('is refused with %s', (_, disk, seen) => {
    const { status, stderr } = compare(disk, seen);
    expect([status, stderr]).toEqual([1, expect.stringMatching(/^the kernel has /)]);
  });

  it('is asked for again until it is right', () => {
    compare('sda', { sda1: [2048, 524_288], sda2: [34, 10] });
    const script = `sysfs=$1/sys work=$1 asked=0
      sleep() { :; }
      blockdev() { asked=$((asked + 1)); [ $asked -lt 3 ] || { echo 526336 >"$sysfs/block/sda/sda2/start"; echo 2048000 >"$sysfs/block/sda/sda2/size"; }; }
      await_layout sda && echo "$asked"`;
    const { stdout } = runInTarget(shell, ['built-in', 'layout'], script, [folder]);
    expect(stdout).toBe('3\n');
  });

  it('is not written over when it stays wrong: nothing is formatted', () => {
    compare('sda', { sda1: [2048, 524_288], sda2: [34, 10] });
    write('partition', 'esp 256 vfat -\nroot 1000 ext4 grows\n');
    write('file', 'root.tar.zst root-archive 1 1 0\n');
    const script = `sysfs=$1/sys work=$1 job=$1
      sleep() { :; }; blockdev() { return 1; }; sfdisk() { cat >/dev/null; }; sync_device() { :; }
      make_filesystem() { echo "formatted $1"; }
      write_layout sda; echo $?; tail -n 1 "$1/log"`;
    const { stdout } = runInTarget(shell, ['built-in', 'layout'], script, [folder]);
    expect(stdout).toMatch(/^1\nthe kernel has \/dev\/sda2 at 34 with 10 sectors/);
  });

  it('is of those partitions alone that no file brings: a made file system, swap', () => {
    compare('sda', { sda1: [2048, 524_288], sda2: [526_336, 2_048_000] });
    write('partition', 'swap 256 swap -\nroot 1000 ext4 grows\n');
    write('file', 'root.ptcl.zst partition 1 1 2\n');
    const script = `sysfs=$1/sys work=$1 job=$1
      sfdisk() { cat >/dev/null; }; sync_device() { :; }
      make_filesystem() { echo "formatted $1"; }
      write_layout sda`;
    const { status, stdout } = runInTarget(shell, ['built-in', 'layout'], script, [folder]);
    expect([status, stdout]).toEqual([0, 'formatted /dev/sda1\n']);
  });
});
