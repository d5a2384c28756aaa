import { defineCheck } from '../../model/check.ts';
import { sh } from '../../model/command.ts';
import { number } from '../../model/options.ts';
import { fail, pass, unknown, unreadable, warn } from '../judging.ts';

export default defineCheck({
  name: 'clock',
  summary: "The PC's clock agrees with the controller's.",
  options: {
    warnSeconds: number(2, 'worth a warning from here', { min: 0 }),
    failSeconds: number(60, 'wrong from here', { min: 0 }),
  },
  turn: 'first',
  probe: { linux: () => sh`date +%s.%N` },
  judge(output, options) {
    // BusyBox prints no nanoseconds: then the second is only known to its beginning
    const [, seconds, nanos] = /^(\d{1,11})\.(\d{9})?[%N]*$/.exec(output.stdout) ?? [];
    if (seconds === undefined) return unreadable(output, 'the time');
    const earliest = Number(seconds) + (nanos === undefined ? 0 : Number(nanos) / 1e9);
    const latest = nanos === undefined ? earliest + 1 : earliest;
    const offset = (earliest + latest) / 2 - (output.sentAtMs + output.receivedAtMs) / 2000;
    const doubt = (latest - earliest) / 2 + Math.abs(output.receivedAtMs - output.sentAtMs) / 2000;
    const sure = Math.max(0, Math.abs(offset) - doubt);
    const found = `${durationText(Math.abs(offset))} ${offset < 0 ? 'behind' : 'ahead'}`;
    const more = {
      expected: `within ${options.warnSeconds} s`,
      hint: hintFor(earliest, sure),
    };
    if (sure > options.failSeconds) return fail(found, more);
    if (sure > options.warnSeconds) return warn(found, more);
    if (doubt > Math.max(options.warnSeconds, 1) && Math.abs(offset) + doubt > options.warnSeconds)
      return unknown(`the answer took ${durationText(doubt * 2)}, too long to judge the clock`);
    return pass(`${found} (± ${durationText(doubt)})`);
  },
});

function hintFor(remoteSeconds: number, offSeconds: number): string {
  if (remoteSeconds < Date.UTC(2020) / 1000)
    return 'the clock starts in the past: the CMOS battery (CR2032) is probably empty';
  if (Math.abs(offSeconds - 8 * 3600) < 120)
    return 'off by 8 hours: a dual-boot PC keeps its hardware clock in local time on one side only';
  if (offSeconds > 300)
    return 'domain logins (Kerberos) fail from 5 minutes on; set up time synchronisation';
  return 'set up time synchronisation (chrony or systemd-timesyncd)';
}

function durationText(seconds: number): string {
  if (seconds < 120) return `${seconds.toFixed(seconds < 10 ? 2 : 0)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} days`;
}
