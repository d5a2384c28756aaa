import { refuseSyntax } from './broken-syntax.ts';
import type { Notation } from './delimiters.ts';

const names: { readonly [key: string]: keyof Notation } = {
  trim_blocks: 'trimBlocks',
  lstrip_blocks: 'lstripBlocks',
  keep_trailing_newline: 'keepTrailingNewline',
  newline_sequence: 'newlineSequence',
  variable_start_string: 'variableStart',
  variable_end_string: 'variableEnd',
  block_start_string: 'blockStart',
  block_end_string: 'blockEnd',
  comment_start_string: 'commentStart',
  comment_end_string: 'commentEnd',
};

/** Reads a first line such as `#jinja2: lstrip_blocks: True, trim_blocks: False`; `rest` is the text after it. */
export function readHeader(
  text: string,
  notation: Notation,
): { readonly notation: Notation; readonly rest: string } {
  if (!text.startsWith('#jinja2:')) return { notation, rest: text };
  const end = text.indexOf('\n');
  const line = text.slice('#jinja2:'.length, end === -1 ? undefined : end);
  const changed: { [key: string]: unknown } = { ...notation };
  for (const pair of line.split(',')) {
    const colon = pair.indexOf(':');
    if (colon === -1)
      refuseSyntax(0, `failed to parse jinja2 override '${pair.trim()}'`, 'write name: value');
    const key = pair.slice(0, colon).trim();
    const name = names[key];
    if (name === undefined)
      return refuseSyntax(
        0,
        `the jinja2 override ${key} is not supported`,
        '',
        'template-unsupported',
      );
    changed[name] = readSetting(pair.slice(colon + 1).trim(), typeof notation[name]);
  }
  return { notation: changed as unknown as Notation, rest: end === -1 ? '' : text.slice(end + 1) };
}

function readSetting(written: string, type: string): boolean | string {
  if (type === 'boolean' && (written === 'True' || written === 'False')) return written === 'True';
  const quoted = /^(['"])(.*)\1$/.exec(written)?.[2];
  if (type === 'string' && quoted !== undefined && quoted !== '')
    return quoted.replaceAll('\\r', '\r').replaceAll('\\n', '\n');
  return refuseSyntax(0, `${written} is no value for this jinja2 override`, 'write True or False');
}
