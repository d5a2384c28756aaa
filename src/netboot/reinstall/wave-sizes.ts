import { LabError } from '../../model/lab-error.ts';
import type { WavePolicy } from '../../model/plan.ts';

/** What `--canary`, `--waves` and `--max-fail-percentage` say; undefined where nothing was given. */
export interface AskedWaves {
  readonly canary?: string;
  readonly waves?: string;
  readonly maxFailPercentage?: string;
}

/** More hosts than this begin with one canary when nobody says otherwise. */
const calmCount = 4;

/** Plans the waves of `count` hosts: the canary first, then sizes such as `1,3,all` or `25%`, the last repeating. A wave stops the next when more than the allowed percentage failed, of all hosts so far. Throws LabError 'usage'. */
export function planWaves(asked: AskedWaves, count: number): WavePolicy {
  const { canary, waves, maxFailPercentage } = asked;
  const usual = waves === undefined && count > calmCount ? 1 : 0;
  const first = canary === undefined ? usual : readWhole('--canary', canary);
  const rest = (waves ?? 'all').split(',').map((word) => readSize(word.trim(), count));
  const percent = maxFailPercentage === undefined ? 0 : readPercent(maxFailPercentage);
  return {
    sizes: [...(first > 0 ? [first] : []), ...rest],
    maxFailed: 0,
    maxFailPercentage: percent,
  };
}

function readSize(word: string, count: number): number {
  if (word === 'all') return Math.max(1, count);
  const [, percent] = /^(100|[1-9]\d?)%$/.exec(word) ?? [];
  if (percent !== undefined) return Math.max(1, Math.floor((count * Number(percent)) / 100));
  if (/^[1-9]\d{0,4}$/.test(word)) return Number(word);
  throw new LabError(
    'usage',
    `--waves: "${word}" is no size`,
    'write numbers, percentages or all: 1,3,all',
  );
}

function readWhole(flag: string, text: string): number {
  if (/^\d{1,5}$/.test(text)) return Number(text);
  throw new LabError('usage', `${flag}: "${text}" is no number of hosts`, 'write 0 or more');
}

function readPercent(text: string): number {
  const percent = /^\d{1,3}$/.test(text) ? Number(text) : Number.NaN;
  if (percent <= 100) return percent;
  throw new LabError(
    'usage',
    `--max-fail-percentage: "${text}" is no percentage`,
    'write 0 to 100',
  );
}
