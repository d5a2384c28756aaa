import { textLength } from './iterate.ts';
import { fail } from './values.ts';

/** White space as Python's `str.strip` and `str.split` see it. */
const blank = '\\s\\x1c-\\x1f\\x85';
const leading = new RegExp(`^[${blank}]+`);
const trailing = new RegExp(`[${blank}]+$`);
const run = new RegExp(`[${blank}]+`);

export function stripText(
  text: string,
  letters: string | undefined,
  ends: 'both' | 'left' | 'right',
): string {
  if (letters === undefined) {
    const left = ends === 'right' ? text : text.replace(leading, '');
    return ends === 'left' ? left : left.replace(trailing, '');
  }
  const set = new Set(letters);
  const signs = [...text];
  let from = 0;
  let to = signs.length;
  while (ends !== 'right' && from < to && set.has(signs[from] ?? '')) from++;
  while (ends !== 'left' && to > from && set.has(signs[to - 1] ?? '')) to--;
  return signs.slice(from, to).join('');
}

/** Python's `split` and `rsplit`; without a separator at runs of white space. */
export function splitText(
  text: string,
  separator: string | undefined,
  limit: number,
  fromEnd = false,
): string[] {
  if (separator === '') fail('empty separator');
  const parts =
    separator === undefined
      ? stripText(text, undefined, 'both')
          .split(run)
          .filter((part) => part !== '')
      : text.split(separator);
  if (limit < 0 || parts.length <= limit + 1) return parts;
  if (separator === undefined) return splitBlank(text, limit, fromEnd);
  const join = (some: string[]): string => some.join(separator);
  return fromEnd
    ? [join(parts.slice(0, -limit || undefined)), ...(limit > 0 ? parts.slice(-limit) : [])]
    : [...parts.slice(0, limit), join(parts.slice(limit))];
}

/** What is left over keeps its inner white space. */
function splitBlank(text: string, limit: number, fromEnd: boolean): string[] {
  const parts: string[] = [];
  let rest = stripText(text, undefined, 'both');
  const word = new RegExp(
    fromEnd ? `^([\\s\\S]*?)[${blank}]+([^${blank}]+)$` : `^([^${blank}]+)[${blank}]+([\\s\\S]*)$`,
  );
  while (parts.length < limit) {
    const found = word.exec(rest);
    if (!found) break;
    parts.push((fromEnd ? found[2] : found[1]) ?? '');
    rest = (fromEnd ? found[1] : found[2]) ?? '';
  }
  return fromEnd ? [rest, ...parts.reverse()] : [...parts, rest];
}

export function capitalize(text: string): string {
  const [first = '', ...rest] = text;
  return first.toUpperCase() + rest.join('').toLowerCase();
}

/** Python's `title`: every run of letters begins with a capital. */
export function titleCase(text: string): string {
  return text.replaceAll(/\p{L}+/gu, capitalize);
}

export function swapCase(text: string): string {
  return text.replaceAll(/\p{L}/gu, (letter) =>
    letter === letter.toUpperCase() ? letter.toLowerCase() : letter.toUpperCase(),
  );
}

export function padText(
  text: string,
  width: number,
  how: 'left' | 'right' | 'center' | 'zeros',
  fill: string,
): string {
  if (textLength(fill) !== 1) fail('The fill character must be exactly one character long');
  const missing = width - textLength(text);
  if (missing <= 0) return text;
  if (how === 'left') return text + fill.repeat(missing);
  if (how === 'right') return fill.repeat(missing) + text;
  if (how === 'zeros') return text.replace(/^[-+]?/, (sign) => sign + fill.repeat(missing));
  // Python puts the odd one to the left of a text of odd width
  const left = Math.floor(missing / 2) + (missing & width & 1);
  return fill.repeat(left) + text + fill.repeat(missing - left);
}
