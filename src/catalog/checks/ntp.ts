import { defineCheck, type ProbeOutput } from '../../model/check.ts';
import { sh } from '../../model/command.ts';
import { number } from '../../model/options.ts';
import type { Judgement } from '../../model/plan.ts';
import { clip, fieldsOf, pass, unknown, unreadable, warn } from '../judging.ts';

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
    switch (fieldsOf(output.stdout).get('service')) {
      case 'timesyncd':
        return pass('synchronised by systemd-timesyncd within two hours');
      case 'chrony':
        return judgeChrony(output, warnSeconds);
      case 'ntpd':
        return judgeNtpd(output);
      case 'systemd':
        return judgeSystemd(output);
      case 'none':
        return unknown('no time service was found (systemd-timesyncd, chrony, ntpd)', { hint });
      default:
        return unreadable(output, 'the time service');
    }
  },
});

const hint = 'set up chrony or systemd-timesyncd with a server the PC can reach';

function unset(found: string): Judgement {
  return warn(found, { expected: 'synchronised', hint });
}

function judgeSystemd(output: ProbeOutput): Judgement {
  const fields = fieldsOf(output.stdout);
  if (fields.get('NTPSynchronized') === 'yes') return pass('synchronised');
  if (fields.get('NTPSynchronized') !== 'no') return unreadable(output, 'the time service');
  return unset(
    fields.get('NTP') === 'no' ? 'time synchronisation is switched off' : 'not synchronised',
  );
}

function judgeNtpd(output: ProbeOutput): Judgement {
  const [, leap, stratum] = /leap=(\w+), stratum=(\d+)/.exec(output.stdout) ?? [];
  if (leap === undefined) return unreadable(output, 'ntpd');
  if (leap === '11' || stratum === '16') return unset('ntpd is not synchronised');
  return pass(`ntpd, stratum ${stratum}`);
}

/** Reads `chronyc -c tracking` (chronyc(1), tracking): reference, address, stratum, time, offset in seconds, …, leap status last. */
function judgeChrony(output: ProbeOutput, warnSeconds: number): Judgement {
  const line = output.stdout.split('\n')[1] ?? '';
  const parts = line.split(',');
  const offset = Math.abs(Number(parts[4] || Number.NaN));
  if (output.exitCode !== 0) return unset(`chrony does not answer: ${clip(line)}`);
  if (parts.length < 13 || !Number.isFinite(offset)) return unreadable(output, 'chrony');
  if (parts.at(-1) === 'Not synchronised') return unset('chrony is not synchronised');
  const found = `chrony, stratum ${parts[2]}, ${offset.toFixed(3)} s off`;
  return offset > warnSeconds
    ? warn(found, { expected: `within ${warnSeconds} s`, hint: 'look at: chronyc sources' })
    : pass(found);
}
