import { defineCheck } from '../../model/check.ts';
import { sh } from '../../model/command.ts';
import { number } from '../../model/options.ts';
import type { Judgement } from '../../model/plan.ts';
import { pass, skip, unknown, unreadable, warn, wholeNumber, worst } from '../judging.ts';

export default defineCheck({
  name: 'link-errors',
  summary: 'The network cards have received hardly any damaged frames since the start.',
  options: {
    perMillion: number(10, 'worth a warning above so many damaged among a million frames', {
      min: 0,
    }),
  },
  probe: {
    linux: () => sh`
cd /sys/class/net && for card in *; do
[ -e "$card/device" ] || continue
packets= errors= crc=
read -r packets < "$card/statistics/rx_packets"
read -r errors < "$card/statistics/rx_errors"
read -r crc < "$card/statistics/rx_crc_errors"
printf 'card %s %s %s %s\n' "$card" "$packets" "$errors" "$crc"
done
echo end`,
  },
  judge(output, { perMillion }) {
    if (!/^end$/m.test(output.stdout)) return unreadable(output, 'its network cards');
    const cards = [...output.stdout.matchAll(/^card (\S+) (\d*) (\d*) (\d*)$/gm)];
    if (cards.length === 0) return skip('no physical network card');
    return worst(cards.map(([, name = '', ...counts]) => judgeCard(name, counts, perMillion)));
  },
});

function judgeCard(name: string, counts: readonly string[], perMillion: number): Judgement {
  const [packets, errors, crc] = counts.map(wholeNumber);
  if (packets === undefined || errors === undefined || crc === undefined)
    return unknown(`${name} tells no counters`);
  const bad = Math.max(errors, crc);
  const found = `${name} ${bad} damaged of ${packets} frames`;
  if (packets + bad === 0) return skip(`${name} has received nothing`);
  if ((bad * 1_000_000) / (packets + bad) <= perMillion) return pass(found);
  return warn(found, {
    expected: `at most ${perMillion} in a million`,
    hint: 'change the cable, then the switch port',
  });
}
