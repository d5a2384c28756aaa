import { defineCheck } from '../../model/check.ts';
import { sh } from '../../model/command.ts';
import { number } from '../../model/options.ts';
import { pass, skip, unknown, unreadable, warn } from '../judging.ts';

export default defineCheck({
  name: 'temp',
  summary: 'The PC does not run hot.',
  options: { warnCelsius: number(85, 'worth a warning above', { min: 0 }) },
  probe: {
    linux: () => sh`
for file in /sys/class/thermal/thermal_zone*/temp /sys/class/hwmon/hwmon*/temp*_input; do
[ -e "$file" ] && value= && read -r value < "$file" && printf 'temp %s\n' "$value"
done
echo end`,
  },
  judge(output, { warnCelsius }) {
    if (!/^end$/m.test(output.stdout)) return unreadable(output, 'its temperature');
    // Sensors that are not connected read as zero, below, or far above what silicon survives
    const degrees = [...output.stdout.matchAll(/^temp (-?\d{1,7})$/gm)].map(
      ([, value]) => Number(value) / 1000,
    );
    const likely = degrees.filter((value) => value > 0 && value < 150);
    if (likely.length === 0)
      return /^temp/m.test(output.stdout) || output.stderr !== ''
        ? unknown('its sensors tell no temperature')
        : skip('no temperature sensor');
    const found = `${Math.round(Math.max(...likely))} °C`;
    if (Math.max(...likely) <= warnCelsius) return pass(found);
    return warn(found, {
      expected: `at most ${warnCelsius} °C`,
      hint: 'clean the fans and air vents, renew the thermal paste',
    });
  },
});
