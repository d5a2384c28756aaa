import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { displayWidth } from '../../src/model/display.ts';

const feed = join(import.meta.dirname, '..', 'helpers', 'progress-feed.ts');
const hasTmux = spawnSync('tmux', ['-V']).error === undefined;
if (!hasTmux && process.env['CI'] !== 'true')
  console.warn('SKIPPED: the look of progress is not tested; install tmux');

let folder = '';
const tmux = (...args: string[]): string =>
  execFileSync('tmux', ['-S', join(folder, 'tmux'), ...args], { encoding: 'utf8' });
/** What is on the screen; `joined` undoes line wraps of the terminal, `all` includes what scrolled away. */
const screen = ({ joined = false, all = false } = {}): string[] =>
  tmux('capture-pane', '-p', ...(joined ? ['-J'] : []), ...(all ? ['-S', '-'] : []))
    .split('\n')
    .map((line) => line.trimEnd());
const cursorIsVisible = (): boolean =>
  tmux('display-message', '-p', '#{cursor_flag}').trim() === '1';

async function seen(pattern: RegExp): Promise<void> {
  while (!pattern.test(screen().join('\n'))) await sleep(30);
}

const bars = (lines: readonly string[]): string[] => lines.filter((line) => /[█░]{5}/.test(line));

// In CI a missing tmux is a failure, elsewhere a skip that was announced above.
describe.skipIf(!hasTmux && process.env['CI'] !== 'true')(
  '64 hosts on a terminal of 80 by 24',
  () => {
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'labkit-progress-'));
      // Without echo: the Enter below is a signal to the script, not something a person types over the lines.
      const shell = `stty -echo; trap : INT; '${process.execPath}' '${feed}'; echo "ended with $?"; sleep 100`;
      tmux(
        '-f',
        '/dev/null',
        '-u',
        'new-session',
        '-d',
        '-x',
        '80',
        '-y',
        '24',
        `sh -c "${shell.replaceAll('"', '\\"').replaceAll('$', '\\$')}"`,
      );
    });
    afterEach(() => {
      tmux('kill-server');
      rmSync(folder, { recursive: true, force: true });
    });

    test('shows running hosts, a bar with counts and every failure; no line wraps; the cursor comes back', async () => {
      await seen(/32 \/ 64/);
      const half = screen();
      expect(screen({ joined: true })).toEqual(half);
      expect(Math.max(...half.map(displayWidth))).toBeLessThan(80);
      expect(bars(half)).toHaveLength(1);
      expect(bars(half)[0]).toContain('26 台正常  4 台失败  2 台无法连接');
      expect(half.filter((line) => line.includes('检查系统盘')).length).toBeGreaterThan(10);
      for (const host of ['a04', 'a06', 'a12', 'a20', 'a22', 'a28'])
        expect(half.filter((line) => line.startsWith(host))).toHaveLength(1);
      expect(half.join('\n')).toMatch(/… 另有 \d+ 台正在运行/);
      expect(cursorIsVisible()).toBe(false);

      tmux('send-keys', 'Enter');
      await seen(/ended with 0/);
      const end = screen({ all: true });
      expect(bars(end)).toEqual([]);
      expect(end.filter((line) => line.includes('检查系统盘'))).toEqual([]);
      for (let index = 0; index < 64; index += 1) {
        const lines = end.filter((line) =>
          line.startsWith(`a${String(index + 1).padStart(2, '0')}  `),
        );
        expect(lines).toHaveLength(index % 8 === 3 || index % 16 === 5 ? 1 : 0);
      }
      expect(end).toContain('64 / 64 台主机  52 台正常  8 台失败  4 台无法连接');
      expect(cursorIsVisible()).toBe(true);
    });

    test('a narrower window leaves one bar and lines that fit', async () => {
      await seen(/32 \/ 64/);
      tmux('resize-window', '-x', '50', '-y', '24');
      await seen(/^█{5}░{5} 32 \/ 64/m);
      const narrow = screen();
      expect(bars(narrow)).toHaveLength(1);
      const live = narrow.filter((line) => line.includes('检查'));
      expect(live.length).toBeGreaterThan(5);
      expect(Math.max(...live.map(displayWidth))).toBeLessThan(50);
      expect(screen({ joined: true }).filter((line) => line.includes('检查'))).toEqual(live);
    });

    test('Ctrl-C gives the cursor back', async () => {
      await seen(/32 \/ 64/);
      expect(cursorIsVisible()).toBe(false);
      tmux('send-keys', 'C-c');
      await seen(/ended with 130/);
      expect(cursorIsVisible()).toBe(true);
    });
  },
);
