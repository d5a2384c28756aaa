import { defineCheck } from '../../model/check.ts';
import { sh } from '../../model/command.ts';
import { number } from '../../model/options.ts';
import { clip, fail, firstLine, pass, unreadable, warn } from '../judging.ts';

export default defineCheck({
  name: 'hw-errors',
  summary: 'The kernel has logged no faults of memory, processor, bus or disks since the start.',
  options: {
    warnCount: number(1, 'worth a warning from so many', { min: 1 }),
    failCount: number(5, 'wrong from so many', { min: 1 }),
  },
  wantsRoot: true,
  probe: {
    linux: () => sh`
for file in /sys/devices/system/edac/mc/mc*/ce_count /sys/devices/system/edac/mc/mc*/ue_count; do
[ -e "$file" ] && read -r count < "$file" && printf 'edac %s\n' "$count"
done
dmesg -l emerg,alert,crit,err && echo 'log read'`,
  },
  judge(output, options) {
    const corrected = [...output.stdout.matchAll(/^edac (\d{1,9})$/gm)].reduce(
      (sum, [, count]) => sum + Number(count),
      0,
    );
    const lines = output.stdout
      .split('\n')
      .filter((line) => faults.test(line) && !isElsewhere.test(line));
    const total = corrected + lines.length;
    if (total === 0 && !/^log read$/m.test(output.stdout))
      return unreadable(output, 'the kernel log');
    if (total < options.warnCount) return pass(total === 0 ? 'none logged' : `${total} logged`);
    const judge = total >= options.failCount ? fail : warn;
    const first =
      lines.length === 0
        ? ''
        : `: ${clip(firstLine(lines.join('\n')).replace(/^\[[\s\d.]+\] /, ''))}`;
    const memory = corrected === 0 ? '' : `, ${corrected} of them memory errors`;
    return judge(`${total} logged${memory}${first}`, {
      expected: 'none',
      hint: 'look at dmesg: test memory with memtest86+, the disk with smart, and reseat cables',
    });
  },
});

const faults =
  /hardware error|machine check|\bmce:|EDAC|ECC error|I\/O error|uncorrect(?:able|ed)|PCIe Bus Error|critical temperature|ata\d+.*(?:exception|failed command)|nvme\d+.*(?:timeout|reset)/i;

/** Our own lines, and block devices that are made of files, memory or the network. */
const isElsewhere = /^edac |\bdev(?:ice)? (?:loop|zram|ram|nbd)\d/;
