import { defineCheck } from '../../model/check.ts';
import { sh } from '../../model/command.ts';
import { choice } from '../../model/options.ts';
import { fail, pass, unreadable, warn } from '../judging.ts';

export default defineCheck({
  name: 'keyboard-mouse',
  summary: 'A keyboard and a mouse are plugged in.',
  options: {
    severity: choice('warn', ['warn', 'fail'], 'what a missing one is; fail for exam rooms'),
  },
  probe: { linux: () => sh`cat /proc/bus/input/devices && echo end` },
  judge(output, { severity }) {
    if (!/(?:^|\n)end$/.test(output.stdout)) return unreadable(output, 'what is plugged in');
    const devices = output.stdout.split(/\n\s*\n/).filter((text) => !inner.test(text));
    // Linux input event codes: bit 20 of EV is auto-repeat, which keyboards have and buttons have not
    const keyboards = devices.filter(
      (text) => /Handlers=.*\bkbd\b/.test(text) && /B: EV=12001[0-9a-f]/i.test(text),
    );
    const mice = devices.filter((text) => /Handlers=.*\b(?:mouse\d+)\b/.test(text));
    const missing = [
      ...(keyboards.length === 0 ? ['keyboard'] : []),
      ...(mice.length === 0 ? ['mouse'] : []),
    ];
    if (missing.length === 0) return pass(`${keyboards.length} keyboard, ${mice.length} mouse`);
    const judge = severity === 'fail' ? fail : warn;
    return judge(`no ${missing.join(' and no ')}`, {
      expected: 'keyboard and mouse',
      hint: 'look at the plugs; bring a spare',
    });
  },
});

const inner = /Name="(?:Power|Sleep|Lid|Video|PC Speaker)/i;
