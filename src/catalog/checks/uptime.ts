import { defineCheck } from '../../model/check.ts';
import { sh } from '../../model/command.ts';
import { number } from '../../model/options.ts';
import { pass, unreadable, warn } from '../judging.ts';

export default defineCheck({
  name: 'uptime',
  summary: 'The PC was restarted lately.',
  options: { warnDays: number(7, 'worth a warning after so many days', { min: 0 }) },
  probe: { linux: () => sh`read -r times < /proc/uptime && echo "$times"` },
  judge(output, options) {
    const [, seconds] = /^(\d{1,12})\.\d\d \d{1,12}\.\d\d$/.exec(output.stdout) ?? [];
    if (seconds === undefined) return unreadable(output, 'how long it has run');
    const days = Number(seconds) / 86_400;
    const found = days < 2 ? `up ${Math.floor(days * 24)} h` : `up ${Math.floor(days)} days`;
    if (days <= options.warnDays) return pass(found);
    return warn(found, {
      expected: `at most ${options.warnDays} days`,
      hint: 'restart it: updates and fresh settings wait for that',
    });
  },
});
