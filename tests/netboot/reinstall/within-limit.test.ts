import { describe, expect, it } from 'vitest';
import { withinLimit } from '../../../src/netboot/reinstall/within-limit.ts';

const { signal: never } = new AbortController();
/** What hangs: it heeds no signal. */
const forever = () => new Promise<{ readonly evidence: string }>(() => {});
const untilAborted = (signal: AbortSignal) =>
  new Promise<{ readonly evidence: string }>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });

describe('a part of a reinstallation', () => {
  it('that is done in its time counts', async () => {
    expect(await withinLimit(60_000, never, async () => ({ evidence: 'ok' }))).toEqual({
      evidence: 'ok',
    });
  });

  it.each([
    ['heeds no signal', forever],
    ['ends when its signal says so', untilAborted],
  ])('is late when its time is over and it %s', async (_, part) => {
    expect(await withinLimit(5, never, part)).toBeUndefined();
  });

  it('fails as it fails: no trouble of its own is taken for lateness', async () => {
    const trouble = new Error('no such program');
    await expect(withinLimit(60_000, never, () => Promise.reject(trouble))).rejects.toBe(trouble);
  });

  it('is cut off with the whole work, which is not lateness', async () => {
    const whole = new AbortController();
    const cut = withinLimit(60_000, whole.signal, untilAborted);
    whole.abort(new Error('second Ctrl-C'));
    await expect(cut).rejects.toThrow('second Ctrl-C');
  });
});
