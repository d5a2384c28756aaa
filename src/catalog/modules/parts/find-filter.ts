import { compileRegex } from '../../../model/python-regex.ts';
import type { FindArgs } from './find-args.ts';
import { compileGlob } from './fnmatch.ts';
import { baseOf } from './paths.ts';
import type { StatValues } from './stat-fields.ts';

/** Something that `find` came across; `depth` is 1 for what is right in the folder. */
export interface Entry {
  readonly path: string;
  readonly depth: number;
  readonly fields: StatValues;
}

/** Tells which entries are meant, as far as names and `stat` tell. */
export type EntryFilter = (entry: Entry, nowSeconds: number) => boolean;

/** Reads the filters of `find`; the problem is a sentence. */
export function compileFilter(args: FindArgs): EntryFilter | { readonly problem: string } {
  const wanted = args.patterns.length > 0 ? args.patterns : [args.use_regex ? '.*' : '*'];
  const names = compileNames(wanted, args.use_regex);
  const unwanted = compileNames(args.excludes ?? [], args.use_regex);
  if ('problem' in names) return names;
  if ('problem' in unwanted) return unwanted;
  const age = readAmount(args.age, ageUnits);
  const size = readAmount(args.size, sizeUnits);
  if (Number.isNaN(age)) return { problem: 'failed to process age' };
  if (Number.isNaN(size)) return { problem: 'failed to process size' };
  const isNamed = (name: string) =>
    names.some((each) => each.test(name)) && !unwanted.some((each) => each.test(name));
  return (entry, now) =>
    (args.depth === undefined || args.depth === 0 || entry.depth <= args.depth) &&
    (args.hidden || !baseOf(entry.path).startsWith('.')) &&
    isOfType(entry, args.file_type) &&
    isNamed(baseOf(entry.path)) &&
    isOld(now - Number(entry.fields[args.age_stamp]), age) &&
    isLarge(entry, args.file_type, size);
}

function compileNames(
  patterns: readonly string[],
  isRegex: boolean,
): readonly RegExp[] | { readonly problem: string } {
  const compiled: RegExp[] = [];
  for (const pattern of patterns) {
    const read = isRegex
      ? compileRegex(pattern, { how: 'match' })
      : { regex: compileGlob(pattern) };
    if ('problem' in read) return { problem: `a pattern cannot be read: ${read.problem}` };
    compiled.push(read.regex);
  }
  return compiled;
}

type Units = { readonly [unit: string]: number };
const ageUnits: Units = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };
const sizeUnits: Units = { b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 };

function readAmount(text: string | undefined, units: Units): number | undefined {
  if (text === undefined) return undefined;
  const [, digits, unit] = /^(-?\d+)([a-z])?$/.exec(text.toLowerCase()) ?? [];
  const factor = unit === undefined ? 1 : units[unit];
  return digits === undefined || factor === undefined ? Number.NaN : Number(digits) * factor;
}

function isOfType({ fields }: Entry, type: string): boolean {
  if (type === 'directory') return fields['isdir'] === true;
  if (type === 'link') return fields['islnk'] === true;
  return type === 'any' || fields['isreg'] === true;
}

// a negative age or size means at most so much, any other at least
function isOld(seconds: number, age: number | undefined): boolean {
  if (age === undefined) return true;
  return age >= 0 ? seconds >= age : seconds <= -age;
}

function isLarge({ fields }: Entry, type: string, size: number | undefined): boolean {
  if (size === undefined || fields['isreg'] !== true || (type !== 'file' && type !== 'any'))
    return true;
  return size >= 0 ? Number(fields['size']) >= size : Number(fields['size']) <= -size;
}
