import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { searchPath } from '../../sim/missing.ts';
import type { RunEvent } from '../../src/model/event.ts';
import { labPath } from '../helpers/lab.ts';
import { treeOfPc } from '../helpers/pc-tree.ts';
import { describeOnPcs, type Finished, openSim, type Sim } from '../helpers/sim.ts';

/** a01 a02 a03 are of one model, a04 a05 a06 of another. */
const modelOf = (host: string) => (host <= 'a03' ? 'tower' : 'slim');

const site = (more = '', task = 'command: test ! -e /etc/broken') => `- hosts: lab_a
  gather_facts: false
${more}  tasks:
    - copy: {content: "new\\n", dest: /srv/new}
    - ${task}
`;

describeOnPcs('waves of a rollout, and doing it again', { timeout: 120_000 }, () => {
  let sim: Sim;
  let folder: string;

  beforeAll(async () => {
    sim = await openSim({ rooms: [{ name: 'a', pcs: 6 }] });
    folder = mkdtempSync(join(tmpdir(), 'lab-waves-'));
    mkdirSync(join(folder, 'playbooks', 'suites'), { recursive: true });
    writeFileSync(join(folder, 'lab.yaml'), 'inventory: hosts.json\n');
    const suite = 'name: strict\ntitle: Strict\nchecks:\n  - hostname\n';
    writeFileSync(join(folder, 'playbooks', 'suites', 'strict.yaml'), suite);
    const hosts = Object.fromEntries(
      sim.pcs.map(({ name, ip, mac, seat }) => [name, { ip, mac, seat, model: modelOf(name) }]),
    );
    const vars = { ansible_user: 'root', ansible_ssh_private_key_file: sim.keyFile };
    const inventory = { all: { vars, children: { lab_a: { hosts } } } };
    writeFileSync(join(folder, 'hosts.json'), JSON.stringify(inventory));
  });
  afterAll(async () => {
    await sim?.close();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    rmSync(join(folder, '.lab'), { recursive: true, force: true });
    for (const [host] of Object.entries(sim.knownFaults())) await sim.clearFault(host);
    for (const { name } of sim.pcs)
      await sim.inside(name, ['sh', '-c', `rm -f /srv/* /etc/broken; hostname ${name}`]);
  });

  const write = (text: string) => writeFileSync(join(folder, 'site.yml'), text);
  const lab = (...args: string[]): Promise<Finished> =>
    sim.exec([labPath, ...args], {
      env: { LANG: 'C.UTF-8', HOME: folder },
      cwd: folder,
      timeoutMs: 100_000,
    });
  /** Plays and answers the hosts of each wave that was begun. */
  const play = async (...flags: string[]) => {
    const log = join(folder, 'log');
    rmSync(log, { force: true });
    const ran = await lab('play', 'site.yml', '--log-file', log, '--timeout', '3', ...flags);
    return { ...ran, waves: wavesOf(log) };
  };
  const wavesOf = (log: string): string[] =>
    eventsOf(log).flatMap((event) => (event.type === 'play.started' ? [event.hosts.join()] : []));
  const eventsOf = (log: string): RunEvent[] =>
    existsSync(log)
      ? readFileSync(log, 'utf8')
          .split('\n')
          .filter((line) => line.endsWith('}'))
          .map((line) => JSON.parse(line))
      : [];
  const broken = (host: string) => sim.inside(host, ['touch', '/etc/broken']);
  const treesOf = (hosts: readonly string[]) => hosts.map((host) => [...treeOfPc(sim, host)]);

  it('begins with one canary of each model, and remembers for which models a playbook has passed', async () => {
    write(site());
    const first = await play('--canary', '1');
    expect([first.exitCode, first.waves], first.stderr).toEqual([
      0,
      ['a01,a04', 'a02,a03,a05,a06'],
    ]);
    expect((await play('--canary', '1')).waves).toEqual(['a01,a02,a03,a04,a05,a06']);
    write(site().replace('new\\n', 'newer\\n'));
    expect((await play('--canary', '1', '-l', 'a01,a02')).waves).toEqual(['a01', 'a02']);
    expect((await play('--canary', '1')).waves).toEqual(['a04', 'a01,a02,a03,a05,a06']);
  });

  it('leaves all others as they are when a canary fails, and does not remember it', async () => {
    write(site());
    await broken('a04');
    const others = ['a02', 'a03', 'a05', 'a06'];
    const before = treesOf(others);
    const { exitCode, waves, stdout, stderr } = await play('--canary', '1');
    expect([exitCode, waves]).toEqual([2, ['a01,a04']]);
    expect(stdout).toContain('wave 1: 1 hosts failed or were lost in the waves so far, 0 allowed');
    expect(stderr).toContain('wave 1: 1 hosts failed');
    expect(treesOf(others)).toEqual(before);
    await sim.inside('a04', ['rm', '/etc/broken']);
    expect((await play('--canary', '1')).waves[0]).toBe('a01,a04');
  });

  it('goes in waves of the sizes asked for, as --waves or as rings of the play', async () => {
    const waves = ['a01', 'a02,a03,a04', 'a05,a06'];
    write(site());
    expect((await play('--waves', '1,50%,100%')).waves).toEqual(waves);
    write(site('  rings: {waves: [1, 50%, 100%]}\n'));
    expect((await play()).waves).toEqual(waves);
  });

  it('stops when more hosts than allowed failed or are out of reach', async () => {
    write(site());
    await sim.setFault('a01', 'down');
    await broken('a03');
    const strict = await play('--waves', '2,2,2');
    expect([strict.exitCode, strict.waves]).toEqual([4, ['a01,a02']]);
    const lenient = await play('--waves', '2,2,2', '--max-fail', '1');
    expect([lenient.exitCode, lenient.waves]).toEqual([2, ['a01,a02', 'a03,a04']]);
    expect(lenient.stdout).toContain(
      'wave 2: 2 hosts failed or were lost in the waves so far, 1 allowed',
    );
    write(site('  rings: {waves: [2, 2, 2], max_failed: 2}\n'));
    expect((await play()).waves).toHaveLength(3);
  });

  it('asks a suite between waves; what does not pass, or cannot tell, holds the next wave', async () => {
    write(site('', 'command: hostname wrong'));
    const { exitCode, waves, stdout, stderr } = await play('--waves', '2,4', '--suite', 'strict');
    expect([exitCode, waves], stderr).toEqual([2, ['a01,a02']]);
    expect(stdout).toMatch(/wave 1: the suite strict did not pass: a01: hostname fail/);
    expect(stderr).toMatch(/wave 1: the suite strict did not pass/);
    expect(treesOf(['a03'])[0]?.some(([path]) => path === '/srv/new')).toBe(false);
    const log = eventsOf(join(folder, 'log')).map(({ type }) => type);
    expect(log.filter((type) => type === 'step.finished' || type === 'run.finished')).toEqual([
      'run.finished',
    ]);
    // it has no SSH server any more when the suite comes to ask
    write(site('', 'command: /usr/local/lib/labkit-sim/ssh-server stop'));
    await sim.inside('a01', ['hostname', 'a01']);
    const lost = await play('--waves', '1,5', '--suite', 'strict');
    await sim.inside('a01', ['/usr/local/lib/labkit-sim/ssh-server', 'start']);
    expect([lost.exitCode, lost.waves], lost.stderr).toEqual([2, ['a01']]);
    expect(lost.stdout).toMatch(/the suite strict did not pass: a01: hostname unknown/);
  });

  it('lets a suite that passes hold nobody up, and refuses one that there is not before any host is touched', async () => {
    write(site());
    const passed = await play('--canary', '1', '--suite', 'strict');
    expect([passed.exitCode, passed.waves.length], passed.stdout).toEqual([0, 2]);
    const refused = await play('--canary', '1', '--suite', 'stict');
    expect([refused.exitCode, refused.waves]).toEqual([5, []]);
    expect(refused.stderr).toContain('did you mean "strict"?');
  });

  it('does not take a canary for passed that the suite said no to', async () => {
    write(site('', 'command: hostname wrong'));
    await play('--canary', '1', '--suite', 'strict');
    expect((await play('--canary', '1')).waves[0]).toBe('a01,a04');
  });

  it('does a run again only on the PCs that failed or were out of reach', async () => {
    write(`- hosts: lab_a
  gather_facts: false
  tasks:
    - shell: echo once >>/srv/log
    - command: test ! -e /etc/broken
`);
    await broken('a02');
    await sim.setFault('a03', 'down');
    const first = await play('-l', 'a01,a02,a03,a04');
    expect(first.exitCode, first.stdout).toBe(2);
    const well = treesOf(['a01', 'a04']);
    await sim.inside('a02', ['rm', '/etc/broken']);
    await sim.clearFault('a03');
    const log = join(folder, 'retried');
    rmSync(log, { force: true });
    const again = await lab('runs', 'retry', '--log-file', log);
    expect(again.exitCode, again.stdout + again.stderr).toBe(0);
    expect(wavesOf(log)).toEqual(['a02,a03']);
    expect(treesOf(['a01', 'a04'])).toEqual(well);
    const lines = (host: string) => sim.inside(host, ['cat', '/srv/log']);
    expect((await lines('a01')).stdout).toBe('once\n');
    expect((await lines('a02')).stdout).toBe('once\nonce\n');
    expect((await lines('a03')).stdout).toBe('once\n');
    const nothing = await lab('runs', 'retry');
    expect(nothing.stderr).toContain('nothing failed in the run');
  });

  it('finishes what runs at the first Ctrl-C and ends it at the second; both can be resumed', async () => {
    write(`- hosts: lab_a
  gather_facts: false
  tasks:
    - shell: echo begun >>/srv/log; sleep 2; echo ended >>/srv/log
    - copy: {content: "after\\n", dest: /srv/after}
`);
    const interrupt = async (times: number): Promise<Finished> => {
      const log = join(folder, 'log');
      rmSync(log, { force: true });
      const enter = ['nsenter', `--net=/proc/${sim.supervisorPid}/ns/net`, '--'];
      const words = [labPath, 'play', 'site.yml', '-l', 'a01,a02', '--log-file', log];
      const [program = '', ...args] = [...enter, ...words];
      const env = { PATH: searchPath, HOME: folder, LANG: 'C.UTF-8' };
      const child = spawn(program, args, { cwd: folder, env });
      let stdout = '';
      let stderr = '';
      child.stdout.on('data', (bytes) => {
        stdout += bytes;
      });
      child.stderr.on('data', (bytes) => {
        stderr += bytes;
      });
      const ended = new Promise<number>((done) => child.once('close', (code) => done(code ?? -1)));
      for (const host of ['a01', 'a02'])
        while ((await sim.inside(host, ['test', '-e', '/srv/log'])).exitCode !== 0) await sleep(50);
      child.kill('SIGINT');
      if (times === 2) {
        while (!stderr.includes('Ctrl-C again')) await sleep(20);
        child.kill('SIGINT');
      }
      return { exitCode: await ended, stdout, stderr };
    };
    const logOf = async (host: string) => (await sim.inside(host, ['cat', '/srv/log'])).stdout;
    const once = await interrupt(1);
    expect(once.exitCode, once.stderr).toBe(130);
    expect(await logOf('a01')).toBe('begun\nended\n');
    expect((await sim.inside('a01', ['test', '-e', '/srv/after'])).exitCode).toBe(1);
    const resumed = await lab('runs', 'resume');
    expect(resumed.exitCode, resumed.stderr).toBe(0);
    expect(await logOf('a01')).toBe('begun\nended\n');
    expect((await sim.inside('a02', ['cat', '/srv/after'])).stdout).toBe('after\n');

    for (const host of ['a01', 'a02']) await sim.inside(host, ['sh', '-c', 'rm -f /srv/*']);
    const twice = await interrupt(2);
    expect(twice.exitCode, twice.stderr).toBe(130);
    const doubtful = await lab('runs', 'resume');
    expect(doubtful.exitCode, doubtful.stdout).toBe(2);
    expect(doubtful.stdout).toContain('nobody knows whether it was carried out');
    const answered = await lab('runs', 'resume', '--in-doubt', 'redo,a02=skip');
    expect(answered.exitCode, answered.stdout + answered.stderr).toBe(0);
    expect(await logOf('a01')).toMatch(/^begun\n(ended\n)?begun\nended\n$/);
    expect(await logOf('a02')).toMatch(/^begun\n(ended\n)?$/);
    expect((await sim.inside('a02', ['cat', '/srv/after'])).stdout).toBe('after\n');
  });
});
