import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import debian from '../../src/catalog/profiles/debian-12-installer.ts';
import type { ArmingStore, DiskRule } from '../../src/model/boot.ts';
import { foldArming } from '../../src/netboot/arming/fold-arming.ts';
import { answersAt, openArmed } from '../helpers/armed-installer.ts';
import { until } from '../helpers/boot-service.ts';
import { canServe } from '../helpers/can-serve.ts';
import { kinds, makeFakeDisks } from '../helpers/fake-disks.ts';
import { fetchInstaller, fetchPart } from '../helpers/installer-parts.ts';

/** What main-menu does up to the partitioner's first step, with the installer's own debconf, preseed and partman. */
const flow = `#!/bin/sh
. /usr/share/debconf/confmodule
debconf-set-selections /tmp/preseed.cfg >&2
/lib/debian-installer-startup.d/S33preseed_early_command >&2
echo early >&2
/lib/partman/init.d/01early_command
for question in partman-auto/method partman-auto/disk partman/confirm partman/confirm_nooverwrite \\
  partman-partitioning/confirm_write_new_label grub-installer/bootdev; do
  db_get $question; answer=$RET
  db_fget $question seen
  echo "$question $answer $RET" >&2
done
`;
const start = `debconf-loadtemplate d-i /tmp/partman.templates
for file in /var/lib/dpkg/info/*.templates; do debconf-loadtemplate d-i "$file"; done
exec debconf -o d-i /tmp/flow.sh`;

/** Takes the permission back at the moment the last answer is read. */
function disarmBehindAnswers(store: ArmingStore): void {
  const update = store.update.bind(store);
  store.update = (id, change) => {
    const after = update(id, change);
    if (!after.answersRead.includes('late.sh')) return after;
    const at = after.heardAt + 1;
    return update(id, (now) => foldArming(now, { type: 'disarmed', at, who: 'li' }));
  };
}

describe.skipIf(!canServe('cpio', 'dpkg-deb', 'apt-get', 'chroot'))(
  "debian-installer's own programs, in its initramfs",
  () => {
    let folder: string;
    let root: string;
    beforeEach(async () => {
      const { initrd } = await fetchInstaller();
      const partman = fetchPart('partman-base');
      folder = mkdtempSync(join(tmpdir(), 'lab-installer-'));
      root = join(folder, 'root');
      const unpack =
        'mkdir "$2" && cd "$2" && zcat "$1" | cpio -id --quiet && dpkg-deb -x "$3" . && dpkg-deb -e "$3" tmp/control && mv tmp/control/templates tmp/partman.templates';
      execFileSync('sh', ['-c', unpack, 'sh', initrd, root, partman], { stdio: 'pipe' });
      const disks = makeFakeDisks(folder, [kinds.nvme, kinds.stick]);
      cpSync(join(disks, 'sys'), join(root, 'sys'), { recursive: true, verbatimSymlinks: true });
      // Seen from inside: up to the controller.
      const device = join(root, 'sys', 'devices', kinds.nvme.bus, 'block', 'nvme0n1', 'device');
      rmSync(device);
      symlinkSync('../..', device);
      writeFileSync(join(root, 'tmp', 'flow.sh'), flow);
      chmodSync(join(root, 'tmp', 'flow.sh'), 0o755);
    }, 10 * 60_000);
    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    function run(): ChildProcess {
      const environment = ['PATH=/usr/sbin:/usr/bin:/sbin:/bin', 'DEBIAN_FRONTEND=noninteractive'];
      const words = ['--pid', '--fork', '--kill-child', 'chroot', root, '/usr/bin/env', '-i'];
      return spawn('unshare', [...words, ...environment, 'sh', '-c', start]);
    }

    /** Whether a program in the installer waits for good. */
    const waits = () =>
      readdirSync('/proc').some((pid) => {
        if (!/^\d+$/.test(pid)) return false;
        try {
          const [program, word] = readFileSync(join('/proc', pid, 'cmdline'), 'utf8').split('\0');
          if (program !== 'sleep' || word !== '3600') return false;
          return readlinkSync(join('/proc', pid, 'root')) === root;
        } catch {
          return false;
        }
      });

    const open = async (disk: DiskRule) => {
      const armed = await openArmed(debian, disk);
      const at = answersAt(await armed.script());
      writeFileSync(join(root, 'tmp', 'preseed.cfg'), (await armed.get(`${at}/preseed.cfg`)).text);
      return armed;
    };
    const nvme: DiskRule = { by: 'fingerprint', serial: 'S4EVNX0', wwn: '', bytes: 0 };

    it('take our answers, and let the partitioner write behind a clear go, to the confirmed disk', async () => {
      await using armed = await open(nvme);
      const child = run();
      const said = await text(child.stderr as NodeJS.ReadableStream);
      expect(said.trim().split('\n').slice(-7)).toEqual([
        'early',
        'partman-auto/method regular true',
        'partman-auto/disk /dev/nvme0n1 true',
        'partman/confirm true true',
        'partman/confirm_nooverwrite true true',
        'partman-partitioning/confirm_write_new_label true true',
        'grub-installer/bootdev /dev/nvme0n1 true',
      ]);
      expect(armed.rig.load()).toMatchObject({
        state: 'writing',
        answersRead: ['preseed.cfg', 'early.sh', 'late.sh'],
        told: { disk_name: 'nvme0n1', disk_serial: 'S4EVNX0' },
      });
    }, 120_000);

    it.each<[string, DiskRule, string]>([
      ['the confirmed disk is not there', { ...nvme, serial: 'OTHER' }, 'failed'],
      ['the host was disarmed', nvme, 'disarmed'],
    ])(
      'stay before the partitioner for good where %s',
      async (_, disk, state) => {
        await using armed = await open(disk);
        if (state === 'disarmed') disarmBehindAnswers(armed.rig.store);
        const child = run();
        let said = '';
        child.stderr?.on('data', (part) => {
          said += String(part);
        });
        try {
          await until('an installer that waits', waits, 60_000);
          expect(armed.rig.load()?.state).toBe(state);
          expect(said).not.toContain('partman');
        } finally {
          const gone = new Promise((resolve) => child.once('close', resolve));
          child.kill('SIGKILL');
          await gone;
        }
      },
      120_000,
    );
  },
);
