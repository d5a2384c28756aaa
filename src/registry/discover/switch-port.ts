/** Spellings of the same kind of port. */
const kinds: readonly (readonly [spellings: RegExp, kind: string])[] = [
  [/^(?:gigabitethernet|gi|gige|ge?)$/, 'ge'],
  [/^(?:tengigabitethernet|ten-gigabitethernet|xgigabitethernet|xge?|te)$/, 'xge'],
  [/^(?:fastethernet|fa|fe)$/, 'fe'],
  [/^(?:ethernet|eth|et)$/, 'eth'],
];
const aggregate =
  /^(?:eth-trunk|bagg|bridge-aggregation|ragg|po|port-channel|aggregateport|ag)\s*\d/i;
const interfaceName = /^(?:vlan(?:if|-interface)?|vl|loopback|null|meth|inloop)/i;

interface Port {
  readonly kind: string;
  readonly number: string;
}

/** The port at the end of a text such as `sw-a1:GE0/0/7`, `GigabitEthernet 0/7` or `24`. */
function readPort(text: string): Port | undefined {
  const [, letters = '', number] = /([a-z-]*)\s*(\d+(?:\/\d+)*)$/i.exec(text.trim()) ?? [];
  if (number === undefined) return undefined;
  const word = letters.toLowerCase().replace(/^-+/, '');
  return { kind: kinds.find(([spellings]) => spellings.test(word))?.[1] ?? word, number };
}

/** Whether two texts may name one port: kinds count only where both say them, and a bare number is the last one of the other. False only for ports that surely differ. */
export function maySamePort(one: string, other: string): boolean {
  const a = readPort(one);
  const b = readPort(other);
  if (!a || !b) return true;
  if (a.kind !== '' && b.kind !== '' && a.kind !== b.kind) return false;
  if (a.number.includes('/') && b.number.includes('/')) return a.number === b.number;
  return a.number.split('/').at(-1) === b.number.split('/').at(-1);
}

/** A port that bundles several lines, as uplinks do. */
export function isAggregate(port: string): boolean {
  return aggregate.test(port);
}

/** Whether a PC can be plugged into it; VLAN interfaces are none such. */
export function isPlug(port: string): boolean {
  return port !== '' && !interfaceName.test(port);
}
