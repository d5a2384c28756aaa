import { anyText } from '../arguments.ts';
import type { Context } from '../context.ts';
import { dictGet } from '../dict.ts';
import { findFile } from '../find-file.ts';
import { itemsOf } from '../iterate.ts';
import { parseIni } from '../parse-ini.ts';
import { type Plugins, plugin } from '../plugin.ts';
import { pythonPattern } from '../python-pattern.ts';
import { type Dict, fail, type Py } from '../values.ts';

/** Takes `name=value` words off a term: `key section=x file=y`. */
export function readTerm(term: string): {
  readonly first: string;
  readonly options: ReadonlyMap<string, string>;
} {
  const [first = '', ...rest] = term.trim().split(/\s+/);
  const options = new Map<string, string>();
  for (const word of rest) {
    const [, name, value] = /^(\w+)=(.*)$/s.exec(word) ?? [];
    if (name !== undefined && value !== undefined)
      options.set(name, value.replaceAll(/^(['"])(.*)\1$/g, '$2'));
  }
  return { first, options };
}

function readFile(name: string, on: Context): string {
  const path = findFile(name, 'files', on);
  const text = path === undefined ? undefined : on.engine.effects.readText(path);
  return text ?? fail(`could not locate file in lookup: ${name}`);
}

const ini = plugin('terms **named', (on, [terms, named]) =>
  itemsOf(terms).flatMap((term): Py[] => {
    const { first: key, options } = readTerm(anyText(term));
    const option = (name: string, other: string): string =>
      options.get(name) ?? anyText(dictGet(named as Dict, name) ?? other);
    const isTable = option('type', 'ini') === 'ini';
    const text = readFile(option('file', 'ansible.ini'), on);
    const isExact = option('case_sensitive', 'False').toLowerCase() === 'true';
    const sections = parseIni(isTable ? text : `[java_properties]\n${text}`, isExact);
    const section = sections.get(isTable ? option('section', 'global') : 'java_properties');
    if (option('re', 'False').toLowerCase() === 'true') {
      const { regex } = pythonPattern(key, '', 'match', 0);
      return [...(section ?? [])].filter(([name]) => regex.test(name)).map(([, value]) => value);
    }
    const value = section?.get(isExact ? key : key.toLowerCase());
    return [value ?? option('default', '')];
  }),
);

/** Rows of a CSV text: quotes protect delimiters, line ends and, doubled, themselves. */
export function parseCsv(text: string, delimiter: string): string[][] {
  const mark = delimiter.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
  const cell = new RegExp(`("(?:[^"]|"")*"[^${mark}\\n]*|[^${mark}\\n]*)(${mark}|\\n|$)`, 'g');
  const rows: string[][] = [[]];
  for (const [whole, written = '', end] of text.matchAll(cell)) {
    const content = end === delimiter ? written : written.replace(/\r$/, '');
    rows.at(-1)?.push(unquoteCell(content));
    if (end === '\n') rows.push([]);
    if (whole === '' || end === '') break;
  }
  return rows.filter((row) => row.length > 1 || row[0] !== '');
}

function unquoteCell(cell: string): string {
  const [, quoted, rest = ''] = /^"((?:[^"]|"")*)"([\s\S]*)$/.exec(cell) ?? [];
  return quoted === undefined ? cell : quoted.replaceAll('""', '"') + rest;
}

const csvfile = plugin('terms **named', (on, [terms, named]) =>
  itemsOf(terms).flatMap((term): Py[] => {
    const { first: key, options } = readTerm(anyText(term));
    const option = (name: string, other: string): string =>
      options.get(name) ?? anyText(dictGet(named as Dict, name) ?? other);
    const written = option('delimiter', 'TAB');
    const delimiter = written === 'TAB' || written === 't' || written === '\\t' ? '\t' : written;
    const rows = parseCsv(readFile(option('file', 'ansible.csv'), on), delimiter);
    const row = rows.find(([name]) => name === key);
    const value = row?.[Number(option('col', '1'))];
    const fallback = dictGet(named as Dict, 'default');
    if (row && value === undefined) return fail('csvfile: list index out of range');
    return value === undefined ? (fallback === undefined ? [] : [fallback]) : [value];
  }),
);

/** Lookups that find a value in a table. */
export const tableLookups: Plugins = { ini, csvfile };
