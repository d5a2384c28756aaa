import { intArgument } from '../arguments.ts';
import { isTrue } from '../compare.ts';
import type { Context } from '../context.ts';
import { bytesOf, hexOf } from '../encode.ts';
import { isIterable, itemsOf } from '../iterate.ts';
import { makeRandom, type Random } from '../mersenne.ts';
import { type Plugins, plugin } from '../plugin.ts';
import { fail, isFloat, isText, kindOf, numberIn, type Py } from '../values.ts';

/** A seed as Python's `Random` takes it: whole numbers by their size, text by its bytes and their SHA-512. */
function wordsOf(seed: Py, on: Context): number[] {
  let hex: string;
  if (isText(seed)) {
    const bytes = bytesOf(seed);
    hex = hexOf(bytes) + hexOf(on.engine.effects.digest('sha512', bytes));
  } else {
    if (isFloat(seed)) fail('a seed is a text or a whole number');
    hex = Math.abs(intArgument(seed, 'a seed')).toString(16);
  }
  const words: number[] = [];
  for (let end = hex.length; end > 0; end -= 8)
    words.push(Number.parseInt(hex.slice(Math.max(0, end - 8), end), 16));
  while (words.length > 1 && words.at(-1) === 0) words.pop();
  return words;
}

function randomOf(seed: Py, on: Context): Random {
  if (seed !== null) return makeRandom(wordsOf(seed, on));
  return { below: (end) => Math.floor(on.engine.effects.random() * end) };
}

function drawNumber(end: number, start: Py, step: Py, random: Random): Py {
  const from = start !== null && isTrue(start) ? intArgument(start) : 0;
  const by = step !== null && isTrue(step) ? intArgument(step) : 1;
  const count = Math.ceil((end - from) / by);
  return count <= 0 ? fail('empty range for randrange()') : from + by * random.below(count);
}

function drawMember(value: Py, random: Random): Py {
  if (!isIterable(value)) return fail('random can only be used on sequences and integers');
  const items = itemsOf(value);
  if (items.length === 0) return fail('Cannot choose from an empty sequence');
  return items[random.below(items.length)] ?? null;
}

const random = plugin(
  'end start= step= seed=',
  (on, [end, start = null, step = null, seed = null]) => {
    const drawn = randomOf(seed, on);
    if (kindOf(end) === 'int' || kindOf(end) === 'bool')
      return drawNumber(numberIn(end) ?? 0, start, step, drawn);
    if ([start, step].some((bound) => bound !== null && isTrue(bound)))
      fail('start and step can only be used with integer values');
    return drawMember(end, drawn);
  },
);

const shuffle = plugin('value seed=', (on, [value, seed = null]) => {
  if (!isIterable(value)) return value;
  const items = [...itemsOf(value)];
  const drawn = randomOf(seed !== null && isTrue(seed) ? seed : null, on);
  for (let at = items.length - 1; at > 0; at--) {
    const other = drawn.below(at + 1);
    [items[at], items[other]] = [items[other] ?? null, items[at] ?? null];
  }
  return items;
});

/** Filters that draw lots; with a `seed` the same ones as Ansible. */
export const randomFilters: Plugins = { random, shuffle };
