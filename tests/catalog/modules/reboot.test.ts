import { describe, expect, it } from 'vitest';
import reboot from '../../../src/catalog/modules/reboot.ts';
import waitForConnection from '../../../src/catalog/modules/wait_for_connection.ts';
import { Unreachable } from '../../../src/model/connection.ts';
import type {
  Call,
  Hands,
  ModuleResult,
  PerformingModule,
  Ran,
} from '../../../src/model/module.ts';
import { readArgs } from '../../helpers/run-module.ts';

/** A PC whose clock moves only when somebody sleeps: down for a while after the order, then up with another boot id. */
function pretendPc(settings: { downSeconds: number; cutsOff?: boolean; changesBoot?: boolean }) {
  const { downSeconds, cutsOff = false, changesBoot = true } = settings;
  let nowMs = 1_000_000;
  let orderedMs: number | undefined;
  const isUp = () => orderedMs === undefined || nowMs >= orderedMs + downSeconds * 1000;
  const asked: string[] = [];
  const answer = (stdout: string, exitCode = 0): Ran => ({
    exitCode,
    stdout,
    stderr: '',
    stdoutBytes: new TextEncoder().encode(stdout),
    startedAt: 0,
    endedAt: 0,
  });
  const order = () => {
    orderedMs = nowMs;
    if (cutsOff) throw new Unreachable('reset', 'the connection was reset');
    return 'ok\n';
  };
  const say = (shown: string): string => {
    if (shown.includes('boot_id'))
      return orderedMs === undefined || !changesBoot ? 'first\n' : 'second\n';
    if (shown.startsWith('for path')) return '/sbin/shutdown';
    if (shown.startsWith('/sbin/shutdown')) return order();
    return shown === 'echo pong' ? 'pong\n' : 'ok\n';
  };
  const hands = {
    async run({ shown }: { shown: string }) {
      asked.push(shown);
      if (!isUp()) throw new Unreachable('reset', 'the connection was reset');
      return answer(say(shown));
    },
    async reach() {
      return isUp() ? { reached: true, reason: '' } : { reached: false, reason: 'no route' };
    },
    async sleep(ms: number) {
      nowMs += ms;
    },
  } as unknown as Hands;
  const call = {
    checkMode: false,
    nowMs: () => nowMs,
    variable: () => undefined,
  } as unknown as Call;
  return { hands, call, asked, cutPower: () => (orderedMs = nowMs) };
}

type Pretended = ReturnType<typeof pretendPc>;

function perform(module: unknown, args: object, { call, hands }: Pretended): Promise<ModuleResult> {
  const performing = module as PerformingModule<{ [name: string]: unknown }>;
  return performing.perform(readArgs(performing, args as never), call, hands);
}

describe('reboot', () => {
  it.each([false, true])(
    'waits until another boot id is told (session lost at once: %s)',
    async (cutsOff) => {
      const pc = pretendPc({ downSeconds: 42, cutsOff });
      const result = await perform(reboot, { msg: "it's time", pre_reboot_delay: 120 }, pc);
      expect(result).toMatchObject({ changed: true, values: { rebooted: true, elapsed: 42 } });
      expect(pc.asked).toContain(`/sbin/shutdown -r 2 'it'"'"'s time'`);
    },
  );

  it('does not believe a host that comes back with the boot id it had', async () => {
    const pc = pretendPc({ downSeconds: 5, changesBoot: false });
    const result = await perform(reboot, { reboot_timeout: 60 }, pc);
    expect(result).toMatchObject({
      failed: true,
      msg: 'Timed out waiting for last boot time check (timeout=60): boot time has not changed',
    });
  });

  it('says why a host did not come back in time', async () => {
    const pc = pretendPc({ downSeconds: 10_000 });
    const result = await perform(reboot, { reboot_timeout: 30 }, pc);
    expect(result).toMatchObject({ failed: true, msg: expect.stringContaining('no route') });
  });
});

describe('wait_for_connection', () => {
  it('tells how long it took, and gives up when the time is over', async () => {
    const soon = pretendPc({ downSeconds: 7 });
    soon.cutPower();
    expect(await perform(waitForConnection, { delay: 2 }, soon)).toMatchObject({
      changed: false,
      values: { elapsed: 7 },
    });
    const never = pretendPc({ downSeconds: 10_000 });
    never.cutPower();
    expect(await perform(waitForConnection, { timeout: 20 }, never)).toMatchObject({
      failed: true,
      msg: 'timed out waiting for ping module test: no route',
    });
  });
});
