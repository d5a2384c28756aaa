import { compileRegex } from '../../../model/python-regex.ts';
import type { Editing } from './edit-file.ts';
import type { AttributeWish } from './path-attributes.ts';
import { binaryText, splitAnyLines } from './text-lines.ts';

/** The arguments of `blockinfile`. */
export interface BlockArgs extends AttributeWish {
  readonly path: string;
  readonly state: string;
  readonly marker: string;
  readonly block: string;
  readonly insertafter: string | undefined;
  readonly insertbefore: string | undefined;
  readonly create: boolean;
  readonly backup: boolean;
  readonly validate: string | undefined;
  readonly marker_begin: string;
  readonly marker_end: string;
  readonly unsafe_writes: boolean;
}

/** Edits a file as Ansible's `blockinfile` does; `undefined` is a file that is not there yet. Text is one character per byte. */
export function editBlock(text: string | undefined, args: BlockArgs): Editing {
  const lines = splitAnyLines(text ?? '');
  const begin = `${binaryText(args.marker.replaceAll('{mark}', args.marker_begin))}\n`;
  const end = `${binaryText(args.marker.replaceAll('{mark}', args.marker_end))}\n`;
  const block = binaryText(args.block);
  const isWanted = args.state === 'present' && block !== '';
  const added = isWanted
    ? [begin, ...splitAnyLines(block.endsWith('\n') ? block : `${block}\n`), end]
    : [];
  const place = findBlock(lines, begin, end) ?? findPlace(text ?? '', lines, args);
  if ('failed' in place) return place;
  const before = lines.slice(0, place.from);
  const last = before.at(-1);
  if (last !== undefined && !last.endsWith('\n')) before[before.length - 1] = `${last}\n`;
  const result = [...before, ...added, ...lines.slice(place.to)].join('');
  if (result === text) return { text: result, changed: false, msg: '' };
  if (text === undefined) return { text: result, changed: true, msg: 'File created' };
  return { text: result, changed: true, msg: isWanted ? 'Block inserted' : 'Block removed' };
}

interface Place {
  /** Lines from here up to `to` are replaced. */
  readonly from: number;
  readonly to: number;
}

function findBlock(lines: readonly string[], begin: string, end: string): Place | undefined {
  const first = lines.lastIndexOf(begin);
  const last = lines.lastIndexOf(end);
  if (first === -1 || last === -1) return undefined;
  return { from: Math.min(first, last), to: Math.max(first, last) + 1 };
}

function findPlace(
  text: string,
  lines: readonly string[],
  { insertafter, insertbefore }: BlockArgs,
): Place | { readonly failed: string } {
  const at = (line: number): Place => ({ from: line, to: line });
  if (insertbefore === 'BOF') return at(0);
  const written = insertafter ?? insertbefore;
  if (written === undefined || insertafter === 'EOF') return at(lines.length);
  const pattern = compileRegex(binaryText(written), { bytes: true });
  if ('problem' in pattern) return { failed: `a pattern cannot be read: ${pattern.problem}` };
  const isAfter = insertafter !== undefined;
  // a pattern that minds several lines at once is looked for in the whole text
  if (/^\(\?[a-z]*m/.test(written)) {
    const match = pattern.regex.exec(text);
    if (!match) return at(lines.length);
    const upTo = isAfter ? match.index + match[0].length : match.index;
    const line = text.slice(0, upTo).split('\n').length - 1;
    return at(Math.min(isAfter ? line + 1 : line, lines.length));
  }
  const found = lines.findLastIndex((line) => pattern.regex.test(line));
  if (found === -1) return at(lines.length);
  return at(isAfter ? found + 1 : found);
}
