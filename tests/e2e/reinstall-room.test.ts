import { afterAll, beforeAll, expect, it } from 'vitest';
import { knownKeys, openReinstallRoom, type ReinstallRoom } from '../helpers/reinstall-room.ts';
import { describeOnPcs } from '../helpers/sim.ts';

interface Row {
  readonly host: string;
  readonly outcome: string;
  readonly stage: string;
  readonly stages: readonly { readonly stage: string }[];
  readonly reason: string;
  readonly hint: string;
}

describeOnPcs('reinstalling a room of simulated PCs', () => {
  let room: ReinstallRoom;
  const rowsOf = (text: string): Record<string, Row> => {
    const { hosts }: { hosts: Row[] } = JSON.parse(text);
    return Object.fromEntries(hosts.map((row) => [row.host, row]));
  };

  beforeAll(async () => {
    room = await openReinstallRoom(4);
  }, 120_000);
  afterAll(async () => {
    await room?.close();
  }, 60_000);

  it('shows who would be reinstalled and arms nobody without a confirmation', async () => {
    const preview = await room.lab(['reinstall', 'lab_a', '--preview', '-o', 'json']);
    expect(preview.exitCode, preview.stderr).toBe(0);
    const { hosts, totals } = JSON.parse(preview.stdout);
    expect(totals).toEqual({ reinstall: 4, refused: 0 });
    expect(hosts[0]).toMatchObject({ host: 'a01', profile: 'lab-pc', users: [] });
    const bare = await room.lab(['reinstall', 'lab_a']);
    expect(bare.exitCode).toBe(6);
    const miscounted = await room.lab(['reinstall', 'lab_a', '--yes', '--confirm', '3']);
    expect(miscounted.exitCode).toBe(6);
    expect(miscounted.stderr).toContain('4 hosts would be reinstalled, not 3');
    expect(room.store.armings.list('all')).toEqual([]);
  }, 60_000);

  it('goes through a room in waves: one fine and proven; another UUID, another disk and one lost while it wrote each say so', async () => {
    room.behaviour.set('a01', { uuid: '11111111-2222-4333-8444-555555555555' });
    room.behaviour.set('a02', { fails: 'no disk has the serial number that is registered' });
    room.behaviour.set('a03', { stopAt: 'writing' });
    const before = await room.sim.inside('a04', ['cat', '/etc/ssh/ssh_host_ed25519_key.pub']);
    const ran = await room.lab([
      ...['reinstall', 'lab_a', '--waves', '2', '--max-fail-percentage', '100'],
      ...['--stage-deadline', '12', '--yes', '--confirm', '4', '-o', 'json'],
    ]);
    expect(ran.exitCode, ran.stderr).toBe(2);
    const rows = rowsOf(ran.stdout);
    expect(rows['a01']).toMatchObject({ outcome: 'failed', stage: 'identity' });
    expect(rows['a01']?.reason).toContain('11111111-2222-4333-8444-555555555555');
    expect(rows['a02']).toMatchObject({
      ...{ outcome: 'failed', reason: 'no disk has the serial number that is registered' },
    });
    expect(rows['a03']).toMatchObject({ outcome: 'failed', stage: 'writing' });
    expect(rows['a03']?.reason).toContain('nothing was heard of it');
    expect(rows['a04'], rows['a04']?.reason).toMatchObject({
      outcome: 'ok',
      stage: 'done',
      reason: '',
    });
    expect(rows['a04']?.stages.map(({ stage }) => stage)).toEqual(
      expect.arrayContaining([
        ...['armed', 'script', 'identity', 'answers', 'writing', 'installed'],
        ...['os-up', 'proven', 'playbook', 'done'],
      ]),
    );
    expect((await room.sim.inside('a04', ['cat', '/srv/reinstalled'])).stdout).toBe('done\n');
    const after = await room.sim.inside('a04', ['cat', '/etc/ssh/ssh_host_ed25519_key.pub']);
    expect(after.stdout).not.toBe(before.stdout);
    expect(knownKeys(room, 'a04')).toEqual([
      `a04 ${after.stdout.trim().split(' ').slice(0, 2).join(' ')}`,
    ]);
    expect(room.store.armings.list('live')).toEqual([]);
  }, 120_000);

  it('retries only those that failed, as they are confirmed anew', async () => {
    for (const host of ['a01', 'a02']) room.behaviour.delete(host);
    room.behaviour.set('a03', {});
    const unconfirmed = await room.lab(['runs', 'retry']);
    expect(unconfirmed.exitCode).toBe(6);
    expect(unconfirmed.stderr).toContain('nobody confirmed it');
    const ran = await room.lab(['runs', 'retry', '--yes', '--confirm', '3', '-o', 'json']);
    expect(ran.exitCode, ran.stderr).toBe(0);
    expect(Object.values(rowsOf(ran.stdout)).map(({ host, outcome }) => [host, outcome])).toEqual([
      ...[
        ['a01', 'ok'],
        ['a02', 'ok'],
        ['a03', 'ok'],
      ],
    ]);
    expect(room.starts.get('a03')).toEqual(['lost in the middle of writing', 'installed']);
    expect(room.starts.get('a04')).toEqual(['installed']);
  }, 120_000);

  it('prints the report of a run again, and disarms who is armed', async () => {
    room.behaviour.set('a01', { stopAt: 'script' });
    const going = room.spawnLab(['reinstall', 'a01', '--yes', '--confirm', '1', '-o', 'json']);
    const stdout: Buffer[] = [];
    going.stdout?.on('data', (piece: Buffer) => stdout.push(piece));
    const ended = new Promise((resolve) => going.once('exit', resolve));
    await expect
      .poll(() => room.store.armings.list('live').map(({ stage }) => stage), { timeout: 30_000 })
      .toEqual(['identity']);
    const disarmed = await room.lab(['disarm', 'lab_a', '-o', 'json']);
    expect(JSON.parse(disarmed.stdout).totals).toEqual({ disarmed: 1, 'not armed': 3 });
    expect(await ended).toBe(2);
    const report = Buffer.concat(stdout).toString('utf8');
    const { run } = JSON.parse(report);
    expect(rowsOf(report)['a01']?.reason).toMatch(/^disarmed by /);
    expect((await room.lab(['runs', 'show', run, '-o', 'json'])).stdout).toBe(report);
    room.behaviour.delete('a01');
  }, 60_000);

  it('installs a PC from its own menu by the PIN, and for nobody else: not from another PC, not while a run works on it', async () => {
    room.behaviour.set('a01', { byHand: true });
    const pin = (await room.lab(['netboot', 'pin', 'lab_a'])).stdout.trim();
    const armed = () => room.store.armings.list('live').map(({ order }) => order.host);
    const [a01, a02] = room.sim.pcs;
    if (!a01 || !a02) throw new Error('the room has PCs');

    // Another PC knows the PIN and all that is registered of a01, but has another network card.
    const stolen = await room.typePin('a02', pin, a01);
    expect(stolen).toContain(`the network card ${a02.mac}, which is not one of a01`);
    const renamed = await room.typePin('a01', pin, { ...a01, uuid: a02.uuid });
    expect(renamed).toContain('not the one that is registered as a01');

    const holder = { who: 'li@office', since: '2026-11-23T07:00:00.000Z', run: 'r1' };
    const held = await room.store.takeLock('a01', holder);
    expect(await room.typePin('a01', pin)).toMatch(/^a01 is locked by li@office since 2026-11-23T/);
    await held[Symbol.asyncDispose]();
    expect(armed()).toEqual([]);

    room.behaviour.set('a01', { byHand: true, stopAt: 'script' });
    expect(await room.typePin('a01', pin)).toBe('lost after its script');
    const barred = await room.lab(['run', 'a01', '--', 'true']);
    expect(barred.stderr + barred.stdout).toContain('a01 is locked by the boot menu since');
    await room.lab(['disarm', 'a01']);
    const isFree = async () => {
      try {
        await using _held = await room.store.takeLock('a01', holder);
        return true;
      } catch {
        return false;
      }
    };
    await expect.poll(isFree, { timeout: 30_000 }).toBe(true);

    room.behaviour.set('a01', { byHand: true });
    expect(await room.typePin('a01', pin)).toBe('installed');
    const [newest] = room.store.armings.list('all');
    expect(newest).toMatchObject({ state: 'installed', order: { host: 'a01' } });
    // The boot service goes on by itself: the new system is proven, its playbook has run.
    const stage = () => room.store.armings.list('all')[0]?.stage;
    await expect.poll(stage, { timeout: 120_000, interval: 500 }).toBe('done');
    const runs = JSON.parse((await room.lab(['runs', 'list', '-o', 'json'])).stdout);
    expect(runs.runs.slice(0, 2)).toMatchObject([
      { kind: 'reinstall', state: 'finished' },
      { kind: 'reinstall', title: 'reinstall a01 from its menu', who: 'the boot menu' },
    ]);
    room.behaviour.delete('a01');
  }, 180_000);
});
