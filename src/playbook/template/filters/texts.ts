import { anyText, intArgument, textArgument } from '../arguments.ts';
import { isTrue } from '../compare.ts';
import { type Context, grow } from '../context.ts';
import { dictSize } from '../dict.ts';
import { itemsOf, textLength } from '../iterate.ts';
import { replaceText } from '../methods-of-text.ts';
import { formatPercent } from '../percent-format.ts';
import { type Plugin, type Plugins, plugin } from '../plugin.ts';
import { capitalize, padText, splitText, stripText } from '../text-forms.ts';
import { splitLines } from '../text-lines.ts';
import { type Dict, fail, isText, makeTuple } from '../values.ts';

const form = (change: (text: string) => string): Plugin =>
  plugin('value', (_, [value]) => change(anyText(value)));

/** Jinja2's `title`: words begin after white space, hyphens and opening brackets only. */
function titleWords(text: string): string {
  return text
    .split(/([-\s({[<]+)/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase())
    .join('');
}

const format = plugin('value *args **named', (_, [value, args, named]) => {
  const [positional, byName] = [itemsOf(args), named as Dict];
  if (positional.length > 0 && dictSize(byName) > 0)
    fail("can't handle positional and keyword arguments at the same time");
  return formatPercent(anyText(value), dictSize(byName) > 0 ? byName : makeTuple(positional));
});

function blanks(count: number, on: Context): string {
  grow(on.run, Math.max(0, count));
  return ' '.repeat(Math.max(0, count));
}

const indent = plugin(
  'value width= first= blank=',
  (on, [value, width = 4, first = false, blank = false]) => {
    const margin = isText(width) ? width : blanks(intArgument(width), on);
    const [head = '', ...rest] = splitLines(`${anyText(value)}\n`, false);
    grow(on.run, margin.length * rest.length);
    const lines = rest.map((line) => (line === '' && !isTrue(blank) ? line : margin + line));
    const text = (isTrue(first) ? margin : '') + [head, ...lines].join('\n');
    grow(on.run, text.length);
    return text;
  },
);

const truncate = plugin(
  'value length= killwords= end= leeway=',
  (_, [value, length = 255, killwords = false, end = '...', leeway = null]) => {
    const text = anyText(value);
    const [size, ending] = [intArgument(length), anyText(end)];
    if (size < textLength(ending)) fail(`expected length >= ${textLength(ending)}, got ${size}`);
    const tolerance = leeway === null ? 5 : intArgument(leeway);
    if (textLength(text) <= size + tolerance) return text;
    const cut = [...text].slice(0, size - textLength(ending)).join('');
    return (isTrue(killwords) ? cut : (splitText(cut, ' ', 1, true)[0] ?? '')) + ending;
  },
);

/** Filters for text. */
export const textFilters: Plugins = {
  upper: form((text) => text.toUpperCase()),
  lower: form((text) => text.toLowerCase()),
  capitalize: form(capitalize),
  title: form(titleWords),
  string: form((text) => text),
  trim: plugin('value chars=', (_, [value, chars = null]) =>
    stripText(anyText(value), chars === null ? undefined : textArgument(chars), 'both'),
  ),
  center: plugin('value width=', (on, [value, width = 80]) => {
    grow(on.run, intArgument(width));
    return padText(anyText(value), intArgument(width), 'center', ' ');
  }),
  replace: plugin('value old new count=', (on, [value, old, by, count = null]) => {
    const limit = count === null ? -1 : intArgument(count);
    const text = replaceText(anyText(value), anyText(old), anyText(by), limit);
    grow(on.run, text.length);
    return text;
  }),
  split: plugin('value sep= maxsplit=', (_, [value, separator = null, limit = -1]) =>
    splitText(
      textArgument(value, 'what is split'),
      separator === null ? undefined : textArgument(separator),
      intArgument(limit),
    ),
  ),
  wordcount: plugin(
    'value',
    (_, [value]) => (anyText(value).match(/[\p{L}\p{N}_]+/gu) ?? []).length,
  ),
  format,
  indent,
  truncate,
};
