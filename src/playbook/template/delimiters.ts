/** How a template is written: its delimiters, and what becomes of white space beside tags. */
export interface Notation {
  readonly trimBlocks: boolean;
  readonly lstripBlocks: boolean;
  readonly keepTrailingNewline: boolean;
  readonly newlineSequence: string;
  readonly variableStart: string;
  readonly variableEnd: string;
  readonly blockStart: string;
  readonly blockEnd: string;
  readonly commentStart: string;
  readonly commentEnd: string;
}

/** What Ansible uses for playbooks and, unless told otherwise, for files. */
export const ansibleNotation: Notation = {
  trimBlocks: true,
  lstripBlocks: false,
  keepTrailingNewline: false,
  newlineSequence: '\n',
  variableStart: '{{',
  variableEnd: '}}',
  blockStart: '{%',
  blockEnd: '%}',
  commentStart: '{#',
  commentEnd: '#}',
};

/** The patterns a notation is found by. */
export interface Delimiters {
  readonly start: RegExp;
  readonly commentEnd: RegExp;
  readonly rawEnd: RegExp;
  readonly variableEnd: RegExp;
  readonly blockEnd: RegExp;
}

const known = new Map<string, Delimiters>();

/** Makes the patterns of a notation, once. */
export function delimitersOf(notation: Notation): Delimiters {
  const key = JSON.stringify(notation);
  let found = known.get(key);
  if (!found) {
    found = makeDelimiters(notation);
    if (known.size > 100) known.clear();
    known.set(key, found);
  }
  return found;
}

function makeDelimiters(notation: Notation): Delimiters {
  const quote = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
  const blockStart = quote(notation.blockStart);
  const blockEnd = quote(notation.blockEnd);
  const commentEnd = quote(notation.commentEnd);
  const variableEnd = quote(notation.variableEnd);
  const suffix = notation.trimBlocks ? '\\n?' : '';
  const raw = `(?<raw>${blockStart}(?<rawSign>[-+]?)\\s*raw\\s*(?:-${blockEnd}\\s*|${blockEnd}))`;
  const starts = [
    ['comment', notation.commentStart],
    ['block', notation.blockStart],
    ['variable', notation.variableStart],
  ]
    .sort(([, a = ''], [, b = '']) => b.length - a.length)
    .map(([name, start = '']) => `(?<${name}>${quote(start)})`);
  const end = (mark: string, after: string): string =>
    `(?:\\+${mark}|-${mark}\\s*|${mark}${after})`;
  return {
    start: new RegExp(`${raw}|(?:${starts.join('|')})(?<sign>[-+]?)`, 'g'),
    commentEnd: new RegExp(end(commentEnd, suffix), 'g'),
    rawEnd: new RegExp(`${blockStart}(?<sign>[-+]?)\\s*endraw\\s*${end(blockEnd, suffix)}`, 'g'),
    variableEnd: new RegExp(`-${variableEnd}\\s*|${variableEnd}`, 'y'),
    blockEnd: new RegExp(end(blockEnd, suffix), 'y'),
  };
}
