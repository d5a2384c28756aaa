import { anyText, intArgument } from '../arguments.ts';
import { dictGet } from '../dict.ts';
import { type Plugins, plugin } from '../plugin.ts';
import { type Dict, fail } from '../values.ts';

interface Style {
  readonly beginning?: string;
  readonly decoration: string;
  readonly end?: string;
}

const styles: { readonly [name: string]: Style } = {
  plain: { decoration: '# ' },
  erlang: { decoration: '% ' },
  c: { decoration: '// ' },
  cblock: { beginning: '/*', decoration: ' * ', end: ' */' },
  xml: { beginning: '<!--', decoration: ' - ', end: '-->' },
};

/** Makes a text a comment of some language, line by line. */
function commentOut(text: string, style: Style, named: Dict): string {
  const word = (name: string, other: string): string => {
    const value = dictGet(named, name);
    return value === undefined ? other : anyText(value);
  };
  const times = (name: string): number => {
    const count = intArgument(dictGet(named, name) ?? 1);
    return count > 10_000 ? fail(`comment: ${name} is too large`) : count;
  };
  const decoration = word('decoration', style.decoration);
  const newline = word('newline', '\n');
  const beginning = word('beginning', style.beginning ?? '');
  const end = word('end', style.end ?? '');
  const prefix = word('prefix', decoration.trimEnd());
  const postfix = word('postfix', decoration.trimEnd());
  const head = prefix === '' ? '' : prefix === newline ? newline : prefix + newline;
  const body = `${decoration}${text.replaceAll(newline, () => newline + decoration)}`.replaceAll(
    decoration + newline,
    () => decoration.trimEnd() + newline,
  );
  return [
    beginning === '' ? '' : beginning + newline,
    head.repeat(Math.max(0, times('prefix_count'))),
    body,
    (newline + postfix).repeat(Math.max(0, times('postfix_count'))),
    end === '' ? '' : newline + end,
  ].join('');
}

export const commentFilters: Plugins = {
  comment: plugin('value style= **named', (_, [value, name = 'plain', named]) => {
    const known = anyText(name);
    const style = Object.hasOwn(styles, known) ? styles[known] : undefined;
    return style ? commentOut(anyText(value), style, named as Dict) : fail(`KeyError: '${known}'`);
  }),
};
