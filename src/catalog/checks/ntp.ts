import { defineCheck } from '../../model/check.ts';
import { sh } from '../../model/command.ts';
import { number } from '../../model/options.ts';
import { fieldsOf, firstLine, pass, unknown, unreadable, warn } from '../judging.ts';

export default defineCheck({
  name: 'ntp',
  summary: 'A time service keeps the clock right.',
  options: {
    warnSeconds: number(2, 'worth a warning when the service itself is so far off', { min: 0 }),
  },
  probe: {
    linux: () => sh`
fresh=
[ -e /run/systemd/timesync/synchronized ] && fresh=$(find /run/systemd/timesync/synchronized -mmin -120)
if [ -n "$fresh" ]; then echo service=timesyncd
elif command -v chronyc >/dev/null 2>&1; then echo service=chrony; chronyc -n -c tracking
elif command -v ntpq >/dev/null 2>&1; then echo service=ntpd; ntpq -c 'rv 0 leap,stratum,offset'
elif [ -d /run/systemd/system ]; then echo service=systemd; timedatectl show -p NTP -p NTPSynchronized
else echo service=none; fi`,
  },
  judge(output, { warnSeconds }) {
    const fields = fieldsOf(output.stdout);
    const hint = 'set up chrony or systemd-timesyncd with a server the PC can reach';
    const unset = (found: string) => warn(found, { expected: 'synchronised', hint });
    switch (fields.get('service')) {
      case 'timesyncd':
        return pass('synchronised by systemd-timesyncd within two hours');
      case 'none':
        return unknown('no time service was found (systemd-timesyncd, chrony, ntpd)', { hint });
      case 'systemd':
        if (fields.get('NTPSynchronized') === 'yes') return pass('synchronised');
        if (fields.get('NTPSynchronized') !== 'no') return unreadable(output, 'the time service');
        return unset(
          fields.get('NTP') === 'no' ? 'time synchronisation is switched off' : 'not synchronised',
        );
      case 'chrony':
        return (
          judgeChrony(output.stdout.split('\n')[1] ?? '', warnSeconds) ??
          (output.exitCode === 0
            ? unreadable(output, 'chrony')
            : unset(
                `chrony does not answer: ${firstLine(output.stdout.split('\n').slice(1).join('\n') || output.stderr)}`,
              ))
        );
      case 'ntpd': {
        const [, leap, stratum] = /leap=(\w+), stratum=(\d+)/.exec(output.stdout) ?? [];
        if (leap === undefined) return unreadable(output, 'ntpd');
        return leap === '11' || stratum === '16'
          ? unset('ntpd is not synchronised')
          : pass(`ntpd, stratum ${stratum}`);
      }
      default:
        return unreadable(output, 'the time service');
    }
  },
});

/** Reads `chronyc -c tracking` (chronyc(1), tracking): reference, address, stratum, time, offset in seconds, …, leap status last. */
function judgeChrony(line: string, warnSeconds: number) {
  const parts = line.split(',');
  const leap = parts.at(-1);
  const offset = Number(parts[4]);
  if (parts.length < 13 || !Number.isFinite(offset) || leap === undefined) return undefined;
  const more = { expected: 'synchronised', hint: 'look at: chronyc sources' };
  if (leap === 'Not synchronised') return warn('chrony is not synchronised', more);
  const found = `chrony, stratum ${parts[2]}, ${Math.abs(offset).toFixed(3)} s off`;
  return Math.abs(offset) > warnSeconds ? warn(found, more) : pass(found);
}
