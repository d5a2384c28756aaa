import { defineCheck } from '../../model/check.ts';
import { sh } from '../../model/command.ts';
import { number, texts } from '../../model/options.ts';
import type { Judgement } from '../../model/plan.ts';
import { fail, pass, unreadable, warn, worst } from '../judging.ts';

const percent = { min: 0, max: 100 };

export default defineCheck({
  name: 'disk-free',
  summary: 'The file systems have room left, in bytes and in files.',
  options: {
    paths: texts(
      ['/', '/home', '/var', '/boot'],
      'judged where they exist; the first is the system volume',
    ),
    warnPercent: number(15, 'worth a warning below so much free', percent),
    failPercent: number(5, 'wrong below so much free', percent),
    warnGiB: number(20, 'the system volume is worth a warning below so much free', { min: 0 }),
    failGiB: number(8, 'the system volume is wrong below so much free', { min: 0 }),
  },
  probe: {
    linux: ({ paths }) => sh`
set --
for path in ${paths}; do [ -d "$path" ] && set -- "$@" "$path"; done
df -Pk "$@" && echo inodes && df -Pi "$@"`,
  },
  judge(output, options) {
    const [space = '', files = ''] = output.stdout.split('\ninodes\n');
    const volumes = readDf(space);
    const system = volumes.get(options.paths[0] ?? '/') ?? [...volumes.values()][0];
    if (output.exitCode !== 0 && volumes.size === 0) return unreadable(output, 'the free space');
    if (system === undefined) return unreadable(output, 'the free space');
    const findings: Judgement[] = [];
    for (const [mount, volume] of volumes) {
      const gib = volume.free / 1024 ** 2;
      const share = (100 * volume.free) / (volume.used + volume.free);
      const found = `${mount} ${sizeText(gib)} free (${share.toFixed(0)} %)`;
      const isSystem = volume === system;
      findings.push(judgeShare(found, share, isSystem ? gib : Number.POSITIVE_INFINITY, options));
    }
    for (const [mount, volume] of readDf(files)) {
      if (volume.used + volume.free === 0) continue;
      const share = (100 * volume.free) / (volume.used + volume.free);
      const found = `${mount} ${share.toFixed(0)} % of its files free`;
      if (share < options.warnPercent)
        findings.push(judgeShare(found, share, Number.POSITIVE_INFINITY, options));
    }
    return worst(findings);
  },
});

interface Limits {
  readonly warnPercent: number;
  readonly failPercent: number;
  readonly warnGiB: number;
  readonly failGiB: number;
}

function judgeShare(found: string, share: number, gib: number, limits: Limits): Judgement {
  const hint = 'remove old packages and logs, or give it a bigger disk';
  if (share < limits.failPercent || gib < limits.failGiB)
    return fail(found, {
      expected: `${limits.failPercent} % and ${limits.failGiB} GiB at least`,
      hint,
    });
  if (share < limits.warnPercent || gib < limits.warnGiB)
    return warn(found, { expected: `${limits.warnPercent} % and ${limits.warnGiB} GiB`, hint });
  return pass(found);
}

/** Reads `df -P` (POSIX.1-2017, df, output format) by mount point; a mount point is told once however many paths lie on it. */
function readDf(stdout: string): Map<string, { used: number; free: number }> {
  const volumes = new Map<string, { used: number; free: number }>();
  for (const line of stdout.split('\n')) {
    const [, used, free, mount] = /\s\d+\s+(\d+)\s+(\d+)\s+(?:\d+%|-)\s+(\/.*)$/.exec(line) ?? [];
    if (mount !== undefined) volumes.set(mount, { used: Number(used), free: Number(free) });
  }
  return volumes;
}

function sizeText(gib: number): string {
  return gib < 10 ? `${gib.toFixed(1)} GiB` : `${Math.round(gib)} GiB`;
}
