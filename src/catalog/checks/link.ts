import { defineCheck } from '../../model/check.ts';
import { sh } from '../../model/command.ts';
import { number } from '../../model/options.ts';
import type { Judgement } from '../../model/plan.ts';
import { fail, pass, skip, unreadable, warn, wholeNumber, worst } from '../judging.ts';

export default defineCheck({
  name: 'link',
  summary: 'The network cable carries full speed in both directions.',
  options: { minMbps: number(1000, 'slower is wrong where the card can do more', { min: 0 }) },
  probe: {
    linux: ({ minMbps }) => sh`
cd /sys/class/net && for card in *; do
[ -e "$card/device" ] || continue
[ -e "$card/wireless" ] || [ -e "$card/phy80211" ] && continue
state= speed= duplex=
read -r state < "$card/operstate"
[ "$state" = up ] && read -r speed < "$card/speed" && read -r duplex < "$card/duplex"
printf 'card %s %s %s %s\n' "$card" "$state" "$speed" "$duplex"
[ -n "$speed" ] && [ "$speed" -ge 0 ] && [ "$speed" -lt ${minMbps} ] && command -v ethtool >/dev/null && ethtool "$card"
done
echo end`,
  },
  judge(output, { minMbps }) {
    const { stdout } = output;
    if (!/^end$/m.test(stdout)) return unreadable(output, 'its network cards');
    const cards = stdout.split(/^card /m).slice(1);
    if (cards.length === 0) return skip('no physical network card with a cable');
    const used = cards.filter((text) => / up /.test(text.split('\n')[0] ?? ''));
    if (used.length === 0) return skip('no cable is in use');
    return worst(used.map((text) => judgeCard(text, minMbps)));
  },
});

function judgeCard(text: string, minMbps: number): Judgement {
  const [name = '', , speedText, duplex = ''] = (text.split('\n')[0] ?? '').split(' ');
  const speed = wholeNumber(speedText) ?? -1;
  if (speed <= 0) return skip(`${name} tells no speed (a virtual card)`);
  const found = `${name} ${speed} Mb/s ${duplex}`.trim();
  if (duplex === 'half')
    return fail(found, {
      expected: 'full duplex',
      hint: 'let both the card and the switch port negotiate by themselves',
    });
  if (speed >= minMbps) return pass(found);
  const expected = `${minMbps} Mb/s`;
  const supported = /Supported link modes:([\s\S]*?)Supported pause/.exec(text)?.[1] ?? '';
  const best = Math.max(
    0,
    ...[...supported.matchAll(/(\d+)base/g)].map(([, mode]) => Number(mode)),
  );
  if (best >= minMbps)
    return fail(`${found}, the card can do ${best}`, {
      expected,
      hint: 'a pair of the cable is bad, or the switch port is slow: try another cable',
    });
  if (best > 0) return warn(`${found}, the card can do no more`, { expected });
  return warn(found, {
    expected,
    hint: 'a bad cable pair, a slow switch port or an old card (install ethtool to tell)',
  });
}
