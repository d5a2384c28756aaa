import { defineCheck } from '../../model/check.ts';
import { sh } from '../../model/command.ts';
import { number } from '../../model/options.ts';
import type { Judgement } from '../../model/plan.ts';
import { skip, unknown, unreadable, worst } from '../judging.ts';
import { judgeSmart } from '../smart-report.ts';

export default defineCheck({
  name: 'smart',
  summary: 'The disks themselves report no damage.',
  options: {
    warnCelsius: number(60, 'worth a warning above', { min: 0 }),
    failSectors: number(10, 'wrong above so many bad sectors; any is worth a warning', { min: 0 }),
    warnUsedPercent: number(90, 'worth a warning when so much of an SSD is worn', { min: 0 }),
  },
  wantsRoot: true,
  limitSeconds: 40,
  probe: {
    linux: () => sh`
cd /sys/block && for disk in *; do
case $disk in loop*|ram*|zram*|dm-*|md*|sr*|fd*|nbd*|mmcblk*) continue ;; esac
[ -e "$disk/device" ] || continue
printf 'disk %s\n' "$disk"
case $disk in vd*|xvd*) continue ;; esac
smartctl -j -H -A -i "/dev/$disk"
printf '\nexit %s\n' "$?"
done
echo end`,
  },
  judge(output, options) {
    if (!/^end$/m.test(output.stdout)) return unreadable(output, 'its disks');
    const disks = output.stdout.split(/^disk /m).slice(1);
    if (disks.length === 0) return skip('no disk that could tell its health');
    return worst(disks.map((text) => judgeDisk(text, options)));
  },
});

function judgeDisk(text: string, options: Parameters<typeof judgeSmart>[2]): Judgement {
  const name = text.split('\n')[0] ?? '';
  if (/^x?vd/.test(name)) return skip(`${name} is a virtual disk`);
  const body = text.slice(text.indexOf('\n') + 1);
  const end = body.lastIndexOf('\nexit ');
  const json = body.slice(0, Math.max(0, end));
  const code = /^\nexit (\d+)$/m.exec(body.slice(Math.max(0, end)))?.[1] ?? '';
  if (code === '127')
    return unknown('smartctl is not installed', { hint: 'install the package smartmontools' });
  try {
    return judgeSmart(name, { report: JSON.parse(json), exitCode: Number(code) }, options);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return unknown(
      `cannot read what smartctl says of ${name} (exit code ${code}; it must be version 7 or newer)`,
    );
  }
}
