/** Names one text may stand for; more is a slip of the pen. */
const maxNames = 100_000;

/** A name split at its number: `pc01.lab` is `pc`, `01`, `.lab`. */
interface Split {
  readonly before: string;
  readonly digits: string;
  readonly after: string;
}

/** Names that share everything but the number, in the order of their first member. */
interface Family {
  readonly before: string;
  readonly after: string;
  readonly members: string[];
}

/** Folds host names as reports show them, `pc[01-03,07],srv1`: families in the order given, numbers sorted, leading zeros kept. Expanding gives the same names. */
export function foldNames(names: readonly string[]): string {
  const families = new Map<string, Family>();
  for (const name of new Set(names)) {
    const split = splitName(name);
    const key = split ? `${split.before}\0${split.after}` : `${name}\0\0`;
    const family = families.get(key);
    if (family) family.members.push(split?.digits ?? '');
    else
      families.set(key, {
        before: split?.before ?? name,
        after: split?.after ?? '',
        members: [split?.digits ?? ''],
      });
  }
  return [...families.values()].map(foldFamily).join(',');
}

function foldFamily({ before, after, members }: Family): string {
  const [only = ''] = members;
  return members.length === 1
    ? `${before}${only}${after}`
    : `${before}[${foldNumbers(members)}]${after}`;
}

/** Splits at the last number of the first label; of an IPv4 address at its last number. Names with other signs stay whole. */
function splitName(name: string): Split | undefined {
  const expression = /^\d+\.\d+\.\d+\.\d+$/.test(name)
    ? /^(?<before>.*\.)(?<digits>\d{1,15})(?<after>)$/
    : /^(?<before>[\p{L}\p{N}_-]*?)(?<digits>\d{1,15})(?<after>[\p{L}_-]*(?:\.[\p{L}\p{N}._-]*)?)$/u;
  const { before = '', digits = '', after = '' } = expression.exec(name)?.groups ?? {};
  return digits === '' ? undefined : { before, digits, after };
}

function foldNumbers(members: readonly string[]): string {
  const sorted = [...members].sort((a, b) => Number(a) - Number(b) || a.length - b.length);
  const runs: { first: string; last: string }[] = [];
  const awaited = new Map<string, { first: string; last: string }>();
  for (const digits of sorted) {
    const run = awaited.get(digits) ?? { first: digits, last: digits };
    if (!awaited.delete(digits)) runs.push(run);
    run.last = digits;
    const next = digitsAfter(run.first, digits);
    if (next !== undefined) awaited.set(next, run);
  }
  return runs.map(({ first, last }) => (first === last ? first : `${first}-${last}`)).join(',');
}

/** The digits that a run which began with `first` counts on to; undefined where leading zeros would run out. */
function digitsAfter(first: string, last: string): string | undefined {
  const next = String(Number(last) + 1);
  if (!first.startsWith('0')) return next;
  return next.length > first.length ? undefined : next.padStart(first.length, '0');
}

/** What a text with ranges stands for: its names, or what is wrong with the ranges. */
export type ExpandedNames = { readonly names: readonly string[] } | { readonly problem: string };

/** Expands host names written with ranges, `pc[01-03,07]` or `pc[01:24]`, as `foldNames` writes them; undefined when there is no range in the text. */
export function expandNames(text: string): ExpandedNames | undefined {
  const parts = text.split(/\[([^[\]]*)\]/);
  if (parts.length === 1) return undefined;
  let names = [''];
  for (const [index, part] of parts.entries()) {
    const members = index % 2 === 0 ? [part] : countOut(part);
    if (typeof members === 'string') return { problem: members };
    if (names.length * members.length > maxNames)
      return { problem: `it stands for more than ${maxNames} names` };
    names = names.flatMap((name) => members.map((member) => name + member));
  }
  return { names };
}

function countOut(list: string): string[] | string {
  const members: string[] = [];
  for (const item of list.split(',')) {
    const [, first = '', last = first] =
      /^(\d{1,15}|[A-Za-z])(?:[:-](\d{1,15}|[A-Za-z]))?$/.exec(item) ?? [];
    const counted = countRange(first, last);
    if (typeof counted === 'string') return counted;
    members.push(...counted);
    if (members.length > maxNames) return `it stands for more than ${maxNames} names`;
  }
  return members;
}

function countRange(first: string, last: string): string[] | string {
  if (first === '' || /\d/.test(first) !== /\d/.test(last))
    return 'a range is two numbers or two letters, such as 01-24';
  const isNumber = /\d/.test(first);
  const start = isNumber ? Number(first) : first.charCodeAt(0);
  const count = (isNumber ? Number(last) : last.charCodeAt(0)) - start + 1;
  const width = first.startsWith('0') ? first.length : 0;
  if (count < 1) return `${first}-${last} ends before it begins`;
  if (width > 0 && last.length !== width)
    return `${first} and ${last} differ in the number of digits`;
  if (count > maxNames) return `it stands for more than ${maxNames} names`;
  return Array.from({ length: count }, (_, index) =>
    isNumber ? String(start + index).padStart(width, '0') : String.fromCharCode(start + index),
  );
}
