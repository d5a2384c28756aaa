import { anyText } from '../arguments.ts';
import { isTrue } from '../compare.ts';
import { type Context, deeper, type Frame, type IncludeRequest } from '../context.ts';
import { ansibleNotation } from '../delimiters.ts';
import { dictEntries, dictGet } from '../dict.ts';
import { expandHome, findFile, searchFolders } from '../find-file.ts';
import { globFiles } from '../glob.ts';
import { itemsOf } from '../iterate.ts';
import { isAbsolute, joinPath } from '../paths.ts';
import { type Plugins, plugin } from '../plugin.ts';
import { readLiteral } from '../read-literal.ts';
import { type Dict, fail, isDict, isText, type Py } from '../values.ts';

function readFile(name: string, on: Context): string {
  const path = findFile(name, 'files', on);
  const text = path === undefined ? undefined : on.engine.effects.readText(path);
  return text ?? fail(`could not locate file in lookup: ${name}`);
}

const file = plugin('terms lstrip= rstrip=', (on, [terms, lstrip = false, rstrip = true]) =>
  itemsOf(terms).map((term) => {
    const text = readFile(anyText(term), on);
    if (text.startsWith('$ANSIBLE_VAULT;'))
      fail(`${anyText(term)} is encrypted; lookups read no vaults`);
    const left = isTrue(lstrip) ? text.trimStart() : text;
    return isTrue(rstrip) ? left.trimEnd() : left;
  }),
);

function renderTemplate(name: string, named: Dict, on: Context): Py {
  const path = findFile(name, 'templates', on);
  if (path === undefined)
    return fail(`the template file ${name} could not be found for the lookup`);
  const vars = dictGet(named, 'template_vars');
  const option = (key: string, other: string): string => anyText(dictGet(named, key) ?? other);
  const frame: Frame = {
    vars: new Map<string, Py>([
      // what Ansible tells a template of itself
      ['ansible_managed', 'Ansible managed'],
      ['template_path', name],
      ['template_fullpath', path],
      ...(isDict(vars ?? null)
        ? dictEntries(vars as Dict).map(([key, value]) => [String(key), value] as const)
        : []),
    ]),
    parent: undefined,
    context: on,
  };
  const request: IncludeRequest = {
    path,
    frame,
    notation: {
      ...ansibleNotation,
      variableStart: option('variable_start_string', ansibleNotation.variableStart),
      variableEnd: option('variable_end_string', ansibleNotation.variableEnd),
      commentStart: option('comment_start_string', ansibleNotation.commentStart),
      commentEnd: option('comment_end_string', ansibleNotation.commentEnd),
    },
    keepsNewlines: true,
  };
  const text = deeper(on.run, () => on.engine.include(request, on));
  return isTrue(dictGet(named, 'convert_data') ?? true) ? readLiteral(text) : text;
}

/** Files that match a pattern, in the first of the task's folders that has any. */
export function globTerm(term: string, on: Context): string[] {
  const pattern = expandHome(term, on);
  if (isAbsolute(pattern)) return globFiles(pattern, on.engine.effects);
  for (const folder of searchFolders('files', on)) {
    const found = globFiles(joinPath(folder, pattern), on.engine.effects);
    if (found.length > 0) return found;
  }
  return [];
}

interface FirstFound {
  readonly files: readonly string[];
  readonly paths: readonly string[];
  readonly skips: boolean;
}

function words(value: Py | undefined): string[] {
  if (value === undefined || value === null) return [];
  return isText(value) ? value.split(/[,;]/).filter(Boolean) : itemsOf(value).map(anyText);
}

function readFirstFound(term: Py): FirstFound {
  if (!isDict(term)) return { files: words([term]), paths: [], skips: false };
  return {
    files: words(dictGet(term, 'files')),
    paths: words(dictGet(term, 'paths')),
    skips: isTrue(dictGet(term, 'skip') ?? false),
  };
}

const firstFound = plugin('terms **named', (on, [terms, named]) => {
  const given = itemsOf(terms).flatMap((term) =>
    isText(term) || isDict(term) ? [term] : [...itemsOf(term)],
  );
  const wishes = [...given, ...(dictGet(named as Dict, 'files') === undefined ? [] : [named])].map(
    readFirstFound,
  );
  for (const { files, paths } of wishes) {
    const names =
      paths.length === 0
        ? files
        : paths.flatMap((path) => files.map((name) => joinPath(path, name)));
    for (const name of names) {
      const path = findFile(name, 'files', on);
      if (path !== undefined) return [path];
    }
  }
  const skips =
    isTrue(dictGet(named as Dict, 'skip') ?? false) || wishes.some((wish) => wish.skips);
  return skips ? [] : fail('No file was found when using first_found.');
});

/** Lookups that read the controller's files. */
export const fileLookups: Plugins = {
  file,
  unvault: plugin('terms', (on, [terms]) =>
    itemsOf(terms).map((term) => {
      const text = readFile(anyText(term), on);
      return text.startsWith('$ANSIBLE_VAULT;') ? fail('lookups read no vaults') : text;
    }),
  ),
  template: plugin('terms **named', (on, [terms, named]) =>
    itemsOf(terms).map((term) => renderTemplate(anyText(term), named as Dict, on)),
  ),
  fileglob: plugin('terms', (on, [terms]) =>
    itemsOf(terms).flatMap((term) => globTerm(anyText(term), on)),
  ),
  first_found: firstFound,
};
