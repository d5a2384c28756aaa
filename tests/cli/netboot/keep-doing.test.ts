import { describe, expect, it } from 'vitest';
import { keepDoing } from '../../../src/cli/netboot/keep-doing.ts';
import { LabError } from '../../../src/model/lab-error.ts';

describe('what the boot service does again and again', () => {
  it('goes on behind a trouble, which is said once until it changes or is over', async () => {
    const said: string[] = [];
    const full = new LabError('environment', 'the disk is full', 'make room');
    const ends: (Error | undefined)[] = [full, full, undefined, full, new Error('odd')];
    let done = 0;
    const stop = keepDoing(
      1,
      () => {
        const end = ends[done];
        done += 1;
        if (end) throw end;
      },
      (text) => said.push(text),
    );
    await expect.poll(() => done, { timeout: 10_000 }).toBeGreaterThan(ends.length);
    await stop();
    expect(said).toEqual(['the disk is full', 'the disk is full', 'odd']);
  });

  it('never does it twice at once, and waits for the last time when it is stopped', async () => {
    let open = 0;
    let most = 0;
    let finish = (): void => {};
    const stop = keepDoing(
      1,
      async () => {
        open += 1;
        most = Math.max(most, open);
        await new Promise<void>((resolve) => {
          finish = resolve;
        });
        open -= 1;
      },
      () => {},
    );
    await expect.poll(() => open, { timeout: 10_000 }).toBe(1);
    const stopped = stop();
    finish();
    await stopped;
    expect([open, most]).toEqual([0, 1]);
  });
});
