import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { packRoot } from '../../../src/imaging/build/pack-root.ts';
import { type BootDouble, openBootDouble } from '../../helpers/boot-double.ts';
import { followInTarget, targetShells } from '../../helpers/target-shell.ts';

const chunkBytes = 64 * 1024;
let folder = '';
let double: BootDouble;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lab-stream-'));
  for (const name of ['root', 'target', 'work', 'root/etc'])
    mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, 'root', 'etc', 'issue'), 'hello\n');
  writeFileSync(join(folder, 'root', 'noise'), randomBytes(5 * chunkBytes + 123));
  execFileSync('sh', ['-c', `tar -C root -c . | zstd -q -o root.tar.zst`], { cwd: folder });
  double = await openBootDouble(
    { path: join(folder, 'root.tar.zst'), chunkBytes },
    (port) => `http://127.0.0.1:${port}`,
  );
});
afterEach(async () => {
  await double.close();
  rmSync(folder, { recursive: true, force: true });
});

const parts = ['job', 'built-in', 'disks', 'layout', 'screen', 'network', 'talk', 'stream'];
/** What main.sh sets up, without a PC around it. */
const prologue = `
work=$1/work job=$1/work/job target=$1/target server=$2 serial_consoles='' monitor_console='' disk_shown='' tell_patience=20
kernel_line=$1/line sysfs=/nowhere udev_data=/nowhere mac=52:54:00:00:00:07 firmware=bios
echo "labkit_token=$3" >"$kernel_line"
: >"$work/log"
read_identity
get_token && get_job || { echo "$ask_trouble"; exit 3; }
`;

/** Plays a target from its token to the last byte of the archive. */
function install(shell: readonly string[]) {
  const script = `${prologue} write_image || { cat "$work/stop"; exit 4; }`;
  const words = [folder, `http://127.0.0.1:${double.port}`, double.token];
  return followInTarget(shell, parts, script, words);
}

const chunksAsked = () => double.requests.filter((line) => line.includes('/boot/image/'));
const written = (name: string) => readFileSync(join(folder, 'target', name));

describe.each(targetShells)(
  'the stream to a target under $name',
  { timeout: 120_000 },
  ({ shell }) => {
    it('unpacks the archive whole, asks for each chunk once, and reports', async () => {
      expect(await install(shell)).toMatchObject({ status: 0, stdout: '' });
      expect(written('noise')).toEqual(readFileSync(join(folder, 'root', 'noise')));
      expect(chunksAsked()).toHaveLength(6);
      expect(double.reports[0]?.get('stage')).toBe('writing');
    });

    it('brings owners, attributes and access lists along, with what a build packs', async () => {
      const root = join(folder, 'root');
      // An access list as the kernel takes it (include/uapi/linux/posix_acl_xattr.h): owner, user 1000, group, mask, others.
      const label = `import os, struct
entries = [(1, 6, -1), (2, 4, 1000), (4, 4, -1), (16, 4, -1), (32, 0, -1)]
acl = struct.pack('<I', 2) + b''.join(struct.pack('<HHi', *entry) for entry in entries)
os.setxattr('noise', 'system.posix_acl_access', acl)
os.setxattr('noise', 'user.labkit', b'told')`;
      execFileSync('python3', ['-c', label], { cwd: root });
      await packRoot(root, join(folder, 'packed'), { chunkBytes });
      const script = 'work=$1/work; unpack root-archive "$1/target" <"$1/packed"';
      expect((await followInTarget(shell, parts, script, [folder])).status).toBe(0);
      const tell = `import os
print(sorted((name, os.getxattr('noise', name).hex()) for name in os.listxattr('noise')), oct(os.stat('noise').st_mode))`;
      const seen = (cwd: string) => execFileSync('python3', ['-c', tell], { cwd }).toString();
      expect(seen(join(folder, 'target'))).toBe(seen(root));
      expect(seen(root)).toContain('posix_acl_access');
    });

    it('keeps its secrets out of the arguments of every process', async () => {
      const spy = join(folder, 'curl');
      const real = execFileSync('sh', ['-c', 'command -v curl'], { encoding: 'utf8' }).trim();
      writeFileSync(spy, `#!/bin/sh\necho "$@" >>'${folder}/seen'\nexec ${real} "$@"\n`, {
        mode: 0o755,
      });
      const script = `PATH=$1:$PATH ${prologue} write_image`;
      const words = [folder, `http://127.0.0.1:${double.port}`, double.token];
      expect((await followInTarget(shell, parts, script, words)).status).toBe(0);
      const seen = readFileSync(join(folder, 'seen'), 'utf8');
      expect(seen.split('\n').length).toBeGreaterThan(7);
      expect(seen).not.toMatch(/T{43}|S{43}/);
    });

    it('lets nothing of an altered chunk through, tries three times and names it', async () => {
      double.faults.alterChunk = 3;
      const { status, stdout } = await install(shell);
      expect([status, stdout.trim()]).toEqual([
        4,
        'chunk 3 of root.tar.zst is not what the manifest promises',
      ]);
      expect(chunksAsked()).toHaveLength(6);
    });

    it('names the chunk from which an archive is shorter than promised', async () => {
      double.faults.cutAt = 2 * chunkBytes;
      const { status, stdout } = await install(shell);
      expect([status, stdout.trim()]).toEqual([
        4,
        'chunk 2 of root.tar.zst cannot be had: on the server this file has another length than the manifest promises',
      ]);
    });

    it('names an archive that is whole but no archive', async () => {
      const job = double.job;
      writeFileSync(join(folder, 'root.tar.zst'), randomBytes(3 * chunkBytes));
      await double.close();
      double = await openBootDouble(
        { path: join(folder, 'root.tar.zst'), chunkBytes },
        (port) => `http://127.0.0.1:${port}`,
      );
      expect(double.job).not.toEqual(job);
      const { status, stdout } = await install(shell);
      expect(status).toBe(4);
      expect(stdout).toMatch(/^the image cannot be unpacked: .*zstd/);
    });

    it('ends before the next chunk when it is told to stop', async () => {
      double.faults.stop = 'the host was disarmed';
      const { status, stdout } = await install(shell);
      expect([status, stdout.trim()]).toEqual([4, 'stopped by the server: the host was disarmed']);
    });

    it('names the program that could not write, not the one that lost its reader', async () => {
      rmSync(join(folder, 'target'), { recursive: true });
      writeFileSync(join(folder, 'target'), '');
      const { status, stdout } = await install(shell);
      expect(status).toBe(4);
      expect(stdout).toMatch(/^writing the files failed: .*tar: .*[Nn]ot a directory/);
    });

    const killed = "sh -c 'kill -9 $PPID'";
    it.each([
      [
        'the fetching of a chunk is killed',
        `eval "$(sed -n '/^fetch_chunk()/,/^}/p' "$4" | sed 's/^fetch_chunk/fetch_really/')"
         fetch_chunk() { [ "$2" != 2 ] || ${killed}; fetch_really "$@"; }`,
        'fetching chunk 2 of root.tar.zst ended with 137',
      ],
      [
        'the unpacking is killed',
        `unpack() { head -c 1000 >/dev/null; ${killed}; }`,
        'the unpacking program ended with 137',
      ],
      [
        'zstd is killed',
        `zstd() { head -c 1000 >/dev/null; sh -c 'kill -9 $$'; }`,
        'the image cannot be unpacked: zstd ended with 137',
      ],
      [
        'the reporter is killed',
        `keep_reporting() { ${killed}; }`,
        'telling the progress ended with 137',
      ],
      ['there can be no pipe', 'mkfifo() { return 1; }', 'no pipe could be made'],
      [
        'there is no room for a chunk',
        "trap '' 25; ulimit -f 100",
        'no memory for chunk 0 of root.tar.zst',
      ],
    ])('fails and says why when %s', async (_, harm, reason) => {
      const script = `${prologue}\n${harm}\nwrite_image 2>/dev/null || { cat "$work/stop"; exit 4; }`;
      const source = join(import.meta.dirname, '../../../src/imaging/deployment/target/stream.sh');
      const words = [folder, `http://127.0.0.1:${double.port}`, double.token, source];
      const { status, stdout } = await followInTarget(shell, parts, script, words);
      expect([status, stdout.trim()]).toEqual([4, reason]);
    });

    it('asks again for a job that was cut off, with the same nonce', async () => {
      double.faults.cutJobs = 2;
      expect((await install(shell)).status).toBe(0);
      expect(double.requests.filter((line) => line === 'POST /boot/job 200')).toHaveLength(3);
    });

    it('does not begin with a job that stays cut off', async () => {
      double.faults.cutJobs = 9;
      const { status, stdout } = await install(shell);
      expect([status, stdout.trim()]).toEqual([3, 'the job is cut off: its end is missing']);
      expect(chunksAsked()).toEqual([]);
    });

    it('says what the server says when the token is not good', async () => {
      const script = prologue;
      const words = [folder, `http://127.0.0.1:${double.port}`, 'x'.repeat(43)];
      const { status, stdout } = await followInTarget(shell, parts, script, words);
      expect([status, stdout.trim()]).toEqual([3, 'the server refused: this token is used or old']);
    });

    it('goes on where it was when the server was killed and started again', async () => {
      const isHalf = () => chunksAsked().length >= 2;
      const installing = install(shell);
      while (!isHalf()) await new Promise((resolve) => setTimeout(resolve, 1));
      await double.goDown();
      const down = double.requests.length;
      await new Promise((resolve) => setTimeout(resolve, 1500));
      await double.comeUp();
      expect(await installing).toMatchObject({ status: 0, stdout: '' });
      expect(double.requests.length).toBeGreaterThan(down);
      expect(written('noise')).toEqual(readFileSync(join(folder, 'root', 'noise')));
    });
  },
);
