import { parseAddress } from './host-address.ts';

/** Names one pattern may stand for; more is a slip of the pen. */
const maxNames = 100_000;

const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** The hosts a key of an inventory stands for, or what is wrong with it. */
export type ExpandedHosts =
  | { readonly names: readonly string[]; readonly port?: number }
  | { readonly problem: string; readonly hint: string };

/** Expands a host as written in an inventory: a `:port` is split off, every `[begin:end:step]` counted out, with its leading zeros (Ansible's host ranges). */
export function expandHosts(pattern: string): ExpandedHosts {
  const address = parseAddress(pattern);
  const text = address?.host ?? pattern;
  const port = address?.port === undefined ? {} : { port: address.port };
  let heads = [''];
  let rest = text;
  for (let open = rest.indexOf('['); open !== -1; open = rest.indexOf('[')) {
    const close = rest.indexOf(']', open);
    if (close === -1) return refuse(pattern, 'a [ is not closed');
    const members = countOut(rest.slice(open + 1, close));
    if (typeof members === 'string') return refuse(pattern, members);
    if (heads.length * members.length > maxNames)
      return refuse(pattern, `it stands for more than ${maxNames} hosts`);
    const before = rest.slice(0, open);
    heads = heads.flatMap((head) => members.map((member) => head + before + member));
    rest = rest.slice(close + 1);
  }
  return { names: heads.map((head) => head + rest), ...port };
}

function refuse(pattern: string, reason: string): ExpandedHosts {
  return {
    problem: `"${pattern}" is not a host range: ${reason}`,
    hint: 'write a range as pc[01:24], pc[1:24], pc[a:f] or, with a step, pc[01:24:2]',
  };
}

/** The members of one `[...]`, or the reason why there are none. */
function countOut(range: string): string[] | string {
  const [begin = '', end = '', step = '1', ...more] = range.split(':');
  if (!range.includes(':') || more.length > 0) return 'it takes begin:end or begin:end:step';
  if (!/^[1-9]\d{0,8}$/.test(step)) return `the step ${step} is not a number from 1`;
  if (/^[A-Za-z]$/.test(begin) && /^[A-Za-z]$/.test(end))
    return countLetters(begin, end, Number(step));
  return countNumbers(begin || '0', end, Number(step));
}

function countLetters(begin: string, end: string, step: number): string[] | string {
  const first = letters.indexOf(begin);
  const last = letters.indexOf(end);
  if (first > last) return 'it ends before it begins';
  return [...letters.slice(first, last + 1)].filter((_, index) => index % step === 0);
}

function countNumbers(begin: string, end: string, step: number): string[] | string {
  if (!/^\d{1,9}$/.test(begin) || !/^\d{1,9}$/.test(end))
    return 'begin and end are two numbers or two letters';
  const width = begin.startsWith('0') && begin.length > 1 ? begin.length : 0;
  if (width > 0 && width !== end.length)
    return `begin and end have the same number of digits when begin has a leading zero`;
  const count = Math.floor((Number(end) - Number(begin)) / step) + 1;
  if (count < 1) return 'it ends before it begins';
  if (count > maxNames) return `it stands for more than ${maxNames} hosts`;
  return Array.from({ length: count }, (_, index) =>
    String(Number(begin) + index * step).padStart(width, '0'),
  );
}
