/** A network interface as `ip -o link` and `ip -o addr` tell it (ip-link(8), ip-address(8)); '' for what they do not tell. */
export interface Card {
  readonly name: string;
  readonly mac: string;
  /** The address burnt into the card, told only where it differs. */
  readonly permanentMac: string;
  readonly isUp: boolean;
  readonly addresses: readonly CardAddress[];
}

/** One address of an interface; `dynamic` means that it was leased. */
export interface CardAddress {
  readonly ip: string;
  readonly dynamic: boolean;
  readonly global: boolean;
}

/** Reads the joined output of `ip -o link` and `ip -o addr`, in any order. */
export function readCards(stdout: string): Card[] {
  const cards = new Map<string, Card & { addresses: CardAddress[] }>();
  for (const line of stdout.split('\n')) {
    const [, name = '', rest = ''] = /^\d+: ([^\s:@]+)(?:@\S+)?:? +(.*)$/.exec(line) ?? [];
    if (name === '') continue;
    const known = cards.get(name) ?? { ...nothing, name, addresses: [] };
    const address = /^inet6? ([0-9a-f.:]+)(?: peer \S+)?(?:\/\d+)? (.*)$/.exec(rest);
    if (address === null) cards.set(name, { ...known, ...readLink(rest) });
    else {
      const words = (address[2] ?? '').split(/[\s\\]+/);
      const global = words[words.indexOf('scope') + 1] === 'global';
      known.addresses.push({ ip: address[1] ?? '', dynamic: words.includes('dynamic'), global });
      cards.set(name, known);
    }
  }
  return [...cards.values()];
}

const nothing = { mac: '', permanentMac: '', isUp: false };

function readLink(rest: string): typeof nothing {
  return {
    mac: / link\/\w+ ([0-9a-f]{2}(?::[0-9a-f]{2}){5}) /.exec(rest)?.[1] ?? '',
    permanentMac: / permaddr ([0-9a-f:]{17})/.exec(rest)?.[1] ?? '',
    isUp: /^<[^>]*\bUP\b/.test(rest),
  };
}
