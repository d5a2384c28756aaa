import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { labIn } from '../helpers/lab.ts';
import { describeOnPcs, type Finished, openSim, type Sim } from '../helpers/sim.ts';

type Result = Readonly<Record<string, unknown>>;
interface Told {
  readonly plays: readonly {
    readonly tasks: readonly {
      readonly task: { readonly name: string };
      readonly hosts: Readonly<Record<string, Result>>;
    }[];
  }[];
  readonly stats: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly hosts: readonly { readonly host: string; readonly outcome: string }[];
}

describeOnPcs('a rollout that meets trouble', () => {
  let sim: Sim;
  let folder: string;
  const play = (tasks: readonly object[], more: object = {}, ...flags: string[]) => {
    const playbook = join(folder, 'site.yml');
    const one = { hosts: 'lab_a', gather_facts: false, tasks, ...more };
    writeFileSync(playbook, JSON.stringify([one]));
    return labIn(sim, join(folder, 'state'))(['play', playbook, ...flags]);
  };
  const told = ({ stdout }: Finished): Told => JSON.parse(stdout);
  /** What a task came to on a host. */
  const rowOf = (ran: Finished, name: string, host: string): Result | undefined =>
    told(ran)
      .plays.flatMap(({ tasks }) => tasks)
      .find(({ task }) => task.name === name)?.hosts[host];
  const outcomesOf = (ran: Finished) =>
    Object.fromEntries(told(ran).hosts.map(({ host, outcome }) => [host, outcome]));
  /** The lines of the last run's table. */
  const tableOf = async () =>
    (await labIn(sim, join(folder, 'state'))(['runs', 'show', '-o', 'table'])).stdout;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lab-trouble-'));
    sim = await openSim({ rooms: [{ name: 'a', pcs: 3 }] });
  });
  afterAll(async () => {
    await sim?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('says that a disk is full, for small files and for big ones, and leaves nothing half done', async () => {
    const big = join(folder, 'big.bin');
    writeFileSync(big, Buffer.alloc(3_000_000, 7));
    writeFileSync(join(folder, 'text.j2'), 'text '.repeat(20_000));
    await sim.inside('a02', ['sh', '-c', 'echo before >/srv/small; echo before >/srv/line']);
    await sim.setFault('a02', 'disk-full');
    const handlers = [{ name: 'Handler', command: 'touch /srv/handled' }];
    const small = [
      { name: 'Small', copy: { content: 'x'.repeat(9000), dest: '/srv/small' }, notify: 'Handler' },
    ];
    const ran = await play(small, { handlers }, '-o', 'json');
    expect(ran.exitCode, ran.stderr).toBe(2);
    expect(rowOf(ran, 'Small', 'a02')?.['msg']).toMatch(
      /could not write \/srv\/small: no space left/,
    );
    expect(outcomesOf(ran)).toEqual({ a01: 'changed', a02: 'failed', a03: 'changed' });
    expect(told(ran).stats['a02']).toMatchObject({ failures: 1, unreachable: 0, changed: 0 });
    expect(await tableOf()).toMatch(/failed: Small {2}a02\n.*no space left/);
    for (const [name, module] of Object.entries({
      Big: { copy: { src: big, dest: '/srv/big' } },
      Template: { template: { src: 'text.j2', dest: '/srv/template' } },
      Line: { lineinfile: { path: '/srv/line', line: 'y'.repeat(9000) } },
      Account: { user: { name: 'newcomer' } },
    })) {
      const again = await play([{ name, ...module }], {}, '-l', 'a02', '-o', 'json');
      expect(again.exitCode, `${name} ${again.stderr}${again.stdout}`).toBe(2);
      expect(`${name}: ${JSON.stringify(rowOf(again, name, 'a02')?.['msg'])}`).toMatch(
        /no space left on|disk is full/i,
      );
    }
    await sim.clearFault('a02');
    const left = await sim.inside('a02', [
      'sh',
      '-c',
      'cat /srv/small /srv/line; ls -A /srv | grep -v repository',
    ]);
    expect(left.stdout.split('\n').slice(0, 2)).toEqual(['before', 'before']);
    expect(left.stdout.split('\n').slice(2, -1).sort()).toEqual(['line', 'small']);
  }, 120_000);

  it('names who holds the lock of apt, and goes on where it is free', async () => {
    await sim.setFault('a01', 'apt-locked');
    const apt = { name: 'labkit-abacus', lock_timeout: 1 };
    const ran = await play([{ name: 'Package', apt }], {}, '-o', 'json');
    await sim.clearFault('a01');
    expect(ran.exitCode, ran.stderr).toBe(2);
    expect(rowOf(ran, 'Package', 'a01')?.['msg']).toMatch(
      /apt is locked: \/var\/lib\/dpkg\/lock-frontend is held by process \d+ \(unattended-upgr\w*\); waited 1 s/,
    );
    expect(outcomesOf(ran)).toMatchObject({ a01: 'failed' });
    expect(await tableOf()).toMatch(/a01.*apt is locked.*unattended-upgr/s);
  }, 60_000);

  it('says that sudo refused the password, after one try on each PC, and never shows it', async () => {
    const inventory = join(folder, 'tech.yaml');
    const text = readFileSync(sim.inventoryPath, 'utf8');
    writeFileSync(inventory, text.replace('ansible_user: root', 'ansible_user: tech'));
    const wrong = join(folder, 'wrong');
    writeFileSync(wrong, 'guessed-wrongly\n', { mode: 0o600 });
    const tasks = [
      { name: 'As oneself', command: 'id -un', become: false },
      { name: 'As root', command: 'id -un' },
      { name: 'As root again', command: 'id -un' },
    ];
    const flags = ['--become-password-file', wrong, '-i', inventory, '-o', 'json'];
    const ran = await play(tasks, { become: true }, ...flags);
    expect(ran.exitCode, ran.stderr).toBe(2);
    for (const host of ['a01', 'a02', 'a03']) {
      expect(rowOf(ran, 'As oneself', host)).toMatchObject({ stdout: 'tech' });
      expect(rowOf(ran, 'As root', host)?.['msg']).toMatch(/could not become root.*password/i);
      expect(rowOf(ran, 'As root again', host)).toBeUndefined();
      expect(told(ran).stats[host]).toMatchObject({ ok: 1, failures: 1, unreachable: 0 });
    }
    expect(`${ran.stdout}${ran.stderr}${await tableOf()}`).not.toContain('guessed-wrongly');
    const right = ['--become-password-file', sim.passwordFile, '-i', inventory, '-o', 'json'];
    const again = await play(tasks, { become: true }, ...right);
    expect(again.exitCode, again.stderr).toBe(0);
    expect(rowOf(again, 'As root again', 'a02')).toMatchObject({ stdout: 'root' });
  }, 60_000);

  it('goes on without a PC that is lost in the middle, whose handlers do not run', async () => {
    const handlers = [{ name: 'Handler', command: 'touch /srv/handled-{{ inventory_hostname }}' }];
    const tasks = [
      { name: 'Change', command: 'touch /srv/changed', notify: 'Handler' },
      { name: 'Middle', shell: 'touch /srv/middle; until [ -e /srv/go ]; do sleep 0.1; done' },
      { name: 'After', command: 'touch /srv/after' },
    ];
    const running = play(tasks, { handlers }, '-o', 'json');
    for (const { name } of sim.pcs)
      while ((await sim.inside(name, ['test', '-e', '/srv/middle'])).exitCode !== 0)
        await sleep(50);
    const server = await sim.inside('a02', ['pkill', '-KILL', 'sshd']);
    expect(server.exitCode).toBe(0);
    for (const { name } of sim.pcs) await sim.inside(name, ['touch', '/srv/go']);
    const ran = await running;
    expect(ran.exitCode, ran.stderr).toBe(4);
    expect(outcomesOf(ran)).toEqual({ a01: 'changed', a02: 'unreachable', a03: 'changed' });
    const lost = rowOf(ran, 'Middle', 'a02');
    expect(lost).toMatchObject({ unreachable: true });
    expect(lost?.['msg']).toMatch(/a02.*closed the session/);
    expect(rowOf(ran, 'After', 'a02')).toBeUndefined();
    expect(rowOf(ran, 'Handler', 'a02')).toBeUndefined();
    expect(told(ran).stats['a02']).toMatchObject({
      ok: 1,
      changed: 1,
      unreachable: 1,
      failures: 0,
    });
    for (const host of ['a01', 'a03']) {
      expect(rowOf(ran, 'After', host)).toMatchObject({ changed: true });
      expect(rowOf(ran, 'Handler', host)).toMatchObject({ changed: true });
    }
    const handled = await sim.inside('a02', ['sh', '-c', 'ls /srv']);
    expect(handled.stdout).not.toMatch(/handled|after/);
    expect(await tableOf()).toMatch(/unreachable: Middle {2}a02\n.*closed the session/);
  }, 60_000);
});
