import { defineCheck } from '../../model/check.ts';
import { sh } from '../../model/command.ts';
import { choice } from '../../model/options.ts';
import { readCards } from '../cards.ts';
import { fail, pass, unknown, unreadable, warn } from '../judging.ts';

export default defineCheck({
  name: 'dual-path',
  summary: 'The PC has one way into the network and passes nothing on for others.',
  options: {
    severity: choice(
      'fail',
      ['warn', 'fail'],
      'what a second way is; fail where access is by real name',
    ),
  },
  probe: {
    // `read` asks byte by byte, and the kernel gives these numbers only to the first question: no line end comes
    linux: () => sh`
ip -o -4 addr
read -r forward < /proc/sys/net/ipv4/ip_forward; printf 'forward %s\n' "$forward"`,
  },
  judge(output, { severity }) {
    const cards = readCards(output.stdout);
    const forward = /^forward ([01])$/m.exec(output.stdout)?.[1];
    if (cards.length === 0 || forward === undefined) return unreadable(output, 'its network cards');
    const own = cards.filter(
      (card) => !inner.test(card.name) && card.addresses.some((one) => one.global),
    );
    const found = own
      .map((card) => `${card.name} ${card.addresses.find((one) => one.global)?.ip}`)
      .join(', ');
    if (own.length === 0) return unknown('it has no address of its own');
    const hint = 'unplug the second cable, switch off Wi-Fi or the shared connection';
    if (own.length > 1)
      return (severity === 'fail' ? fail : warn)(found, {
        expected: 'one network card in use',
        hint,
      });
    const guests = cards.some((card) =>
      /^(?:docker|br-|virbr|cni|lxc|lxd|vmnet|vboxnet)/.test(card.name),
    );
    if (forward === '1' && !guests)
      return warn(`${found}, and it passes packets on (ip_forward)`, {
        expected: 'ip_forward 0',
        hint,
      });
    return pass(`${found} only`);
  },
});

const inner = /^(?:lo|docker|br-|virbr|veth|vmnet|vboxnet|cni|lxc|lxd)/;
