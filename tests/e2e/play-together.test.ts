import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { installLab } from '../helpers/install-lab.ts';
import { describeOnPcs, openSim, type Sim } from '../helpers/sim.ts';

/** Writes a line when it begins and one when it ends; what overlaps stands between the two of another. */
const serial = `- hosts: all
  gather_facts: false
  tasks:
    - name: Alone
      ansible.builtin.shell: echo "begin {{ me }}" >>/srv/together; sleep 0.1; echo "end {{ me }}" >>/srv/together
    - name: Alone until the end
      ansible.builtin.shell: echo "again {{ me }}" >>/srv/together
`;
/** Goes on until somebody makes `/srv/go`. */
const long = `- hosts: all
  gather_facts: false
  tasks:
    - name: Long
      ansible.builtin.shell: touch /srv/begun; until [ -e /srv/go ]; do sleep 0.1; done
`;

describeOnPcs('several rollouts on the same PCs', () => {
  let sim: Sim;
  let folder: string;
  let program: string;
  const lab = (command: string, ...args: string[]) => {
    const own = ['-i', sim.inventoryPath, '--state', join(folder, 'state')];
    return sim.exec([program, command, ...own, ...args], { timeoutMs: 330_000 });
  };
  const play = (playbook: string, ...flags: string[]) =>
    lab('play', join(folder, playbook), '-o', 'json', ...flags);

  /** A run that goes on until it is ended. */
  function begin(playbook: string, ...flags: string[]): ChildProcess {
    const enter = [`--net=/proc/${sim.supervisorPid}/ns/net`, '--', program, 'play'];
    const own = ['-i', sim.inventoryPath, '--state', join(folder, 'state'), '-o', 'json'];
    return spawn('nsenter', [...enter, join(folder, playbook), ...own, ...flags], {
      stdio: 'ignore',
    });
  }
  const letGo = (host: string) => sim.inside(host, ['touch', '/srv/go']);
  /** Waits until a run is in the middle of its command. */
  async function reaches(run: ChildProcess, host: string): Promise<void> {
    while ((await sim.inside(host, ['test', '-e', '/srv/begun'])).exitCode !== 0) {
      expect(run.exitCode).toBe(null);
      await sleep(50);
    }
  }

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lab-together-'));
    writeFileSync(join(folder, 'serial.yml'), serial);
    writeFileSync(join(folder, 'long.yml'), long);
    program = await installLab(join(folder, 'labkit'));
    sim = await openSim({ rooms: [{ name: 'a', pcs: 3 }] });
  });
  afterAll(async () => {
    await sim?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('wait for each other: twenty at once run one after the other on each PC, and none is lost', async () => {
    const names = Array.from({ length: 20 }, (_, index) => `r${index}`);
    const ran = await Promise.all(
      names.map((me) => play('serial.yml', '--wait', '300', '-e', `me=${me}`)),
    );
    for (const { exitCode, stderr } of ran) expect(exitCode, stderr).toBe(0);
    for (const { name } of sim.pcs) {
      const { stdout } = await sim.inside(name, ['cat', '/srv/together']);
      const lines = stdout.trimEnd().split('\n');
      const order = lines.flatMap((line) => (line.startsWith('begin ') ? [line.slice(6)] : []));
      expect(order.toSorted()).toEqual(names.toSorted());
      expect(lines).toEqual(order.flatMap((me) => [`begin ${me}`, `end ${me}`, `again ${me}`]));
    }
  }, 400_000);

  it('are refused without waiting, told who is at it and since when; what is free goes on', async () => {
    const holder = begin('long.yml', '-l', 'a01');
    const ended = once(holder, 'exit');
    await reaches(holder, 'a01');
    const refused = await play('serial.yml', '-l', 'a01', '-e', 'me=refused');
    expect(refused.exitCode).toBe(6);
    const { plays, hosts } = JSON.parse(refused.stdout);
    expect(plays[0].tasks[0].hosts.a01.msg).toMatch(
      /^a01 is locked by \S+@\S+ since \d{4}-\d\d-\d\dT[\d:.]+Z \(run \S+, process \d+\)$/,
    );
    expect(hosts).toEqual([{ host: 'a01', outcome: 'failed' }]);
    const table = await lab('play', join(folder, 'serial.yml'), '-l', 'a01', '-e', 'me=refused');
    expect(table.exitCode).toBe(6);
    expect(table.stdout).toMatch(/locked by \S+@\S+ since/);

    const others = await play('serial.yml', '-e', 'me=others');
    expect(others.exitCode).toBe(6);
    expect(
      JSON.parse(others.stdout).hosts.map((host: { outcome: string }) => host.outcome),
    ).toEqual(['failed', 'changed', 'changed']);
    const written = async (host: string) =>
      (await sim.inside(host, ['cat', '/srv/together'])).stdout;
    expect(await written('a01')).not.toMatch(/refused|others/);
    expect(await written('a02')).toContain('end others');
    await letGo('a01');
    await ended;
  }, 120_000);

  it('do not wait for one that was killed, longer than for the command it was at', async () => {
    const holder = begin('long.yml', '-l', 'a02');
    await reaches(holder, 'a02');
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    const early = await play('serial.yml', '-l', 'a02', '-e', 'me=early');
    expect(early.exitCode).toBe(6);
    const [{ hosts }] = JSON.parse(early.stdout).plays[0].tasks;
    expect(hosts.a02.msg).toMatch(
      /^the host is locked by \S+@\S+ \(since .+, run .+, process \d+ there\)$/,
    );
    await letGo('a02');
    const waited = await play('serial.yml', '-l', 'a02', '--wait', '15', '-e', 'me=waited');
    expect(waited.exitCode, waited.stderr).toBe(0);
    const { stdout } = await sim.inside('a02', ['tail', '-n', '3', '/srv/together']);
    expect(stdout).toBe('begin waited\nend waited\nagain waited\n');
  }, 120_000);

  it('free a PC at once when one is killed while it only waits for another', async () => {
    const holder = begin('long.yml', '-l', 'a03');
    const ended = once(holder, 'exit');
    await reaches(holder, 'a03');
    const waiting = begin('serial.yml', '--wait', '300', '-e', 'me=never');
    for (let held = ''; held !== 'a01 a02'; await sleep(50)) {
      const tried = await Promise.all(
        ['a01', 'a02'].map((host) => play('serial.yml', '-l', host, '-e', 'me=tried')),
      );
      held = ['a01', 'a02'].filter((_, index) => tried[index]?.exitCode === 6).join(' ');
    }
    waiting.kill('SIGKILL');
    await once(waiting, 'exit');
    const free = await play('serial.yml', '-l', 'a01,a02', '-e', 'me=free');
    expect(free.exitCode, free.stdout).toBe(0);
    await letGo('a03');
    await ended;
  }, 120_000);
});
