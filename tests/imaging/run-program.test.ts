import { describe, expect, it } from 'vitest';
import { runProgram } from '../../src/imaging/run-program.ts';

describe('a program of this machine', () => {
  it('gives what it printed, and tells each line of it', async () => {
    const lines: string[] = [];
    const onLine = (line: string) => void lines.push(line);
    const script = 'cat; echo err >&2';
    expect(await runProgram('sh', ['-c', script], { input: 'a\nb', onLine })).toBe('a\nb');
    expect(lines.sort()).toEqual(['a', 'b', 'err']);
  });

  it('that fails or is missing is told with what it said and what to install', async () => {
    await expect(runProgram('sh', ['-c', 'echo why >&2; exit 3'])).rejects.toMatchObject({
      message: 'sh failed (3)',
      hint: 'why',
    });
    await expect(runProgram('wiminfo-not-here', [])).rejects.toMatchObject({
      kind: 'environment',
      hint: 'install it: apt-get install wiminfo-not-here',
    });
  });

  it('that is stopped is waited for until it has cleared away what it made', async () => {
    const stop = new AbortController();
    const script = "trap 'echo cleared; exit 1' TERM; echo begun; while :; do sleep 0.1; done";
    const lines: string[] = [];
    const onLine = (line: string) => {
      lines.push(line);
      if (line === 'begun') stop.abort();
    };
    await expect(
      runProgram('sh', ['-c', script], { signal: stop.signal, onLine }),
    ).rejects.toMatchObject({ kind: 'cancelled' });
    expect(lines).toEqual(['begun', 'cleared']);
  });
});
