import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { labIn, labPath } from '../helpers/lab.ts';
import { describeOnPcs, openSim, type Sim } from '../helpers/sim.ts';

interface RunReport {
  readonly run: string;
  readonly totals: Readonly<Record<string, number>>;
  readonly hosts: readonly {
    host: string;
    outcome: string;
    exitCode: number | null;
    stdout: string;
    stderr: string;
    reason: string | null;
  }[];
}

describeOnPcs('acting on rooms of simulated PCs', () => {
  let sim: Sim;
  let state: string;
  const lab = (...args: string[]) => labIn(sim, state)(args);
  const run = async (...args: string[]): Promise<RunReport & { status: number }> => {
    const ran = await lab('run', '-o', 'json', ...args);
    return { ...JSON.parse(ran.stdout), status: ran.exitCode };
  };

  /** Waits until a command that is still running has made its file. */
  async function appears(host: string, path: string): Promise<void> {
    while ((await sim.inside(host, ['test', '-e', path])).exitCode !== 0) await sleep(100);
  }

  beforeAll(async () => {
    state = mkdtempSync(join(tmpdir(), 'lab-e2e-'));
    sim = await openSim({
      rooms: [
        { name: 'a', pcs: 8 },
        { name: 'b', pcs: 4 },
      ],
    });
  });
  afterAll(async () => {
    await sim?.close();
    rmSync(state, { recursive: true, force: true });
  });

  it('runs a command with its words exactly as typed', async () => {
    const words = ['printf', '[%s]', 'a b', "it's", '$HOME', '*', '计算机', ''];
    const { status, hosts } = await run('lab_a', '--', ...words);
    expect(status).toBe(0);
    expect(hosts.length).toBe(8);
    for (const { stdout } of hosts) expect(stdout).toBe("[a b][it's][$HOME][*][计算机][]");
  });

  it('tells the exit code of each host and ends with 2 when one failed', async () => {
    const { status, hosts, totals } = await run('a0[1-3]', '--', 'test "$(hostname)" != a02');
    expect(status).toBe(2);
    expect(hosts.map(({ host, exitCode }) => [host, exitCode])).toEqual([
      ['a01', 0],
      ['a02', 1],
      ['a03', 0],
    ]);
    expect(totals).toMatchObject({ ok: 2, failed: 1 });
  });

  it('becomes root with the password of tech, which never stands in a command line', async () => {
    const args = [
      '-u',
      'tech',
      '-b',
      '--become-password-file',
      sim.passwordFile,
      '--',
      'id -u; cat /proc/[0-9]*/cmdline | tr "\\0" "\\n"',
    ];
    const inventory = join(state, 'tech.yaml');
    writeFileSync(
      inventory,
      readFileSync(sim.inventoryPath, 'utf8').replace('ansible_user: root', 'ansible_user: tech'),
    );
    const ran = await sim.exec([
      labPath,
      '-i',
      inventory,
      '--state',
      state,
      'run',
      'a01',
      '-o',
      'json',
      ...args,
    ]);
    const { hosts }: RunReport = JSON.parse(ran.stdout);
    expect(hosts[0]?.stdout.startsWith('0\n')).toBe(true);
    expect(hosts[0]?.stdout).not.toContain(readFileSync(sim.passwordFile, 'utf8').trim());
  });

  it('logs in with a password from a file, an executable one or the environment, and tries a wrong one once', async () => {
    const inventory = join(state, 'password.yaml');
    const text = readFileSync(sim.inventoryPath, 'utf8').replace(
      'ansible_user: root',
      'ansible_user: tech',
    );
    writeFileSync(inventory, text.replace(/^.*ansible_ssh_private_key_file.*\n/m, ''));
    const secret = readFileSync(sim.passwordFile, 'utf8').trim();
    const program = join(state, 'ask-the-safe');
    writeFileSync(program, `#!/bin/sh\ncat '${sim.passwordFile}'\n`);
    chmodSync(program, 0o700);
    const go = (flags: string[], env: Record<string, string> = {}) =>
      sim.exec(
        [
          labPath,
          '-i',
          inventory,
          '--state',
          state,
          'run',
          'a01',
          '-o',
          'json',
          ...flags,
          '--',
          'id -un',
        ],
        {
          env: { HOME: state, SSH_AUTH_SOCK: '', ...env },
        },
      );
    for (const [flags, env] of [
      [['--connection-password-file', sim.passwordFile], {}],
      [['--connection-password-file', program], {}],
      [[], { LAB_PASSWORD: secret }],
    ] as const) {
      const ran = await go([...flags], env);
      expect(JSON.parse(ran.stdout).hosts[0], ran.stderr).toMatchObject({
        outcome: 'ok',
        stdout: 'tech\n',
      });
    }
    const wrong = await go([], { LAB_PASSWORD: 'guess' });
    expect(JSON.parse(wrong.stdout).hosts[0]).toMatchObject({
      outcome: 'unreachable',
      reason: 'auth-failed',
    });
    expect(wrong.exitCode).toBe(4);
  });

  it('copies a folder, sends nothing the second time, and fetches a file of every host', async () => {
    const site = join(state, 'site');
    mkdirSync(join(site, '计划'), { recursive: true });
    writeFileSync(join(site, '计划', 'week 1.txt'), 'Monday\n', { mode: 0o640 });
    const first = await lab('copy', 'lab_a', `${site}/`, '/srv/site', '-o', 'json');
    expect(first.exitCode, first.stderr).toBe(0);
    const found = await sim.inside('a05', ['stat', '-c', '%a %s', '/srv/site/计划/week 1.txt']);
    expect(found.stdout).toBe('640 7\n');
    const second = await lab('copy', 'lab_a', `${site}/`, '/srv/site', '-o', 'json');
    expect(JSON.parse(second.stdout).totals).toEqual({ ok: 8 });
    const fetched = await lab('fetch', 'lab_a', '/etc/hostname', join(state, 'fetched'));
    expect(fetched.exitCode, fetched.stderr).toBe(0);
    expect(readFileSync(join(state, 'fetched', 'a05', 'etc', 'hostname'), 'utf8')).toBe('a05\n');
  });

  it('keeps facts under the names of Ansible', async () => {
    const { stdout, exitCode } = await lab('facts', 'b01,b02', '-o', 'json');
    expect(exitCode).toBe(0);
    const { hosts } = JSON.parse(stdout);
    expect(hosts[0].facts).toMatchObject({ ansible_hostname: 'b01', ansible_os_family: 'Debian' });
    expect(hosts[0].facts.ansible_default_ipv4.address).toBe(
      sim.pcs.find(({ name }) => name === 'b01')?.ip,
    );
  });

  it('lets two technicians act on one PC one after the other, and names the first', async () => {
    const other = mkdtempSync(join(tmpdir(), 'lab-e2e-other-'));
    const first = lab('run', 'b01', '--', 'touch /srv/at-work; sleep 6');
    await appears('b01', '/srv/at-work');
    const [same, elsewhere, reading] = await Promise.all([
      lab('run', 'b01', '-o', 'json', '--', 'true'),
      labIn(sim, other)(['run', 'b01', '-o', 'json', '--', 'true']),
      lab('check', 'b01', '--suite', 'daily', '--only', 'clock', '-q'),
    ]);
    expect(same.exitCode).toBe(6);
    expect(JSON.parse(same.stdout).hosts[0].message).toMatch(/locked by .+ since /);
    expect(elsewhere.exitCode).toBe(6);
    expect(JSON.parse(elsewhere.stdout).hosts[0].message).toMatch(/locked by .+since /);
    expect(reading.exitCode).toBe(0);
    expect((await first).exitCode).toBe(0);
    expect((await lab('run', 'b01', '--', 'true')).exitCode).toBe(0);
    rmSync(other, { recursive: true, force: true });
  });

  it('finishes what was begun at the first Ctrl-C, starts nothing more, and reports', async () => {
    const marker = '/srv/begun';
    const child = spawn('nsenter', [
      ...[
        '-t',
        String(sim.supervisorPid),
        '--net',
        '--',
        labPath,
        '-i',
        sim.inventoryPath,
        '--state',
        state,
      ],
      ...['run', 'lab_a', '-f', '2', '-o', 'json', '--', `touch ${marker}; sleep 3; echo done`],
    ]);
    let stdout = '';
    child.stdout.on('data', (piece) => {
      stdout += piece;
    });
    await Promise.all(['a01', 'a02'].map((host) => appears(host, marker)));
    child.kill('SIGINT');
    const status = await new Promise((resolve) => child.on('exit', resolve));
    const { hosts }: RunReport = JSON.parse(stdout);
    expect(status).toBe(130);
    expect(hosts.filter(({ outcome }) => outcome === 'ok').map(({ stdout: said }) => said)).toEqual(
      ['done\n', 'done\n'],
    );
    expect(hosts.filter(({ outcome }) => outcome === 'cancelled').length).toBe(6);
    expect((await sim.inside('a08', ['test', '-e', marker])).exitCode).toBe(1);
  });

  it('survives a host that floods its output, and every other one answers', async () => {
    const { hosts } = await run(
      'a0[1-4]',
      '--deadline',
      '30',
      '--',
      'if [ "$(hostname)" = a02 ]; then head -c 300M /dev/zero; fi; echo fine',
    );
    expect(hosts.filter(({ host }) => host !== 'a02').map(({ stdout }) => stdout)).toEqual([
      'fine\n',
      'fine\n',
      'fine\n',
    ]);
    expect(hosts.find(({ host }) => host === 'a02')).toMatchObject({
      outcome: 'ok',
      droppedBytes: expect.any(Number),
    });
    expect(existsSync(state)).toBe(true);
  });
});
