import { defineCheck } from '../../model/check.ts';
import { sh } from '../../model/command.ts';
import { choice } from '../../model/options.ts';
import { readCards } from '../cards.ts';
import { fail, nothingToCompare, pass, unknown, unreadable } from '../judging.ts';

export default defineCheck({
  name: 'ip-mode',
  summary: 'The PC gets its address the way the policy says: by DHCP or by hand.',
  options: {
    policy: choice('any', ['any', 'dhcp', 'manual'], 'how PCs get their address; any: only tell'),
  },
  probe: { linux: () => sh`ip -o -4 addr` },
  judge(output, { policy }, host) {
    const all = readCards(output.stdout).flatMap((card) =>
      card.addresses.map((address) => ({ ...address, card: card.name })),
    );
    if (output.exitCode !== 0 || all.length === 0) return unreadable(output, 'its addresses');
    const registered = all.filter(({ ip }) => ip === host.ip);
    const chosen =
      registered.length > 0 ? registered : all.filter((one) => one.global && !inner.test(one.card));
    if (chosen.length === 0) return unknown('it has no address of its own');
    const modes = new Set(chosen.map(({ dynamic }) => (dynamic ? 'dhcp' : 'manual')));
    const key = [...modes].sort().join('+');
    const found = chosen
      .map(({ ip, card, dynamic }) => `${ip} on ${card} ${dynamic ? 'leased' : 'set by hand'}`)
      .join(', ');
    if (policy === 'any') return nothingToCompare(found, key);
    if (key === policy) return pass(found, { key });
    return fail(found, {
      key,
      expected: policy === 'dhcp' ? 'leased from DHCP' : 'set by hand',
      hint:
        policy === 'dhcp'
          ? 'let its network settings use DHCP; the reservation gives it the registered address'
          : 'set the registered address by hand',
    });
  },
});

/** Bridges and tunnels that containers and virtual machines bring along. */
const inner = /^(?:lo|docker|br-|virbr|veth|vmnet|vboxnet|cni|lxc|lxd)/;
