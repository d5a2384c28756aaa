/** How one maker writes the ports of its switches. */
export interface PortNames {
  /** The words it writes before the number, by every spelling people and tables use, in small letters. */
  readonly words: ReadonlyMap<string, string>;
  /** What stands between word and number. */
  readonly gap: '' | ' ';
}

const gigabit = ['gigabitethernet', 'ge', 'gi', 'gig', 'g'];
/** Several cables taken as one; only these are numbered without a slash. */
const aggregates = ['Eth-Trunk', 'Bridge-Aggregation', 'AggregatePort', 'Port-channel'];

/** Ports of Huawei VRP: `GigabitEthernet0/0/7`, on CloudEngine `10GE1/0/7`. */
export const huaweiPorts = definePorts('', {
  Ethernet: ['eth', 'e'],
  GigabitEthernet: gigabit,
  MultiGE: ['mge'],
  XGigabitEthernet: ['xge'],
  '10GE': [],
  '25GE': [],
  '40GE': [],
  '100GE': [],
  'Eth-Trunk': [],
});

/** Ports of H3C Comware: `GigabitEthernet1/0/7`. */
export const h3cPorts = definePorts('', {
  Ethernet: ['eth', 'e'],
  GigabitEthernet: gigabit,
  'M-GigabitEthernet': ['mge'],
  'Ten-GigabitEthernet': ['xge'],
  'Twenty-FiveGigE': ['wge'],
  FortyGigE: ['fge'],
  HundredGigE: ['hge'],
  'Bridge-Aggregation': ['bagg'],
});

/** Ports of Ruijie RGOS: `GigabitEthernet 0/7`. */
export const ruijiePorts = definePorts(' ', {
  FastEthernet: ['fa', 'f'],
  GigabitEthernet: gigabit,
  TenGigabitEthernet: ['te', 'xge'],
  TwentyFiveGigabitEthernet: ['tf'],
  FortyGigabitEthernet: ['fo'],
  HundredGigabitEthernet: ['hu'],
  AggregatePort: ['ag'],
});

/** Ports of Cisco IOS: `GigabitEthernet1/0/7`. */
export const ciscoPorts = definePorts('', {
  Ethernet: ['et', 'eth', 'e'],
  FastEthernet: ['fa', 'f'],
  GigabitEthernet: gigabit,
  TwoGigabitEthernet: ['tw'],
  FiveGigabitEthernet: ['fi'],
  TenGigabitEthernet: ['te'],
  TwentyFiveGigE: ['twe'],
  FortyGigabitEthernet: ['fo'],
  HundredGigE: ['hu'],
  'Port-channel': ['po'],
});

function definePorts(
  gap: PortNames['gap'],
  spellings: { readonly [word: string]: readonly string[] },
): PortNames {
  const pairs = Object.entries(spellings).flatMap(([word, others]) =>
    [word.toLowerCase(), ...others].map((spelling) => [spelling, word] as const),
  );
  return { words: new Map(pairs), gap };
}

/** A port as its switch writes it, from any spelling (`GE1/0/7`, `gigabitethernet 1/0/7`); undefined when that maker has no such port. */
export function parsePort(text: string, { words, gap }: PortNames): string | undefined {
  const [, spelling = '', number = ''] =
    /^(\d{0,3}[a-z][a-z-]{0,30}?)\s?(\d{1,4}(?:\/\d{1,4}){0,3})$/i.exec(text) ?? [];
  const word = words.get(spelling.toLowerCase());
  if (word === undefined || aggregates.includes(word) === number.includes('/')) return undefined;
  return `${word}${gap}${number}`;
}

/** Takes the inventory's `switch_port` apart: `sw-lab-a GE1/0/7` is the port `GE1/0/7` of the switch `sw-lab-a`; a port alone is of no named switch. What has no port in it comes back as the switch's name. */
export function splitSwitchPort(text: string): { readonly device: string; readonly port: string } {
  const words = text.trim().split(/[\s:：,，;；]+/);
  for (const count of [1, 2]) {
    const port = words.slice(-count).join(' ');
    if (anyMaker.some((names) => parsePort(port, names) !== undefined))
      return { device: words.slice(0, -count).join(' '), port };
  }
  return { device: text.trim(), port: '' };
}

const anyMaker = [huaweiPorts, h3cPorts, ruijiePorts, ciscoPorts];
