import { intArgument, textArgument } from './arguments.ts';
import { isTrue } from './compare.ts';
import { type Context, grow } from './context.ts';
import { dictEntries } from './dict.ts';
import { formatText } from './format-text.ts';
import { itemsOf, sliceIndexes, textLength } from './iterate.ts';
import { type Bound, type Plugin, type Plugins, plugin } from './plugin.ts';
import { textPredicates } from './predicates-of-text.ts';
import { capitalize, padText, splitText, stripText, swapCase, titleCase } from './text-forms.ts';
import { splitLines } from './text-lines.ts';
import { type Dict, fail, isTuple, makeTuple, type Py } from './values.ts';

const own = (value: Py): string => value as string;
const form = (change: (text: string) => string): Plugin =>
  plugin('self', (_, [self]) => change(own(self)));

function strip(ends: 'both' | 'left' | 'right'): Plugin {
  return plugin('self chars=', (_, [self, chars = null]) =>
    stripText(own(self), chars === null ? undefined : textArgument(chars), ends),
  );
}

/** The part of a text between two places, and where it begins. */
function part([self, , from = null, to = null]: Bound): { text: string; start: number } {
  const text = own(self);
  const bound = (value: Py): number | undefined =>
    value === null ? undefined : intArgument(value);
  if (from === null && to === null) return { text, start: 0 };
  const letters = [...text];
  const indexes = sliceIndexes(letters.length, bound(from), bound(to), 1);
  const start = indexes[0] ?? 0;
  return { text: indexes.map((at) => letters[at] ?? '').join(''), start };
}

function find(fromEnd: boolean, message?: string): Plugin {
  return plugin('self sub start= end=', (_, args) => {
    const { text, start } = part(args);
    const wanted = textArgument(args[1]);
    const at = fromEnd ? text.lastIndexOf(wanted) : text.indexOf(wanted);
    if (at === -1) return message === undefined ? -1 : fail(message);
    return start + textLength(text.slice(0, at));
  });
}

function edge(matches: (text: string, end: string) => boolean): Plugin {
  return plugin('self affix start= end=', (_, args) => {
    const { text } = part(args);
    const wanted = isTuple(args[1]) ? itemsOf(args[1]) : [args[1]];
    return wanted.some((affix) => matches(text, textArgument(affix)));
  });
}

function pad(how: 'left' | 'right' | 'center'): Plugin {
  return plugin('self width fill=', (on, [self, width, fill = ' ']) => {
    const size = intArgument(width);
    grow(on.run, size);
    return padText(own(self), size, how, textArgument(fill));
  });
}

function splitBy(fromEnd: boolean): Plugin {
  return plugin('self sep= maxsplit=', (_, [self, separator = null, limit = -1]) =>
    splitText(
      own(self),
      separator === null ? undefined : textArgument(separator),
      intArgument(limit),
      fromEnd,
    ),
  );
}

function partition(fromEnd: boolean): Plugin {
  return plugin('self sep', (_, [self, separator]) => {
    const text = own(self);
    const mark = textArgument(separator);
    const at = fromEnd ? text.lastIndexOf(mark) : text.indexOf(mark);
    if (at === -1) return makeTuple(fromEnd ? ['', '', text] : [text, '', '']);
    return makeTuple([text.slice(0, at), mark, text.slice(at + mark.length)]);
  });
}

/** Methods of `str`. */
export const textMethods: Plugins = {
  ...textPredicates,
  upper: form((text) => text.toUpperCase()),
  lower: form((text) => text.toLowerCase()),
  casefold: form((text) => text.toLowerCase().replaceAll('ß', 'ss')),
  title: form(titleCase),
  capitalize: form(capitalize),
  swapcase: form(swapCase),
  strip: strip('both'),
  lstrip: strip('left'),
  rstrip: strip('right'),
  split: splitBy(false),
  rsplit: splitBy(true),
  partition: partition(false),
  rpartition: partition(true),
  splitlines: plugin('self keepends=', (_, [self, keep = false]) =>
    splitLines(own(self), isTrue(keep)),
  ),
  join: plugin('self items', (on, [self, items]) => {
    const joined = itemsOf(items)
      .map((item) => textArgument(item, 'sequence item'))
      .join(own(self));
    grow(on.run, joined.length);
    return joined;
  }),
  replace: plugin('self old new count=', (on, [self, old, by, count = -1]) => {
    const replaced = replaceText(
      own(self),
      textArgument(old),
      textArgument(by),
      intArgument(count),
    );
    grow(on.run, replaced.length);
    return replaced;
  }),
  find: find(false),
  rfind: find(true),
  index: find(false, 'substring not found'),
  rindex: find(true, 'substring not found'),
  count: plugin('self sub start= end=', (_, args) => {
    const { text } = part(args);
    const wanted = textArgument(args[1]);
    return wanted === '' ? textLength(text) + 1 : text.split(wanted).length - 1;
  }),
  startswith: edge((text, affix) => text.startsWith(affix)),
  endswith: edge((text, affix) => text.endsWith(affix)),
  removeprefix: plugin('self prefix', (_, [self, prefix]) => {
    const affix = textArgument(prefix);
    return own(self).startsWith(affix) ? own(self).slice(affix.length) : self;
  }),
  removesuffix: plugin('self suffix', (_, [self, suffix]) => {
    const affix = textArgument(suffix);
    return affix !== '' && own(self).endsWith(affix) ? own(self).slice(0, -affix.length) : self;
  }),
  zfill: plugin('self width', (on, [self, width]) => {
    grow(on.run, intArgument(width));
    return padText(own(self), intArgument(width), 'zeros', '0');
  }),
  ljust: pad('left'),
  rjust: pad('right'),
  center: pad('center'),
  expandtabs: plugin('self tabsize=', (on, [self, size = 8]) =>
    expandTabs(own(self), intArgument(size), on),
  ),
  format: plugin('self *args **named', (on, [self, rest, named]) =>
    formatText(
      own(self),
      {
        positional: itemsOf(rest),
        named: new Map(dictEntries(named as Dict).map(([name, value]) => [String(name), value])),
      },
      on,
    ),
  ),
};

/** Python's `replace`: all, or the first `count`. */
export function replaceText(text: string, old: string, by: string, count: number): string {
  if (count < 0) return text.replaceAll(old, () => by);
  let left = count;
  return text.replaceAll(old, (found) => (left-- > 0 ? by : found));
}

function expandTabs(text: string, size: number, on: Context): string {
  let column = 0;
  return text.replaceAll(/\t|\n|[^\t\n]+/g, (piece) => {
    if (piece === '\t') {
      const width = size > 0 ? size - (column % size) : 0;
      column += width;
      grow(on.run, width);
      return ' '.repeat(width);
    }
    column = piece === '\n' ? 0 : column + textLength(piece);
    return piece;
  });
}
