import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { selectLocalBoot } from '../../src/netboot/texts/local-disk.ts';
import { runLab } from '../helpers/memory-io.ts';
import { makeProject, type Project } from '../helpers/registry-project.ts';

let project: Project;
beforeEach(() => {
  project = makeProject(`all:
  hosts:
    a07: { mac: "52:54:00:00:00:07", model: OptiPlex 3070 }
    a08: { mac: "52:54:00:00:00:08", model: OptiPlex 3070, local_boot: grub }
    a09: { mac: "52:54:00:00:00:09", model: Other }
`);
  writeFileSync(
    join(project.folder, 'lab.yaml'),
    'netboot:\n  local_boot:\n    optiplex 3070: reboot\n',
  );
});
afterEach(() => project.remove());

const preview = (...args: string[]) =>
  runLab(['netboot', 'preview', ...args], { cwd: project.folder });

describe('lab netboot preview', () => {
  it.each([
    [
      'a07',
      'reboot   by lab.yaml, netboot.local_boot of the model "OptiPlex 3070"',
      ':local\nreboot\n',
    ],
    ['a08', 'grub   by local_boot, inventories/school.yaml:4:', ':local\nexit 1\n'],
    ['a09', 'as usual for its firmware', 'goto local_efi'],
  ])('says how %s gets to its disk, and what says so', async (host, said, lines) => {
    const { stdout, stderr, exitCode } = await preview(host);
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toContain(`disk     ${said}`);
    expect(stdout).toContain(lines);
    const { localBoot } = JSON.parse((await preview(host, '-o', 'json')).stdout);
    expect(localBoot).toContain(said);
  });

  it('refuses a model whose way is a word that does not exist, with the words there are', async () => {
    writeFileSync(join(project.folder, 'lab.yaml'), 'netboot: { local_boot: { X: refind } }\n');
    const { exitCode, stderr } = await preview('a07');
    expect(exitCode).toBe(3);
    expect(stderr).toContain('must be one of exit, sanboot, grub, reboot');
  });
});

describe('lab netboot preview of an installer', () => {
  beforeEach(() => {
    writeFileSync(
      join(project.folder, 'inventories', 'school.yaml'),
      `all:
  vars: { profile: debian-12-installer }
  hosts:
    a07: { mac: "52:54:00:00:00:07" }
    a08: { mac: "52:54:00:00:00:08", disk: { serial: S3Z9NB0K123456, bytes: 512110190592 } }
    a09: { mac: "52:54:00:00:00:09", disk: /dev/sdb }
    a10: { mac: "52:54:00:00:00:10", disk: { wwn: "0x5000c500a1b2c3d4" }, profile: exam }
`,
    );
    mkdirSync(join(project.folder, 'playbooks', 'profiles'), { recursive: true });
    writeFileSync(
      join(project.folder, 'playbooks', 'profiles', 'exam.yaml'),
      "base: windows-11\noptions: { share: '\\\\files\\windows-11' }\n",
    );
  });

  it.each([
    ['a07', "rule_serial='' rule_wwn='' rule_bytes=0"],
    ['a08', "rule_serial=S3Z9NB0K123456 rule_wwn='' rule_bytes=512110190592"],
  ])('shows the rule that %s would be installed by', async (host, rule) => {
    const { stdout, stderr, exitCode } = await preview(host);
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toContain(`== answers: early.sh`);
    expect(stdout).toContain(rule);
  });

  it.each([
    ['a09', 'a09: its variable "disk" is no fingerprint of a disk'],
    ['a10', "a10: Windows' setup does not know a disk by its WWN"],
  ])('shows why %s would be refused instead of its answers', async (host, why) => {
    const { stdout, stderr, exitCode } = await preview(host);
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toContain(`== answers\n(not now: ${why}; write `);
    expect(stdout).not.toMatch(/pick_disk|wmic/);
  });
});

describe('the way to the disk that a site set for a model', () => {
  const wayOf = selectLocalBoot(new Map([['LENOVO 10T7', 'exit']]));

  it('is found by the model with and without its maker, in any case', () => {
    const pcs = [
      ['Lenovo', '10t7'],
      ['', 'LENOVO  10T7'],
      ['LENOVO', '10T8'],
      ['', ''],
    ];
    const ways = pcs.map(([manufacturer = '', model = '']) => wayOf({ manufacturer, model }));
    expect(ways).toEqual(['exit', 'exit', '', '']);
  });
});
