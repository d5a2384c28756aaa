import { type Plugin, type Plugins, plugin } from './plugin.ts';

/** True when a text is not empty and all its characters are in the class. */
function all(pattern: RegExp): Plugin {
  return plugin('self', (_, [self]) => pattern.test(self as string));
}

function cased(isRight: (text: string) => boolean): Plugin {
  return plugin('self', (_, [self]) => {
    const text = self as string;
    return text.toLowerCase() !== text.toUpperCase() && isRight(text);
  });
}

/** Methods of `str` that tell something about it. */
export const textPredicates: Plugins = {
  isdigit: all(/^[\p{Nd}²³¹⁰⁴-⁹₀-₉]+$/u),
  isdecimal: all(/^\p{Nd}+$/u),
  isnumeric: all(/^\p{N}+$/u),
  isalpha: all(/^\p{L}+$/u),
  isalnum: all(/^[\p{L}\p{N}]+$/u),
  // biome-ignore lint/suspicious/noControlCharactersInRegex: Python takes these for white space
  isspace: all(/^[\s\x1c-\x1f\x85]+$/),
  isidentifier: all(/^[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Mn}\p{Mc}\p{Nd}\p{Pc}]*$/u),
  isprintable: all(/^(?: |[^\p{C}\p{Z}])*$/u),
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII begins with them
  isascii: all(/^[\x00-\x7f]*$/),
  isupper: cased((text) => text === text.toUpperCase()),
  islower: cased((text) => text === text.toLowerCase()),
  istitle: cased((text) =>
    (text.match(/\p{L}+/gu) ?? []).every((word) => /^\p{Lu}\P{Lu}*$/u.test(word)),
  ),
};
