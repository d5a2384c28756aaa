import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runInTarget, targetShells } from '../../helpers/target-shell.ts';

const digest = (at: number) => at.toString(16).padStart(64, '0');
const good = [
  'job lab.job/1',
  'host a07',
  'seat A-07 机房',
  'room room_a',
  'server http://10.1.0.2:8080',
  `session ${'s'.repeat(43)}`,
  'now 1795456800',
  'disk fingerprint WD-WX 12 0x50014ee2 500107862016',
  'firmware uefi',
  'kind archive',
  'image debian-12',
  `stamp ${digest(7)}`,
  'bytes 25',
  'partition esp 256 vfat -',
  'partition root 4096 ext4 grows',
  'file root.tar.zst root-archive 25 10 0',
  ...[0, 1, 2].map((at) => `chunk root.tar.zst ${at} ${digest(at)}`),
  'hostname a07',
  'domain lab.example',
  'timezone Asia/Shanghai',
  'locale zh_CN.UTF-8',
  'keymap us',
  'sshkey ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHg= $(touch canary) `x`',
  'sshkey ssh-rsa AAAAB3NzaC1yc2E=',
  'user tech',
  'after reboot',
  'end',
];

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lab-job-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function parse(shell: readonly string[], job: string | Uint8Array) {
  const text = join(folder, 'text');
  const values = join(folder, 'values');
  writeFileSync(text, job);
  const script = `rm -rf "$2"; mkdir "$2"; cd "$2"; parse_job "$1" "$2"`;
  return { ...runInTarget(shell, ['job'], script, [text, values]), values };
}

const lines = (all: readonly string[]) => all.map((line) => `${line}\n`).join('');
const swapLine = (from: string, to: string, job = good) =>
  lines(job.map((line) => (line.startsWith(`${from} `) ? to : line)));
const swap = (from: string, to: string) => swapLine(from, to);
/** Of an image of a disk: two partitions are brought by files, one is made. */
const disk = [
  ...good.filter((line) => !/^(kind|partition|file|chunk|bytes|end)\b/.test(line)),
  'kind disk',
  'partition esp 64 vfat -',
  'partition bios 1 none -',
  'partition swap 64 swap -',
  'partition root 900 ext4 grows',
  'bytes 35',
  'file esp.ptcl partition 10 10 1',
  `chunk esp.ptcl 0 ${digest(1)}`,
  'file root.ptcl partition 25 30 4',
  `chunk root.ptcl 0 ${digest(2)}`,
  'end',
];

describe.each(targetShells)('the job parser of a target under $name', ({ shell }) => {
  it('keeps each value of a good job in a file of its own, and runs nothing of it', () => {
    const { status, stdout, values } = parse(shell, lines(good));
    expect([status, stdout]).toEqual([0, '']);
    const read = (key: string) => readFileSync(join(values, key), 'utf8');
    expect(read('disk')).toBe('fingerprint WD-WX 12 0x50014ee2 500107862016\n');
    expect(read('partition')).toBe('esp 256 vfat -\nroot 4096 ext4 grows\n');
    expect(read('chunk').split('\n')[2]).toBe(`root.tar.zst 2 ${digest(2)}`);
    expect(read('sshkey').split('\n')).toHaveLength(3);
    expect(existsSync(join(values, 'canary'))).toBe(false);
  });

  it('tells a job that is cut off at any line from one that is wrong', () => {
    for (const most of [0, 1, 5, good.length - 1]) {
      expect(parse(shell, lines(good.slice(0, most))).status).toBe(1);
    }
    expect(parse(shell, lines(good).slice(0, -1)).status).toBe(1);
  });

  it.each([
    ['a host name with a command in it', swap('hostname', 'hostname a;reboot')],
    ['a host name that is an option', swap('hostname', 'hostname -rf')],
    ['a user who is a path', swap('user', 'user ../root')],
    ['a zone that climbs out', swap('timezone', 'timezone ../../etc/shadow')],
    ['a file that climbs out', swap('file', 'file ../x root-archive 25 10 0')],
    ['another form', swap('job', 'job lab.job/2')],
    ['a server of another kind', swap('server', 'server file:///etc/shadow')],
    ['a session with a quote', swap('session', `session ${'s'.repeat(40)}"x`)],
    ['a disk rule nobody knows', swap('disk', 'disk first')],
    ['a value twice', lines([...good.slice(0, 3), 'host a08', ...good.slice(3)])],
    ['an unknown key', lines([...good.slice(0, 3), 'run rm -rf /', ...good.slice(3)])],
    ['an empty line', lines([...good.slice(0, 3), '', ...good.slice(3)])],
    ['something behind its end', lines([...good, ...good])],
    ['no host name', lines(good.filter((line) => !line.startsWith('hostname')))],
    ['a chunk too few', lines(good.filter((line) => !line.startsWith('chunk root.tar.zst 2')))],
    ['a chunk twice', lines([...good.slice(0, -1), `chunk root.tar.zst 2 ${digest(2)}`, 'end'])],
    ['chunks in another order', swap('chunk', `chunk root.tar.zst 0 ${digest(0)}`)],
    ['a sum that is not the sum', swap('bytes', 'bytes 26')],
    ['a number that a shell takes for octal', swap('bytes', 'bytes 025')],
    ['a size of the disk that is octal', swap('disk', 'disk fingerprint WD - 0500')],
    ['an archive for a partition', swap('file', 'file root.tar.zst root-archive 25 10 2')],
    ['an archive of a disk', swap('kind', 'kind disk')],
    ['an archive for a root that is no ext4', swap('partition', 'partition root 9 ntfs -')],
    ['no root', lines(good.filter((line) => !line.startsWith('partition root')))],
    [
      'two roots',
      lines(good.flatMap((line) => (line.startsWith('partition root') ? [line, line] : [line]))),
    ],
    ['an ESP that is no vfat', swapLine('partition esp', 'partition esp 256 ext4 -')],
    ['a tab', swap('room', 'room room\ta')],
    ['an escape sequence', swap('room', 'room \u001b[2J')],
    ['a zero byte', swap('room', 'room a\u0000b')],
    [
      'a carriage return',
      lines(good)
        .replaceAll('\n', '\r\n')
        .replace(/end\r\n$/, 'end\n'),
    ],
  ])('refuses %s', (_, job) => {
    const { status, stdout } = parse(shell, job);
    expect(stdout).not.toBe('');
    expect(status).toBe(2);
  });

  it('takes an image of a disk', () => {
    expect(parse(shell, lines(disk))).toMatchObject({ status: 0, stdout: '' });
    const windows = lines(disk).replace('root 900 ext4', 'root 900 ntfs');
    expect(parse(shell, windows).status).toBe(0);
  });

  it.each([
    ['for a partition that is not there', 'file root.ptcl', 'file root.ptcl partition 25 30 5'],
    ['for partition 0', 'file root.ptcl', 'file root.ptcl partition 25 30 0'],
    [
      'for a partition that another one brought',
      'file root.ptcl',
      'file root.ptcl partition 25 30 1',
    ],
    ['for the swap partition', 'file esp.ptcl', 'file esp.ptcl partition 10 10 3'],
    ['for the boot area of GRUB', 'file esp.ptcl', 'file esp.ptcl partition 10 10 2'],
    ['in an archive', 'kind', 'kind archive'],
  ])('refuses a file of an image of a disk %s', (_, from, to) => {
    const { status, stdout } = parse(shell, swapLine(from, to, disk));
    expect([status, stdout]).toEqual([2, expect.stringMatching(/^the job is wrong: /)]);
  });

  it('refuses an image of a disk that brings no root', () => {
    const { status, stdout } = parse(
      shell,
      swapLine(
        'bytes',
        'bytes 10',
        disk.filter((line) => !line.includes('root.ptcl')),
      ),
    );
    expect([status, stdout.trim()]).toEqual([
      2,
      'the job is wrong: no file for the partition root',
    ]);
  });

  it('takes no job but a whole one, whatever bytes it is given', () => {
    const piece = fc.oneof(
      fc.constantFrom(...good),
      fc.constantFrom('$(id)', '`id`', '"; id; "', "'", '\\', '*', '-e', 'end', 'chunk', 'disk'),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const { status, stdout, values } = parse(shell, lines([...good.slice(0, 4), ...pieces]));
        expect([1, 2]).toContain(status);
        expect(stdout).not.toBe('');
        const known = /^(chunk|grammar|lines|others|[a-z]+)$/;
        expect(readdirSync(values).filter((name) => !known.test(name))).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  it('reads ten thousand chunks without a process for each', () => {
    const chunks = Array.from({ length: 10_000 }, (_, at) => `chunk r ${at} ${digest(at)}`);
    const job = good
      .filter((line) => !/^(chunk|file|bytes) /.test(line))
      .slice(0, -1)
      .concat('bytes 100000', 'file r root-archive 100000 10 0', chunks, 'end');
    expect(parse(shell, lines(job)).status).toBe(0);
  });
});
