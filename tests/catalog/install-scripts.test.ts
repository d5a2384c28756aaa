import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { hostLabel, keyLines, pickDisk, tellFunctions } from '../../src/catalog/install-scripts.ts';
import type { Vars } from '../../src/model/value.ts';
import { makeHost } from '../helpers/make-host.ts';

const base = mkdtempSync(join(tmpdir(), 'lab-disks-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));

type Files = { readonly [file: string]: string };
const pci = 'devices/pci0000:00/0000:00:17.0';
const sata: Files = { size: '1000', removable: '0', 'device/wwid': 'naa.5000c500a1b2c3d4\n' };
const nvme: Files = { size: '2000', 'device/serial': 'S3Z9NB0K123456      \n' };
const disks: { readonly [place: string]: Files } = {
  [`${pci}/ata1/block/sda`]: { ...sata, 'device/vpd_pg80': '\0\x80\0\x08 WD-1234 ' },
  [`${pci}/nvme/nvme0n1`]: nvme,
  [`${pci}/usb2/2-1/block/sdb`]: sata,
  [`${pci}/ata2/block/sdc`]: { ...sata, removable: '1' },
  [`${pci}/ata3/block/sdd`]: { ...sata, size: '0' },
  [`${pci}/mmc/block/mmcblk0boot0`]: { size: '8' },
  'devices/virtual/block/loop0': { size: '5000' },
  [`${pci}/ata4/block/sr0`]: { size: '700' },
};

/** Runs the script over a tree that looks like sysfs, in one of the shells installers have. */
function pick(names: readonly string[], disk?: Vars, shell: readonly string[] = ['dash']) {
  const sys = mkdtempSync(join(base, 'sys-'));
  mkdirSync(join(sys, 'block'));
  for (const [place, files] of Object.entries(disks)) {
    const name = place.slice(place.lastIndexOf('/') + 1);
    if (!names.includes(name)) continue;
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(sys, place, file)), { recursive: true });
      writeFileSync(join(sys, place, file), text, 'latin1');
    }
    symlinkSync(join(sys, place), join(sys, 'block', name));
  }
  const host = makeHost('a07', { vars: disk === undefined ? {} : { disk } });
  const script = `${pickDisk(host)}pick_disk`.replaceAll('/sys/block', `${sys}/block`);
  const [program = '', ...args] = shell;
  const { status, stdout, stderr } = spawnSync(program, args, { input: script, encoding: 'utf8' });
  expect(stderr).toBe('');
  return { status, said: stdout.trim() };
}

const all = Object.keys(disks).map((place) => place.slice(place.lastIndexOf('/') + 1));

describe.each([[['dash']], [['busybox', 'sh']]])('the disk that is wiped, by %s', (shell) => {
  it('is the only fixed internal one: never USB, removable, empty or no disk at all', () => {
    const names = all.filter((name) => name !== 'nvme0n1');
    expect(pick(names, undefined, shell)).toEqual({ status: 0, said: 'sda' });
  });

  it('is none where there are several, or none', () => {
    expect(pick(all, undefined, shell)).toEqual({
      status: 1,
      said: '2 disks fit the rule, not one',
    });
    expect(pick(['sdb', 'sr0'], undefined, shell).said).toBe('0 disks fit the rule, not one');
  });

  it('is the one with the serial number, the WWN and the size that are registered', () => {
    expect(pick(all, { serial: 'S3Z9NB0K123456' }, shell).said).toBe('nvme0n1');
    expect(pick(all, { serial: 'WD-1234' }, shell).said).toBe('sda');
    expect(pick(all, { wwn: '0x5000c500a1b2c3d4', bytes: 512_000 }, shell).said).toBe('sda');
    expect(pick(all, { serial: 'S3Z9NB0K123456', bytes: 512 }, shell).status).toBe(1);
    expect(pick(all, { serial: 'OTHER' }, shell).status).toBe(1);
  });

  it('is not one on USB though its fingerprint fits', () => {
    expect(pick(['sdb'], { wwn: '5000c500a1b2c3d4' }, shell).status).toBe(1);
  });
});

describe('an installer that reports', () => {
  const answerWith = async (reply: string, work: string) => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.end(`${reply}\n`);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/boot/report/S`;
    const { spawn } = await import('node:child_process');
    const child = spawn('dash', ['-c', `${tellFunctions(url)}${work}`]);
    const status = await new Promise((resolve) => child.once('close', resolve));
    server.close();
    return { asked, status };
  };

  it('names its stage, and goes on when it may', async () => {
    expect(await answerWith('go', "tell installed '&hostkey=ssh-ed25519%20AAAA'")).toEqual({
      asked: ['/boot/report/S?stage=installed&hostkey=ssh-ed25519%20AAAA'],
      status: 0,
    });
  });

  it('stops when it is told to', async () => {
    expect((await answerWith('stop the host was disarmed', 'tell writing')).status).toBe(1);
  });
});

describe('what goes into an answer file', () => {
  it('is refused where it could end a text', () => {
    for (const key of ['ssh-ed25519 AAAA "x', 'ssh-ed25519 AAAA\nrootpw x', 'ssh-ed25519 张', ''])
      expect(() => keyLines([key]), key).toThrow('cannot stand in an answer file');
    for (const name of ['a_b', '-a', 'a.b', 'a b', '$(x)', '张'])
      expect(() => hostLabel(makeHost(name)), name).toThrow('no name that a computer can have');
  });
});
