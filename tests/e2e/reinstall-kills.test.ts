import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Arming } from '../../src/model/boot.ts';
import { openReinstallRoom, type ReinstallRoom } from '../helpers/reinstall-room.ts';
import { describeOnPcs } from '../helpers/sim.ts';

const kills = 50;
/** How long an installation of the room takes about; moments are chosen in it. */
const spanMs = 2500;

type Victims = 'controller' | 'service' | 'both';
const turns: readonly Victims[] = ['controller', 'service', 'both'];

/** A controller that runs, and what it ended with. */
interface Controller {
  readonly child: ChildProcess;
  readonly ended: Promise<{ readonly code: number | null; readonly said: string }>;
}

describeOnPcs(
  'a reinstallation whose controller and boot service are killed at random moments',
  () => {
    let room: ReinstallRoom;
    beforeAll(async () => {
      room = await openReinstallRoom(2, 150);
    }, 180_000);
    afterAll(async () => {
      await room?.close();
    }, 60_000);

    function start(args: readonly string[]): Controller {
      const child = room.spawnLab(args);
      let said = '';
      for (const stream of [child.stdout, child.stderr])
        stream?.on('data', (piece: Buffer) => {
          said += piece.toString();
        });
      const ended = new Promise<{ code: number | null; said: string }>((resolve) => {
        child.once('close', (code) => resolve({ code, said }));
      });
      return { child, ended };
    }

    /** Kills and starts again; a controller goes on as a technician would have it, also while the service is not there yet. */
    async function kill(victims: Victims, controller: Controller): Promise<Controller> {
      if (victims !== 'service') controller.child.kill('SIGKILL');
      const [next] = await Promise.all([
        victims === 'service' ? controller : goOn(controller),
        victims === 'controller' ? undefined : room.killService().then(room.startService),
      ]);
      return next;
    }

    async function goOn(killed: Controller): Promise<Controller> {
      await killed.ended;
      return start(['runs', 'resume', '-q']);
    }

    /** Reinstalls the room once, with kills at random moments until it is through, of each in turn; tells at which stages they met it. */
    async function reinstall(most: number, turn: number): Promise<string[]> {
      room.starts.clear();
      const known = new Set(room.store.armings.list('all').map(({ order }) => order.id));
      const mine = (): Arming[] =>
        room.store.armings.list('all').filter(({ order }) => !known.has(order.id));
      const met: string[] = [];
      const confirmed = ['--yes', '--confirm', '2', '--waves', '2', '-q'];
      let controller = start(['reinstall', 'lab_a', ...confirmed]);
      const isArmed = () => mine().length > 0 || controller.child.exitCode !== null;
      await expect.poll(isArmed, { timeout: 60_000, interval: 10 }).toBe(true);
      while (met.length < most) {
        const moment = sleep(Math.random() * spanMs).then(() => undefined);
        if (await Promise.race([controller.ended, moment])) break;
        const victims = turns[(turn + met.length) % turns.length] ?? 'both';
        met.push(`${victims} at ${mine()[0]?.stage}`);
        controller = await kill(victims, controller);
      }
      const { code, said } = await controller.ended;
      const began = [...room.starts].map(([host, came]) => `${host} ${came.join()}`);
      const course = [met.join(', '), ...began, said].join('\n');
      // Killed behind its last event, nothing is left to go on with: that the hosts are done is looked at below.
      if (!/ came to its end$/m.test(said)) expect(code, course).toBe(0);
      const stages = mine().map(({ order, stage }) => `${order.host} ${stage}`);
      expect(stages.sort(), course).toEqual(['a01 done', 'a02 done']);
      expect(began.sort(), course).toEqual(['a01 installed', 'a02 installed']);
      return met;
    }

    it(
      `ends proven on every host, written once, behind ${kills} kills -9`,
      async () => {
        const met: string[] = [];
        while (met.length < kills)
          met.push(...(await reinstall(Math.min(6, kills - met.length), met.length)));
        const stages = new Set(met.map((line) => line.split(' at ')[1]));
        console.info(`killed: ${met.join(', ')}`);
        expect(met).toHaveLength(kills);
        expect(stages).toContain('writing');
        expect(stages.size).toBeGreaterThan(2);
      },
      30 * 60_000,
    );
  },
);
