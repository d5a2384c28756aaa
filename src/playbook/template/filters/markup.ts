import { anyText, intArgument } from '../arguments.ts';
import { isTrue } from '../compare.ts';
import { dictEntries } from '../dict.ts';
import { itemsOf } from '../iterate.ts';
import { renderJson } from '../json-text.ts';
import { toFixed } from '../number-text.ts';
import { type Plugins, plugin } from '../plugin.ts';
import { isDict, isText, isUndefined, kindOf, numberIn, type Py } from '../values.ts';

const signs: { readonly [sign: string]: string } = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  "'": '&#39;',
  '"': '&#34;',
};

function escapeMarkup(value: Py): string {
  return anyText(value).replaceAll(/[&<>'"]/g, (sign) => signs[sign] ?? sign);
}

const escapeFilter = plugin('value', (_, [value]) => escapeMarkup(value));

const entities: { readonly [name: string]: string } = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
};

function stripTags(text: string): string {
  const bare = text.replaceAll(/<!--[\s\S]*?-->/g, '').replaceAll(/<[^>]*>/g, '');
  const plain = bare.split(/\s+/).filter(Boolean).join(' ');
  return plain.replaceAll(/&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi, (whole, decimal, hex, name) => {
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex as string, 16));
    return entities[name as string] ?? whole;
  });
}

const unreserved = /[A-Za-z0-9_.~-]/;
const encoder = new TextEncoder();

/** Percent-encodes what may not stand in a URL. */
export function quoteUrl(text: string, safe: string): string {
  return Array.from(encoder.encode(text), (byte) => {
    const sign = String.fromCharCode(byte);
    const isSafe = byte < 0x80 && (unreserved.test(sign) || safe.includes(sign));
    return isSafe ? sign : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }).join('');
}

function urlEncode(value: Py): string {
  if (isText(value) || (!isDict(value) && kindOf(value) !== 'list' && kindOf(value) !== 'tuple'))
    return quoteUrl(anyText(value), '/');
  const pairs = isDict(value)
    ? dictEntries(value).map(([key, item]): Py[] => [key, item])
    : itemsOf(value).map((pair) => [...itemsOf(pair)]);
  const quote = (item: Py): string => quoteUrl(anyText(item), '').replaceAll('%20', '+');
  return pairs.map(([key = '', item = '']) => `${quote(key)}=${quote(item)}`).join('&');
}

const units = ['k', 'M', 'G', 'T', 'P', 'E', 'Z', 'Y'];

function fileSize(bytes: number, isBinary: boolean): string {
  const base = isBinary ? 1024 : 1000;
  if (bytes === 1) return '1 Byte';
  if (bytes < base) return `${Math.trunc(bytes)} Bytes`;
  const power = units.findIndex((_, index) => bytes < base ** (index + 2));
  const index = power === -1 ? units.length - 1 : power;
  const unit = units[index] ?? '';
  const name = isBinary ? `${unit.toUpperCase()}iB` : `${unit}B`;
  return `${toFixed((base * bytes) / base ** (index + 2), 1)} ${name}`;
}

/** Filters for HTML, URLs and sizes, as Jinja2 has them. Text that is escaped stays plain text here. */
export const markupFilters: Plugins = {
  escape: escapeFilter,
  e: escapeFilter,
  forceescape: escapeFilter,
  safe: plugin('value', (_, [value]) => anyText(value)),
  striptags: plugin('value', (_, [value]) => stripTags(anyText(value))),
  urlencode: plugin('value', (_, [value]) => urlEncode(value)),
  xmlattr: plugin('value autospace=', (_, [value, space = true]) => {
    if (!isDict(value)) return '';
    const written = dictEntries(value)
      .filter(([, item]) => item !== null && !isUndefined(item))
      .map(([key, item]) => `${escapeMarkup(key)}="${escapeMarkup(item)}"`)
      .join(' ');
    return isTrue(space) && written !== '' ? ` ${written}` : written;
  }),
  filesizeformat: plugin('value binary=', (_, [value, binary = false]) =>
    fileSize(isText(value) ? Number(value) : (numberIn(value) ?? 0), isTrue(binary)),
  ),
  tojson: plugin('value indent=', (_, [value, indent = null]) => {
    const margin = indent === null ? undefined : intArgument(indent);
    const text = renderJson(value, { indent: margin, sortKeys: true });
    return text.replaceAll(/[<>&']/g, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`);
  }),
};
