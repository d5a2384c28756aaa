import { afterAll, beforeAll, expect, it } from 'vitest';
import { openReinstallRoom, type ReinstallRoom } from '../helpers/reinstall-room.ts';
import { describeOnPcs } from '../helpers/sim.ts';

describeOnPcs('a reinstallation whose controller or boot service is killed', () => {
  let room: ReinstallRoom;
  const confirmed = ['--yes', '--confirm', '2', '--waves', '2'];
  beforeAll(async () => {
    room = await openReinstallRoom(2, 150);
  }, 120_000);
  afterAll(async () => {
    await room?.close();
  }, 60_000);

  const stagesOf = () =>
    room.store.armings.list('all').map(({ order, stage }) => `${order.host} ${stage}`);
  const installedOf = (host: string): number =>
    (room.starts.get(host) ?? []).filter((came) => came === 'installed').length;

  it.each(['armed', 'answers', 'writing', 'installed'])(
    'goes on where each PC is after kill -9 of the controller at %s: proven, and written once',
    async (moment) => {
      room.starts.clear();
      const known = new Set(room.store.armings.list('all').map(({ order }) => order.id));
      const mine = () => room.store.armings.list('all').filter(({ order }) => !known.has(order.id));
      const controller = room.spawnLab(['reinstall', 'lab_a', ...confirmed, '-q']);
      const ended = new Promise((resolve) => controller.once('exit', resolve));
      const reached = () =>
        mine().some(({ stages }) => stages.some(({ stage }) => stage === moment));
      await expect.poll(reached, { timeout: 40_000, interval: 10 }).toBe(true);
      controller.kill('SIGKILL');
      await ended;
      const ran = await room.lab(['runs', 'resume', '-o', 'json']);
      expect(ran.exitCode, `${ran.stderr}\n${ran.stdout}\n${stagesOf().join('\n')}`).toBe(0);
      const { hosts } = JSON.parse(ran.stdout);
      expect(hosts.map((row: { host: string; stage: string }) => [row.host, row.stage])).toEqual([
        ...[
          ['a01', 'done'],
          ['a02', 'done'],
        ],
      ]);
      expect([installedOf('a01'), installedOf('a02')]).toEqual([1, 1]);
      expect(mine().length).toBe(2);
    },
    120_000,
  );

  it('is not disturbed by kill -9 of the boot service in the middle of writing', async () => {
    room.starts.clear();
    const controller = room.spawnLab(['reinstall', 'lab_a', ...confirmed, '-o', 'json']);
    const ended = new Promise((resolve) => controller.once('exit', resolve));
    const said: Buffer[] = [];
    controller.stdout?.on('data', (piece: Buffer) => said.push(piece));
    const writes = () => room.store.armings.list('live').some(({ state }) => state === 'writing');
    await expect.poll(writes, { timeout: 40_000, interval: 10 }).toBe(true);
    await room.killService();
    await room.startService();
    expect(await ended, `${Buffer.concat(said)} ${[...room.starts]}`).toBe(0);
    expect([installedOf('a01'), installedOf('a02')]).toEqual([1, 1]);
  }, 120_000);
});
