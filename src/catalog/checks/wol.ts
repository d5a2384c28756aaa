import { defineCheck } from '../../model/check.ts';
import { sh } from '../../model/command.ts';
import type { Judgement } from '../../model/plan.ts';
import { pass, skip, unknown, unreadable, warn, worst } from '../judging.ts';

export default defineCheck({
  name: 'wol',
  summary: 'The PC can be woken over the network.',
  options: {},
  wantsRoot: true,
  probe: {
    linux: () => sh`
cd /sys/class/net && for card in *; do
[ -e "$card/device" ] || continue
[ -e "$card/wireless" ] || [ -e "$card/phy80211" ] && continue
printf 'card %s\n' "$card"
ethtool "$card"
done
echo end`,
  },
  judge(output) {
    if (!/^end$/m.test(output.stdout)) return unreadable(output, 'its network cards');
    const cards = output.stdout.split(/^card /m).slice(1);
    if (cards.length === 0) return skip('no physical network card with a cable');
    if (/not found/.test(output.stderr))
      return unreadable({ ...output, exitCode: 127 }, 'whether it can be woken');
    const judged = cards.map(judgeCard);
    // One card that wakes the PC is enough
    return judged.find((one) => one.verdict === 'pass') ?? worst(judged);
  },
});

function judgeCard(text: string): Judgement {
  const name = text.split('\n')[0] ?? '';
  const can = /Supports Wake-on: (\S+)/.exec(text)?.[1];
  const set = /^\s*Wake-on: (\S+)/m.exec(text)?.[1];
  if (can !== undefined && !can.includes('g'))
    return skip(`${name} cannot be woken by a magic packet`);
  if (set === undefined)
    return unknown(`${name} does not tell whether it can be woken`, { hint: 'only root is told' });
  if (set.includes('g')) return pass(`${name} wakes at a magic packet`);
  return warn(`${name} does not wake (Wake-on: ${set})`, {
    expected: 'Wake-on: g',
    hint: `switch it on with: ethtool -s ${name} wol g (and in the firmware setup)`,
  });
}
