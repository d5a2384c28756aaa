import { compileRegex, compileReplacement, substitute } from '../../../model/python-regex.ts';
import type { Editing } from './edit-file.ts';
import type { AttributeWish } from './path-attributes.ts';
import { binaryOf, bytesOf } from './text-lines.ts';

/** The arguments of `replace`. */
export interface ReplaceArgs extends AttributeWish {
  readonly path: string;
  readonly regexp: string;
  readonly replace: string;
  readonly after: string | undefined;
  readonly before: string | undefined;
  readonly backup: boolean;
  readonly validate: string | undefined;
  readonly encoding: string;
  readonly unsafe_writes: boolean;
}

/** Edits a file as Ansible's `replace` does: patterns see letters, not bytes, so the file must be of the encoding named. */
export function editMatches(binary: string, args: ReplaceArgs): Editing {
  const coding = codingOf(args.encoding);
  if (!coding) return { failed: `encoding ${args.encoding} is not supported` };
  const text = coding.decode(binary);
  if (text === undefined)
    return { failed: `Unable to read the contents of ${args.path}: it is not ${args.encoding}` };
  const section = findSection(text, args);
  if ('failed' in section) return section;
  if ('msg' in section)
    return { text: binary, changed: false, msg: section.msg, values: { rc: 0 } };
  const pattern = compileRegex(args.regexp, { flags: 'm' });
  if ('problem' in pattern) return { failed: `regexp cannot be read: ${pattern.problem}` };
  const replacement = compileReplacement(args.replace, pattern);
  if ('problem' in replacement) return { failed: `replace cannot be read: ${replacement.problem}` };
  const old = text.slice(section.from, section.to);
  const done = substitute(pattern, replacement.expand, old);
  if (done.count === 0 || done.text === old)
    return { text: binary, changed: false, msg: '', values: { rc: 0 } };
  const whole = text.slice(0, section.from) + done.text + text.slice(section.to);
  const encoded = coding.encode(whole);
  if (encoded === undefined) return { failed: `the new text is not ${args.encoding}` };
  return {
    text: encoded,
    changed: true,
    msg: `${done.count} replacements made`,
    values: { rc: 0 },
  };
}

interface Coding {
  decode(binary: string): string | undefined;
  encode(text: string): string | undefined;
}

const utf8: Coding = {
  decode(binary) {
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytesOf(binary));
    } catch {
      return undefined;
    }
  },
  encode: (text) => binaryOf(new TextEncoder().encode(text)),
};
const upTo = (most: number): Coding => {
  const fits = (text: string) =>
    Array.from(text).every((letter) => (letter.codePointAt(0) ?? 0) <= most);
  const same = (text: string) => (fits(text) ? text : undefined);
  return { decode: same, encode: same };
};
const codings = new Map([
  ['utf8', utf8],
  ['latin1', upTo(0xff)],
  ['iso88591', upTo(0xff)],
  ['ascii', upTo(0x7f)],
  ['usascii', upTo(0x7f)],
]);

function codingOf(encoding: string): Coding | undefined {
  return codings.get(encoding.toLowerCase().replaceAll(/[-_ ]/g, ''));
}

type Section = { readonly from: number; readonly to: number };

function findSection(
  text: string,
  { after, before }: ReplaceArgs,
): Section | { readonly msg: string } | { readonly failed: string } {
  if (!after && !before) return { from: 0, to: text.length };
  const lazy = after && before ? '?' : '';
  const written = `${after ?? ''}(?P<subsection>.*${lazy})${before ?? ''}`;
  const pattern = compileRegex(written, { flags: 's' });
  if ('problem' in pattern) return { failed: `after or before cannot be read: ${pattern.problem}` };
  const { source, flags } = pattern.regex;
  const found = new RegExp(source, `${flags}d`).exec(text)?.indices?.groups?.['subsection'];
  if (found) return { from: found[0], to: found[1] };
  return { msg: `Pattern for before/after params did not match the given file: ${written}` };
}
