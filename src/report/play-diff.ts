import { printableLines } from '../model/display.ts';
import { isMapping, type Value } from '../model/value.ts';

const contextLines = 3;
/** Beyond this many lines a comparison line by line would take too long to be worth it. */
const longestText = 4_000;

/** Diffs of a task's result, as lines: `--- before`, `+++ after` and the lines that differ with three around them. */
export function renderDiffs(diffs: readonly Value[]): string[] {
  return diffs.flatMap((diff) => (isMapping(diff) ? renderDiff(diff) : []));
}

function renderDiff(diff: { readonly [key: string]: Value }): string[] {
  const { prepared } = diff;
  if (typeof prepared === 'string') return printableLines(prepared).map((line) => `  ${line}`);
  const before = textLines(diff['before']);
  const after = textLines(diff['after']);
  const body = compareLines(before, after);
  if (body.length === 0) return [];
  const head = (key: string, fallback: string): string => {
    const text = diff[key];
    return typeof text === 'string' && text !== '' ? `${fallback}: ${text}` : fallback;
  };
  return [
    ...printableLines(`--- ${head('before_header', 'before')}`),
    ...printableLines(`+++ ${head('after_header', 'after')}`),
    ...body,
  ].map((line) => `  ${line}`);
}

function textLines(value: Value | undefined): string[] {
  if (value === undefined || value === null) return [];
  return printableLines(typeof value === 'string' ? value : JSON.stringify(value, null, 2));
}

interface Edit {
  readonly sign: ' ' | '-' | '+';
  readonly line: string;
}

function compareLines(before: readonly string[], after: readonly string[]): string[] {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head += 1;
  let tail = 0;
  while (
    tail < before.length - head &&
    tail < after.length - head &&
    before[before.length - 1 - tail] === after[after.length - 1 - tail]
  )
    tail += 1;
  const old = before.slice(head, before.length - tail);
  const fresh = after.slice(head, after.length - tail);
  if (old.length === 0 && fresh.length === 0) return [];
  const edits =
    old.length * fresh.length > longestText ** 2 / 4 ? replaceAll(old, fresh) : editsOf(old, fresh);
  const around = (lines: readonly string[]): Edit[] => lines.map((line) => ({ sign: ' ', line }));
  const from = Math.max(0, head - contextLines);
  const to = before.length - tail;
  const shown = [
    ...around(before.slice(from, head)),
    ...edits,
    ...around(before.slice(to, to + contextLines)),
  ];
  return shown.map(({ sign, line }) => `${sign}${line}`);
}

function replaceAll(old: readonly string[], fresh: readonly string[]): Edit[] {
  return [
    ...old.map((line) => ({ sign: '-' as const, line })),
    ...fresh.map((line) => ({ sign: '+' as const, line })),
  ];
}

/** The shortest edits from one list of lines to another, by the longest common subsequence. */
function editsOf(old: readonly string[], fresh: readonly string[]): Edit[] {
  const left = commonLengths(old, fresh);
  const edits: Edit[] = [];
  let i = 0;
  let j = 0;
  while (i < old.length && j < fresh.length) {
    const [a = '', b = ''] = [old[i], fresh[j]];
    const same = a === b;
    const drop = !same && left(i + 1, j) >= left(i, j + 1);
    edits.push(
      same ? { sign: ' ', line: a } : drop ? { sign: '-', line: a } : { sign: '+', line: b },
    );
    if (same || drop) i += 1;
    if (same || !drop) j += 1;
  }
  return [...edits, ...replaceAll(old.slice(i), fresh.slice(j))];
}

/** How long the longest common subsequence is from any line of both on. */
function commonLengths(old: readonly string[], fresh: readonly string[]) {
  const width = fresh.length + 1;
  const longest = new Uint32Array((old.length + 1) * width);
  const at = (i: number, j: number): number => longest[i * width + j] ?? 0;
  for (let i = old.length - 1; i >= 0; i -= 1)
    for (let j = fresh.length - 1; j >= 0; j -= 1)
      longest[i * width + j] =
        old[i] === fresh[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  return at;
}
