import { ipNumber } from '../model/ip.ts';
import { readIpv4 } from './switch-text.ts';

/** No line of a switch binds more addresses to one card than a class C network has; a longer range is a slip. */
const longestRange = 256n;

/** The addresses of a list such as `10.1.1.1 10.1.1.5 to 10.1.1.7`, or undefined when it is none. */
export function expandAddresses(text: string): string[] | undefined {
  const found: string[] = [];
  for (const [item] of text.matchAll(/\S+(?: to \S+)?/g)) {
    const [from = '', to = from] = item.split(' to ');
    const first = readIpv4(from) && ipNumber(from);
    const last = readIpv4(to) && ipNumber(to);
    if (typeof first !== 'bigint' || typeof last !== 'bigint') return undefined;
    if (last < first || last - first >= longestRange) return undefined;
    for (let value = first; value <= last; value += 1n) found.push(spell(Number(value)));
  }
  return found;
}

function spell(value: number): string {
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.');
}
