import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runLab } from '../helpers/memory-io.ts';
import { makeProject, type Project } from '../helpers/registry-project.ts';

const inventory = `# the room, before its PCs came
all:
  children:
    lab_a:
      vars:
        room: {title: 计算机室一, subnet: 10.1.1.0/24, gateway: 10.1.1.254}
      hosts:
        a01: {seat: A1, ip: 10.1.1.1}
        a02:
          seat: A2   # by the door
          ip: 10.1.1.2
        a03:
          seat: A3
        a10:
          seat: A10
          ip: 10.1.1.10
          mac: "00:e0:4c:01:00:10"
    lab_b:
      vars:
        room: {title: 计算机室二}
      hosts:
        b01: {seat: B1, mac: "00:e0:4c:02:00:01", ip: 10.1.2.1}
`;
const lease = (second: number, mac: string): string =>
  `${1_796_083_200 + second} ${mac} 10.1.1.${100 + second} * *\n`;
const [first, second, third] = [
  '00:e0:4c:01:00:a1',
  '00:e0:4c:01:00:a2',
  '00:e0:4c:01:00:a3',
] as const;

interface EnrolReport {
  readonly outcome: string;
  readonly totals: { enrolled: number; free: number };
  readonly seats: readonly { host: string; mac: string; ip: string }[];
  readonly free: readonly string[];
  readonly passed: readonly { mac: string; reason: string }[];
}

const exitOf = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => child.once('close', resolve));

describe('lab inventory enroll', () => {
  let project: Project;
  const run = (...args: string[]) =>
    runLab(['inventory', 'enroll', ...args], { cwd: project.folder, env: { LANG: 'C.UTF-8' } });
  const readOnce = async (leases: string, ...args: string[]) => {
    writeFileSync(join(project.folder, 'leases'), leases);
    const ran = await run(
      'lab_a',
      '--from',
      'dnsmasq-leases:leases',
      '--once',
      '--yes',
      '-o',
      'json',
      ...args,
    );
    return { ...ran, report: JSON.parse(ran.stdout || '{}') as EnrolReport };
  };
  const seatsOf = ({ seats }: EnrolReport): string[] =>
    seats.map(({ host, mac, ip }) => `${host} ${mac} ${ip}`);

  beforeEach(() => {
    project = makeProject(inventory);
  });
  afterEach(() => {
    project.remove();
  });

  it('fills free seats in the order of the leases, with addresses where none is written, and keeps the file as it is elsewhere', async () => {
    const { report, exitCode, stderr } = await readOnce(
      lease(5, second) + lease(3, first) + lease(9, third),
    );
    expect(seatsOf(report), stderr).toEqual([
      `a01 ${first} 10.1.1.1`,
      `a02 ${second} 10.1.1.2`,
      `a03 ${third} 10.1.1.3`,
    ]);
    expect(report).toMatchObject({ outcome: 'full', totals: { enrolled: 3, free: 0 } });
    expect(exitCode).toBe(0);
    expect(readFileSync(project.file, 'utf8')).toBe(
      inventory
        .replace('{seat: A1, ip: 10.1.1.1}', `{seat: A1, ip: 10.1.1.1, mac: "${first}"}`)
        .replace('          ip: 10.1.1.2\n', `          ip: 10.1.1.2\n          mac: "${second}"\n`)
        .replace(
          '          seat: A3\n',
          `          seat: A3\n          ip: 10.1.1.3\n          mac: "${third}"\n`,
        ),
    );
  });

  it('files a row of the ledger for each seat', async () => {
    await readOnce(lease(1, first));
    const { stdout } = await runLab(['registry', 'history', 'a01', '-o', 'json'], {
      cwd: project.folder,
    });
    const rows = (
      JSON.parse(stdout) as { rows: { kind: string; reason: string; after: { macs: unknown } }[] }
    ).rows;
    expect(rows.at(-1)).toMatchObject({
      kind: 'register',
      reason: 'enrolled',
      after: { macs: [{ addr: first }] },
    });
  });

  it.each([
    ['of another room', '00:e0:4c:02:00:01', 'b01'],
    ['of a later seat', '00:e0:4c:01:00:10', 'a10'],
  ])(
    'stops at a PC %s, keeps what was filled before it, and exits with 6',
    async (_, mac, host) => {
      const { report, exitCode, stderr } = await readOnce(
        lease(1, first) + lease(2, mac) + lease(3, second),
      );
      expect(seatsOf(report)).toEqual([`a01 ${first} 10.1.1.1`]);
      expect(report).toMatchObject({ outcome: 'stopped', free: ['a02', 'a03'] });
      expect(stderr).toContain(`${mac} is ${host} already`);
      expect(exitCode).toBe(6);
      expect(readFileSync(project.file, 'utf8')).not.toContain(second);
      const again = await readOnce(
        lease(1, first) + lease(2, mac) + lease(3, second),
        '--leave-out',
        mac,
      );
      expect(seatsOf(again.report)).toEqual([`a02 ${second} 10.1.1.2`]);
    },
  );

  it('does not guess between PCs that came in the same second', async () => {
    const { report, exitCode, stderr } = await readOnce(lease(1, first) + lease(1, second));
    expect(report.seats).toEqual([]);
    expect(stderr).toContain('came at once');
    expect(exitCode).toBe(6);
  });

  it('leaves out made-up addresses, with a warning', async () => {
    const { report, stderr } = await readOnce(lease(1, 'da:a1:19:00:00:01') + lease(2, first));
    expect(seatsOf(report)).toEqual([`a01 ${first} 10.1.1.1`]);
    expect(report.passed).toEqual([{ mac: 'da:a1:19:00:00:01', reason: 'randomised' }]);
    expect(stderr).toContain('da:a1:19:00:00:01');
  });

  it('adds hosts behind those that are listed, named by a pattern', async () => {
    const all = ['a4', 'a5', 'a6', 'a7', 'a8'].map((end, index) =>
      lease(index, `00:e0:4c:01:00:${end}`),
    );
    const { report, exitCode } = await readOnce(all.join(''), '--new', '2', '--names', 'pc-{:02}');
    expect(report.seats.map(({ host }) => host)).toEqual(['a01', 'a02', 'a03', 'pc-01', 'pc-02']);
    expect(exitCode).toBe(0);
    const { stdout } = await runLab(['inventory', 'list', 'pc-02', '-o', 'json'], {
      cwd: project.folder,
    });
    expect(JSON.parse(stdout)).toMatchObject({
      hosts: [{ mac: '00:e0:4c:01:00:a8', room: 'lab_a' }],
    });
  });

  it('sees no PC that was on before it began, unless asked to', async () => {
    writeFileSync(join(project.folder, 'leases'), lease(1, first));
    const args = [
      'lab_a',
      '--from',
      'dnsmasq-leases:leases',
      '--yes',
      '--wait',
      '0.2',
      '--every',
      '0.05',
      '-o',
      'json',
    ];
    const ran = await run(...args);
    expect(JSON.parse(ran.stdout)).toMatchObject({ outcome: 'waited', seats: [] });
    expect(ran.exitCode).toBe(4);
    const present = await run(...args, '--present');
    expect(JSON.parse(present.stdout)).toMatchObject({ seats: [{ host: 'a01', mac: first }] });
  });

  it('takes PCs as their leases come', async () => {
    const file = join(project.folder, 'leases');
    writeFileSync(file, lease(1, 'da:a1:19:00:00:01'));
    const bin = join(import.meta.dirname, '..', '..', 'src', 'cli', 'bin.ts');
    const words = [bin, 'inventory', 'enroll', 'lab_a', '--from', 'dnsmasq-leases:leases'];
    const lab = spawn(process.execPath, [...words, '--yes', '--every', '0.05', '-o', 'json'], {
      cwd: project.folder,
    });
    const ended = exitOf(lab);
    let said = '';
    let printed = '';
    lab.stderr.on('data', (data) => {
      said += String(data);
    });
    lab.stdout.on('data', (data) => {
      printed += String(data);
    });
    let leases = '';
    const came = [second, first, third] as const;
    for (const [index, mac] of came.entries()) {
      // Before the first seat is told, a PC would count as one that was on already.
      while (!said.includes(`a0${index + 1}; switch it on`)) await wait(20);
      leases = lease(index, mac) + leases;
      writeFileSync(file, leases);
    }
    expect(await ended).toBe(0);
    expect(seatsOf(JSON.parse(printed) as EnrolReport)).toEqual(
      came.map((mac, index) => `a0${index + 1} ${mac} 10.1.1.${index + 1}`),
    );
  });

  it('wants --yes where nobody can be asked, a room that is there, and a free seat', async () => {
    expect(await run('lab_a')).toMatchObject({ exitCode: 5 });
    expect((await run('lab_x', '--yes')).stderr).toContain('lab_a, lab_b');
    expect((await run('lab_b', '--yes', '--from', 'dnsmasq-leases:leases')).stderr).toContain(
      '--new COUNT',
    );
    expect(await run('lab_a', '--yes', '--from', 'dnsmasq-leases:none')).toMatchObject({
      exitCode: 5,
    });
  });
});
