import { defineCheck } from '../../model/check.ts';
import { sh } from '../../model/command.ts';
import { text } from '../../model/options.ts';
import { fieldsOf, pass, unreadable, warn } from '../judging.ts';

/** Other names of one zone (tz database, file backward). */
const aliases: ReadonlyMap<string, string> = new Map([
  ['PRC', 'Asia/Shanghai'],
  ['Asia/Chongqing', 'Asia/Shanghai'],
  ['Asia/Chungking', 'Asia/Shanghai'],
  ['Asia/Harbin', 'Asia/Shanghai'],
  ['Etc/UTC', 'UTC'],
  ['Etc/UCT', 'UTC'],
  ['Zulu', 'UTC'],
]);

export default defineCheck({
  name: 'timezone',
  summary: 'The PC is set to the right time zone.',
  options: { expected: text('Asia/Shanghai', 'name of the right zone in the tz database') },
  probe: {
    linux: () => sh`
link=$(readlink /etc/localtime) && printf 'link=%s\n' "$link"
[ -e /etc/timezone ] && read -r zone < /etc/timezone && printf 'zone=%s\n' "$zone"
[ -e /etc/adjtime ] && { read -r skip; read -r skip; read -r rtc; } < /etc/adjtime
[ -e /etc/localtime ] || echo zone=UTC
printf 'rtc=%s\n' "$rtc"`,
  },
  judge(output, options) {
    const fields = fieldsOf(output.stdout);
    const linked = /zoneinfo\/(?:posix\/|right\/)?(.+)$/.exec(fields.get('link') ?? '')?.[1];
    const zone = linked ?? fields.get('zone') ?? '';
    if (!/^[A-Za-z0-9_+/-]+$/.test(zone)) return unreadable(output, 'the time zone');
    if (nameOf(zone) !== nameOf(options.expected))
      return warn(zone, {
        expected: options.expected,
        hint: `set it with: timedatectl set-timezone ${options.expected}`,
      });
    if (fields.get('rtc') === 'LOCAL')
      return warn(`${zone}, hardware clock in local time`, {
        expected: `${options.expected}, hardware clock in UTC`,
        hint: 'let every system of a dual-boot PC keep the hardware clock in UTC',
      });
    return pass(zone);
  },
});

function nameOf(zone: string): string {
  return aliases.get(zone) ?? zone;
}
