import { anyText, intArgument } from '../arguments.ts';
import { isTrue } from '../compare.ts';
import { grow } from '../context.ts';
import { textLength } from '../iterate.ts';
import { type Plugins, plugin } from '../plugin.ts';
import { splitLines } from '../text-lines.ts';
import { fail } from '../values.ts';

/** Splits a line where it may be broken: at white space and, if wanted, after hyphens between letters. */
function chunksOf(line: string, atHyphens: boolean): string[] {
  const words = line.match(/\s+|\S+/g) ?? [];
  if (!atHyphens) return [...words];
  return words.flatMap(
    (word) => word.match(/[^-]*[\p{L}]-+(?=[\p{L}])|.+?(?<=\p{L}\p{L}-)(?=\p{L})|.+$/gu) ?? [word],
  );
}

interface Wrapping {
  readonly width: number;
  readonly breaksWords: boolean;
  readonly atHyphens: boolean;
}

/** Python's `textwrap.wrap` for one line. */
function wrapLine(line: string, wrapping: Wrapping): string[] {
  const chunks = chunksOf(line, wrapping.atHyphens).reverse();
  const lines: string[] = [];
  while (chunks.length > 0) {
    if (lines.length > 0 && (chunks.at(-1) ?? '').trim() === '') chunks.pop();
    const trimmed = takeLine(chunks, wrapping).trimEnd();
    if (trimmed !== '') lines.push(trimmed);
  }
  return lines;
}

/** As many chunks as go into one line. */
function takeLine(chunks: string[], { width, breaksWords }: Wrapping): string {
  let line = '';
  for (let next = chunks.at(-1); next !== undefined; next = chunks.at(-1)) {
    if (textLength(line) + textLength(next) > width) {
      const space = breaksWords ? width - textLength(line) : 0;
      return textLength(next) > width ? line + takeLong(chunks, next, space, line) : line;
    }
    line += next;
    chunks.pop();
  }
  return line;
}

/** Part of a word that is longer than a line. */
function takeLong(chunks: string[], word: string, space: number, current: string): string {
  const signs = [...word];
  if (space > 0) {
    chunks[chunks.length - 1] = signs.slice(space).join('');
    return signs.slice(0, space).join('');
  }
  if (current !== '') return '';
  chunks.pop();
  return word;
}

const wordwrap = plugin(
  'value width= break_long_words= wrapstring= break_on_hyphens=',
  (on, [value, width = 79, breaks = true, between = null, hyphens = true]) => {
    const wrapping: Wrapping = {
      width: intArgument(width),
      breaksWords: isTrue(breaks),
      atHyphens: isTrue(hyphens),
    };
    if (wrapping.width <= 0) fail(`invalid width ${wrapping.width} (must be > 0)`);
    const newline = between === null ? '\n' : anyText(between);
    const text = splitLines(anyText(value), false)
      .map((line) => wrapLine(line, wrapping).join(newline))
      .join(newline);
    grow(on.run, text.length);
    return text;
  },
);

/** Filters that break lines. */
export const wrapFilters: Plugins = { wordwrap };
