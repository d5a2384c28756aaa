import { anyText } from '../arguments.ts';
import { grow } from '../context.ts';
import { dictEntries } from '../dict.ts';
import { itemsOf } from '../iterate.ts';
import { formatPercent } from '../percent-format.ts';
import { type Plugins, plugin } from '../plugin.ts';
import { parseIntText } from '../read-number.ts';
import { type Dict, fail } from '../values.ts';

interface Wish {
  start: number;
  end: number | undefined;
  count: number | undefined;
  stride: number;
  format: string;
}

const short =
  /^(?:(?<start>0?x?[0-9a-f]+)-)?(?<end>0?x?[0-9a-f]+)(?:\/(?<stride>-?0?x?[0-9a-f]+))?(?::(?<format>.+))?$/i;

/** Reads `5`, `2-10/2`, `4:host%02d` or `start=1 end=5 stride=2 format=…`. */
export function readSequence(term: string, options: Iterable<readonly [string, string]>): string[] {
  const wish: Wish = { start: 1, end: undefined, count: undefined, stride: 1, format: '%d' };
  for (const [name, value] of options) put(wish, name, value);
  for (const [name, value] of pairsIn(term)) put(wish, name, value);
  return count(wish);
}

function pairsIn(term: string): (readonly [string, string])[] {
  const found = short.exec(term.trim())?.groups;
  if (found)
    return Object.entries(found as { [name: string]: string | undefined }).flatMap(
      ([name, value]) => (value === undefined ? [] : [[name, value] as const]),
    );
  const words = term.split(/\s+/).filter(Boolean);
  return words.map((word) => {
    const [, name, value] = /^(\w+)=([\s\S]*)$/.exec(word) ?? [];
    if (name === undefined || value === undefined)
      return fail(`unknown error parsing with_sequence arguments: "${term}"`);
    return [name, value] as const;
  });
}

function put(wish: Wish, name: string, value: string): void {
  if (name === 'format') {
    wish.format = value;
    return;
  }
  if (name !== 'start' && name !== 'end' && name !== 'count' && name !== 'stride')
    fail(`unrecognized arguments to with_sequence: ${name}`);
  const number = Number(parseIntText(value, 0) ?? fail(`can't parse ${name}=${value} as integer`));
  wish[name as 'start' | 'end' | 'count' | 'stride'] = number;
}

function count({ start, end, count: wanted, stride, format }: Wish): string[] {
  if (wanted === undefined && end === undefined) fail('must specify count or end in with_sequence');
  if (wanted !== undefined && end !== undefined)
    fail("can't specify both count and end in with_sequence");
  const last =
    wanted === undefined
      ? (end ?? 0)
      : wanted === 0
        ? start - stride
        : start + wanted * stride - Math.sign(stride);
  if (stride === 0 || wanted === 0) return [];
  if (stride > 0 && last < start) fail('to count backwards make stride negative');
  if (stride < 0 && last > start) fail("to count forward don't make stride negative");
  const length = Math.floor((last - start) / stride) + 1;
  if (length > 1_000_000) fail('the sequence is too long');
  return Array.from({ length }, (_, at) => formatPercent(format, start + at * stride));
}

export const sequenceLookups: Plugins = {
  sequence: plugin('terms **named', (on, [terms, named]) => {
    const options = dictEntries(named as Dict).map(
      ([name, value]) => [String(name), anyText(value)] as const,
    );
    const given = itemsOf(terms);
    const numbers = (given.length === 0 ? [''] : given).flatMap((term) =>
      readSequence(anyText(term), options),
    );
    grow(on.run, numbers.length * 8);
    return numbers;
  }),
};
