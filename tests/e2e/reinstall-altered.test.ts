import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openVmLab, type VmLab } from '../../sim/vm/open-vm-lab.ts';
import { openStore } from '../../src/store/store.ts';
import { type LabProject, openLabProject, until } from '../helpers/boot-service.ts';
import { canServe } from '../helpers/can-serve.ts';
import { makeImage } from '../helpers/make-image.ts';
import { makeSystem } from '../helpers/make-system.ts';
import { targetCommand } from '../helpers/target-shell.ts';

const chunkBytes = 64 * 1024;

/** A PC of the room without a disk: what is written lands in a folder. */
interface TargetPc {
  readonly namespace: string;
  readonly mac: string;
  readonly folder: string;
}

const inventory = (mac: string) => `
all:
  children:
    lab_a:
      vars: {room: {subnet: 10.77.0.0/24, gateway: 10.77.0.1}, profile: debian-12}
      hosts:
        a01: {mac: "${mac}", ip: 10.77.0.11, seat: A-01, serial: SN01}
`;

/** An archive of noise, so that each chunk of it holds other bytes of the same file. */
async function makeArchive(folder: string, images: string): Promise<Buffer> {
  const root = join(folder, 'root');
  mkdirSync(root);
  const noise = randomBytes(5 * chunkBytes + 123);
  writeFileSync(join(root, 'noise'), noise);
  const made = execFileSync('sh', ['-c', 'tar -C root -c . | zstd -qc'], { cwd: folder });
  await makeImage(images, 'debian-12', { content: made, chunkBytes });
  return noise;
}

const parts = ['job', 'built-in', 'disks', 'layout', 'screen', 'network', 'talk', 'stream'];
/** What the boot loader and main.sh do around the stream, without a disk. */
const program = `
work=$1/work job=$1/work/job target=$1/target server=$2 mac=$3 uuid='' serial=SN01
serial_consoles='' monitor_console='' disk_shown='' tell_patience=20 firmware=bios kernel_line=$1/line
rm -rf "$work" "$target" && mkdir -p "$work" "$target"
: >"$work/log"
curl -s "$server/boot/script?mac=$mac&serial=$serial&platform=pcbios&buildarch=i386&ip=10.77.0.11&netmask=255.255.255.0" >"$kernel_line"
get_token && get_job && tell kernel && tell writing done=0 "total=$(cat "$job/bytes")" rate=0 || { echo "$ask_trouble"; exit 3; }
write_image && exit 0
tell failed "reason=writing: $(head -n 1 "$work/stop" | printable)" 'hint=lab image verify checks the image' || echo "$ask_trouble"
exit 4
`;

interface Row {
  readonly host: string;
  readonly outcome: string;
  readonly stage: string;
  readonly reason: string;
}

/** Reinstalls the PC; `spoil` is called when it is armed, behind every look at the image. */
async function reinstall(lab: VmLab, project: LabProject, pc: TargetPc, spoil: () => void) {
  const file = 'told.json';
  const ran = project.ends([
    // It is on and has no SSH: nobody knows who is logged in.
    ...['reinstall', 'lab_a', '--despite', 'users', '--yes', '--confirm', '1'],
    ...['--stage-deadline', '100'],
    ...['-q', '-o', 'json', '--output-file', file],
  ]);
  const store = await openStore(join(project.folder, '.lab'));
  try {
    await until('an armed host', () => store.armings.list('live').length > 0, 120_000);
  } finally {
    store.close();
  }
  spoil();
  const words = [pc.folder, 'http://10.77.0.2:8080', pc.mac];
  const printed = await lab.segment.run(
    pc.namespace,
    targetCommand(['dash'], parts, program, words),
  );
  const { exitCode, printed: said } = await ran;
  const { hosts }: { hosts: Row[] } = JSON.parse(readFileSync(join(project.folder, file), 'utf8'));
  return { exitCode, said: said + printed, row: hosts[0] };
}

describe.skipIf(!canServe('dnsmasq', 'grub-mkimage', 'curl', 'zstd', 'dash'))(
  'an archive that is not what its manifest promises',
  () => {
    it('is caught at its chunk: by image verify, before arming, and by the target when it happens later', async () => {
      await using lab = await openVmLab({ campusDhcp: false, vms: [] });
      const joined = lab.segment.join('10.77.0.11');
      const pc = { ...joined, folder: join(lab.segment.folder, 'pc') };
      const project = openLabProject(lab, inventory(pc.mac));
      const state = join(project.folder, '.lab');
      mkdirSync(pc.folder);
      mkdirSync(state, { mode: 0o700 });
      await makeSystem(join(state, 'deployment-system'));
      const noise = await makeArchive(pc.folder, join(state, 'images'));
      const archive = join(state, 'images', 'debian-12', 'root.tar.zst');
      const whole = readFileSync(archive);
      const spoilt = {
        altered() {
          const file = openSync(archive, 'r+');
          writeSync(
            file,
            Buffer.from([~(whole[3 * chunkBytes + 1000] ?? 0) & 255]),
            0,
            1,
            3 * chunkBytes + 1000,
          );
          closeSync(file);
        },
        cutOff: () => truncateSync(archive, 2 * chunkBytes + 500),
      };
      const service = await project.serve(['--mode', 'external']);

      const altered = await reinstall(lab, project, pc, spoilt.altered);
      expect(altered.exitCode, altered.said).toBe(2);
      expect(altered.row, altered.said).toMatchObject({
        ...{ host: 'a01', outcome: 'failed', stage: 'writing' },
        reason: 'writing: chunk 3 of root.tar.zst is not what the manifest promises',
      });
      // What went on to the disk is what was promised, up to that chunk.
      const written = readFileSync(join(pc.folder, 'target', 'noise'));
      expect(written.length).toBeLessThanOrEqual(3 * chunkBytes);
      expect(written).toEqual(noise.subarray(0, written.length));
      const verified = await project.ends(['image', 'verify', 'debian-12']);
      expect([verified.exitCode, verified.printed]).toEqual([
        2,
        expect.stringContaining('root.tar.zst: chunk 3 of 6 is altered'),
      ]);
      const refused = await project.ends([
        ...['reinstall', 'lab_a', '--despite', 'users', '--yes', '--confirm', '1'],
      ]);
      expect([refused.exitCode, refused.printed]).toEqual([
        7,
        expect.stringMatching(/root\.tar\.zst: chunk 3 of 6 is altered[\s\S]*nothing was armed/),
      ]);

      writeFileSync(archive, whole);
      const cut = await reinstall(lab, project, pc, spoilt.cutOff);
      expect(cut.row, cut.said).toMatchObject({
        ...{ host: 'a01', outcome: 'failed', stage: 'writing' },
        reason:
          'writing: chunk 0 of root.tar.zst cannot be had: on the server this file has another length than the manifest promises',
      });
      const cutVerified = await project.ends(['image', 'verify', 'debian-12']);
      expect(cutVerified.printed).toContain('it is cut off from chunk 2 of 6 on');
      expect(await service.stop()).toBe(0);
    }, 400_000);
  },
);
