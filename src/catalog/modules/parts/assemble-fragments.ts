import { compileRegex } from '../../../model/python-regex.ts';
import { binaryText } from './text-lines.ts';

/** A part of a file that is assembled: its name tells its place; text is one character per byte. */
export interface Fragment {
  readonly name: string;
  readonly text: string;
}

interface Choice {
  readonly regexp: string | undefined;
  readonly ignore_hidden: boolean;
}

/** Tells which fragments count by their names. */
export function compileChoice({
  regexp,
  ignore_hidden,
}: Choice): ((name: string) => boolean) | { readonly problem: string } {
  const pattern = regexp === undefined ? undefined : compileRegex(regexp);
  if (pattern && 'problem' in pattern)
    return { problem: `Invalid Regexp (${pattern.problem}) in "${regexp}"` };
  return (name) => (pattern?.regex.test(name) ?? true) && !(ignore_hidden && name.startsWith('.'));
}

/** Puts fragments one after another in the order of their names, each on a line of its own, with the delimiter between them. */
export function joinFragments(
  fragments: readonly Fragment[],
  delimiter: string | undefined,
): string {
  const between = delimiter ? unescapeText(delimiter) : '';
  const line = between === '' || between.endsWith('\n') ? between : `${between}\n`;
  const ordered = [...fragments].sort((a, b) => (a.name < b.name ? -1 : 1));
  let text = '';
  for (const [index, fragment] of ordered.entries()) {
    const before = ordered[index - 1]?.text;
    if (before !== undefined && !before.endsWith('\n')) text += '\n';
    text += (index > 0 ? line : '') + fragment.text;
  }
  return text;
}

const letters: { readonly [letter: string]: string } = {
  ...{ n: '\n', t: '\t', r: '\r', f: '\f', v: '\v', a: '\x07', b: '\b' },
  ...{ '\\': '\\', "'": "'", '"': '"', '\n': '' },
};

/** Reads escapes as Python writes them in bytes: `\n`, `\t`, `\x41`, `\101`. */
function unescapeText(text: string): string {
  return binaryText(text).replace(
    /\\(?:x([0-9a-fA-F]{2})|([0-7]{1,3})|([\s\S]))/g,
    (whole, hex: string | undefined, octal: string | undefined, letter: string | undefined) => {
      if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) & 0xff);
      return letters[letter ?? ''] ?? whole;
    },
  );
}
