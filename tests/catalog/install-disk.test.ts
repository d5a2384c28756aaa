import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { pickDisk } from '../../src/catalog/install-disk.ts';
import type { DiskRule } from '../../src/model/boot.ts';
import { type FakeDisk, kinds, makeFakeDisks } from '../helpers/fake-disks.ts';
import { runInTarget, targetShells } from '../helpers/target-shell.ts';

const base = mkdtempSync(join(tmpdir(), 'lab-disks-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));

const only: DiskRule = { by: 'only' };
const known = (more: { serial?: string; wwn?: string; bytes?: number }): DiskRule => ({
  ...{ by: 'fingerprint', serial: '', wwn: '', bytes: 0 },
  ...more,
});

/** Runs the function over a tree that looks like sysfs. */
function pick(shell: readonly string[], root: string, rule: DiskRule, then = '') {
  const script = `${pickDisk(rule)}sysfs=${root}/sys udev_data=${root}/udev\npick_disk\n${then}`;
  const [program = '', ...args] = shell;
  const { status, stdout, stderr } = spawnSync(program, args, { input: script, encoding: 'utf8' });
  expect(stderr).toBe('');
  return { status, said: stdout.trim() };
}

const { sata, nvme, virtio, soldered, ...never } = kinds;
const all: readonly FakeDisk[] = Object.values(kinds);

describe.each(targetShells)('the disk that an installer may wipe, by $name', ({ shell }) => {
  const choose = (disks: readonly FakeDisk[], rule: DiskRule) =>
    pick(shell, makeFakeDisks(base, disks), rule);

  it.each([sata, nvme, virtio, soldered])('is the only fixed internal one: $name', (disk) => {
    expect(choose([disk, ...Object.values(never)], only)).toEqual({ status: 0, said: disk.name });
  });

  it('is none where there are several, and each is named', () => {
    expect(choose(all, only)).toEqual({
      status: 1,
      said: '4 disks fit the rule, not one; fixed internal ones: mmcblk1 nvme0n1 sda vda',
    });
  });

  it.each(Object.entries(never))('is never a %s, though its fingerprint fits', (_, disk) => {
    const none = '0 disks fit the rule, not one; fixed internal ones: none';
    expect(choose([disk], only)).toEqual({ status: 1, said: none });
    expect(choose([disk], known({ serial: 'WD-WCC1' })).status).toBe(1);
  });

  it.each([
    ['removable', { removable: '1' }],
    ['read-only', { ro: '1' }],
    ['hidden', { hidden: '1' }],
    ['behind a port that is removable', { '../../../../removable': 'removable' }],
  ])('is never one that is %s', (_, attributes) => {
    const disk = { ...sata, attributes: { ...sata.attributes, ...attributes } };
    expect(choose([disk], only).status).toBe(1);
    expect(choose([disk], known({ serial: 'WD-WCC1' })).status).toBe(1);
  });

  it('is never an empty one', () => {
    expect(choose([{ ...sata, bytes: 0 }], only).status).toBe(1);
  });

  it.each<[string, Parameters<typeof known>[0], string]>([
    ['serial number', { serial: 'S4EVNX0' }, 'nvme0n1'],
    ['serial number in another spelling', { serial: 'wd-wcc1' }, 'sda'],
    ['WWN', { wwn: '0x50014EE2B1234567' }, 'sda'],
    ['WWN as NVMe has it', { wwn: 'eui.0025385b91b0f3c1' }, 'nvme0n1'],
    ['serial number and size', { serial: 'QM-1', bytes: virtio.bytes }, 'vda'],
    ['all there is', { serial: 'WD-WCC1', wwn: '50014ee2b1234567', bytes: sata.bytes }, 'sda'],
  ])('is found among several by its %s', (_, rule, name) => {
    expect(choose(all, known(rule))).toEqual({ status: 0, said: name });
  });

  it.each<[string, Parameters<typeof known>[0]]>([
    ['another serial number', { serial: 'WD-WCC2' }],
    ['a part of a serial number', { serial: 'WD-WCC' }],
    ['a pattern', { serial: 'WD.*' }],
    ['another size', { serial: 'WD-WCC1', bytes: sata.bytes + 512 }],
    ['another WWN', { serial: 'WD-WCC1', wwn: '0x1' }],
    ['the WWN of another disk', { serial: 'WD-WCC1', wwn: 'eui.0025385b91b0f3c1' }],
  ])('is none by a fingerprint with %s, also where one disk is all there is', (_, rule) => {
    expect(choose(all, known(rule)).status).toBe(1);
    expect(choose([sata], known(rule)).status).toBe(1);
  });

  it('is found by the serial number of its VPD page where there is no udev', () => {
    expect(choose([{ ...sata, udev: {} }, nvme], known({ serial: 'WD-WCC1' })).said).toBe('sda');
  });

  it.each([
    ['the firmware handed a network disk over', 'firmware/ibft/target0/flags', /iBFT/],
    ['a controller shows no disk', 'class/nvme/nvme7/model', /not to be written: nvme7$/],
  ])('is none where %s, unless it is known by its fingerprint', (_, file, why) => {
    const root = makeFakeDisks(base, [sata]);
    mkdirSync(join(root, 'sys', file, '..'), { recursive: true });
    writeFileSync(join(root, 'sys', file), 'x');
    const { status, said } = pick(shell, root, only);
    expect([status, said]).toEqual([1, expect.stringMatching(why)]);
    const theirs = 'sysfs=$1/sys udev_data=$1/udev; choose_disk only';
    expect(runInTarget(shell, ['built-in', 'disks'], theirs, [root]).status).toBe(1);
    expect(pick(shell, root, known({ serial: 'WD-WCC1' }))).toEqual({ status: 0, said: 'sda' });
  });

  it('is told by its name, size and serial number', () => {
    const root = makeFakeDisks(base, [nvme]);
    expect(pick(shell, root, only, 'tell_disk nvme0n1').said.split('\n')).toEqual([
      'nvme0n1',
      '&disk_name=nvme0n1&disk_bytes=256060514304&disk_serial=S4EVNX0',
    ]);
  });
});

describe('the rule of the disk', () => {
  it('is refused when it would fit any disk, or any of its size', () => {
    for (const rule of [known({}), known({ bytes: 512_110_190_592 })])
      expect(() => pickDisk(rule)).toThrow('known by nothing that only one disk has');
  });

  it('means the same disk to installers and to the deployment system, whatever a PC has', () => {
    const attribute = fc.constantFrom<FakeDisk['attributes']>(
      ...[{}, {}, {}, {}, {}, { removable: '1' }, { ro: '1' }, { hidden: '1' }, { size: '0' }],
      ...[{ '../../../removable': 'removable' }, { '../../../removable': 'fixed' }],
    );
    const internal = fc.subarray<FakeDisk>([sata, nvme, virtio, soldered], { maxLength: 2 });
    const others = fc.subarray<FakeDisk>(Object.values(never), { maxLength: 2 });
    const attributes = fc.tuple(attribute, attribute, attribute, attribute);
    const rules = fc.constantFrom<[DiskRule, string]>(
      [only, 'only'],
      [only, 'only'],
      [known({ serial: 'WD-WCC1' }), 'fingerprint WD-WCC1 - -'],
      [known({ serial: 's4evnx0', bytes: nvme.bytes }), `fingerprint s4evnx0 - ${nvme.bytes}`],
      [known({ wwn: '50014ee2b1234567' }), 'fingerprint - 50014ee2b1234567 -'],
    );
    const shell = ['dash'];
    let taken = 0;
    fc.assert(
      fc.property(internal, others, attributes, rules, (fixed, more, own, [rule, words]) => {
        const there = [...fixed, ...more].map((disk, at) => ({
          ...disk,
          attributes: { ...disk.attributes, ...own[at] },
        }));
        const root = makeFakeDisks(base, there);
        const ours = pick(shell, root, rule);
        const script = 'sysfs=$1/sys udev_data=$1/udev; choose_disk "$2"';
        const theirs = runInTarget(shell, ['built-in', 'disks'], script, [root, words]);
        expect(ours.status).toBe(theirs.status);
        if (ours.status === 0) expect(ours.said).toBe(theirs.stdout.trim());
        taken += ours.status === 0 ? 1 : 0;
      }),
      { numRuns: 60, seed: 5 },
    );
    expect(taken).toBeGreaterThan(10);
  }, 120_000);
});
