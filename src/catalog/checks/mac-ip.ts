import { defineCheck } from '../../model/check.ts';
import { sh } from '../../model/command.ts';
import type { Host } from '../../model/host.ts';
import type { Judgement } from '../../model/plan.ts';
import { type Card, readCards } from '../cards.ts';
import { fail, nothingToCompare, pass, unreadable, warn } from '../judging.ts';

export default defineCheck({
  name: 'mac-ip',
  summary: 'The registered IP address sits on the registered network card.',
  options: {},
  probe: { linux: () => sh`ip -o link && ip -o addr` },
  judge(output, _options, host) {
    const cards = readCards(output.stdout);
    const macs = host.macs.map((mac) => mac.addr);
    if (macs.length === 0 && host.mac !== '') macs.push(host.mac);
    if (macs.length === 0 && host.ip === '')
      return nothingToCompare(cards.filter(isOwn).map(cardText).join(', '));
    if (output.exitCode !== 0 || cards.length === 0) return unreadable(output, 'its addresses');
    if (host.ip === '') return judgeMacs(cards, macs);
    const card = cards.find((one) => one.addresses.some((address) => address.ip === host.ip));
    if (card === undefined) return withoutItsIp(cards, host);
    return judgeCard(card, macs, host);
  },
});

function isOwn(card: Card): boolean {
  return card.name !== 'lo' && card.addresses.length > 0;
}

function cardText(card: Card): string {
  const own = card.addresses.map((address) => address.ip).filter((ip) => !ip.startsWith('fe80:'));
  return `${own.join(' ')} on ${card.name} ${card.mac}`;
}

function withoutItsIp(cards: readonly Card[], host: Host): Judgement {
  const found = cards.filter(isOwn).map(cardText).join(', ');
  const lost = cards.some((card) => card.addresses.some(({ ip }) => ip.startsWith('169.254.')));
  return fail(found === '' ? 'no address' : found, {
    expected: host.ip,
    hint: lost
      ? '169.254.x.x means that no DHCP server answered: check cable, switch port and DHCP'
      : 'correct its DHCP reservation or its own settings, or the inventory if it moved',
  });
}

function judgeCard(card: Card, macs: readonly string[], host: Host): Judgement {
  const found = `${host.ip} on ${card.name} ${card.mac}`;
  const expected = `${host.ip} on ${macs.join(' or ')}`;
  if (macs.length === 0) return pass(`${found} (no MAC registered)`);
  const permanent = card.permanentMac;
  if (macs.includes(card.mac)) {
    if (permanent === '' || permanent === card.mac || macs.includes(permanent)) return pass(found);
    return warn(`${found}, but the card's own address is ${permanent}`, {
      expected,
      hint: 'find out who gave this card the registered address',
    });
  }
  if (permanent !== '' && macs.includes(permanent))
    return warn(`${found} instead of the card's own ${permanent}`, {
      expected,
      hint: 'switch off random or private MAC addresses in its network settings',
    });
  return fail(found, {
    expected,
    hint: 'another PC or card has this address: correct the cabling, or register the new card',
  });
}

function judgeMacs(cards: readonly Card[], macs: readonly string[]): Judgement {
  const card = cards.find((one) => macs.includes(one.mac) || macs.includes(one.permanentMac));
  if (card !== undefined) return pass(`${cardText(card)} (no IP registered)`);
  const found = cards.filter((one) => one.name !== 'lo' && one.mac !== '');
  return fail(found.map((one) => `${one.name} ${one.mac}`).join(', '), {
    expected: macs.join(' or '),
    hint: 'register the new card, or find the PC that belongs here',
  });
}
