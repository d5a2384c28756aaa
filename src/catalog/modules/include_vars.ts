import { bool, int, path, str, texts } from '../../model/arguments.ts';
import { decodeText } from '../../model/display.ts';
import {
  defineModule,
  type ModuleResult,
  type Source,
  type SourceFile,
} from '../../model/module.ts';
import { compileRegex } from '../../model/python-regex.ts';
import { isMapping, makeVars, type Value, type Vars } from '../../model/value.ts';

interface Args {
  readonly file: string | undefined;
  readonly dir: string | undefined;
  readonly name: string | undefined;
  readonly depth: number;
  readonly files_matching: string | undefined;
  readonly ignore_files: readonly string[];
  readonly extensions: readonly string[];
  readonly ignore_unknown_extensions: boolean;
  readonly hash_behaviour: string | undefined;
}

type Parse = (source: { text: string; file: string }) => Vars;

export default defineModule<Args>({
  name: 'include_vars',
  collection: 'ansible.builtin',
  summary: 'Reads variables from a file, or from the files of a folder, while the playbook runs.',
  freeForm: 'file',
  args: {
    file: path(),
    dir: path(),
    name: str(),
    depth: int({ fallback: 0 }),
    files_matching: str(),
    ignore_files: texts({ fallback: [] }),
    extensions: texts({ fallback: ['yaml', 'yml', 'json'] }),
    ignore_unknown_extensions: bool({ fallback: false }),
    hash_behaviour: str({ choices: ['replace', 'merge'] }),
  },
  check({ file, dir, files_matching: matching, ignore_files: ignored }) {
    const patterns = [matching ?? '', ...ignored].map((pattern) => compileRegex(pattern));
    return [
      ...(file !== undefined && dir !== undefined
        ? ['You are mixing file only and dir only arguments, these are incompatible']
        : []),
      ...patterns.flatMap((read) => ('problem' in read ? [read.problem] : [])),
    ];
  },
  sources: ({ file, dir }) =>
    dir !== undefined
      ? { from: { path: dir, folder: 'vars', tree: true, optional: true } }
      : { from: { path: file?.trim() ?? '', folder: 'vars', optional: true } },
  decide(args, call) {
    const source = call.sources['from'];
    if (!source) return failed(missing(args));
    const files = filesOf(source, args);
    const strange = files.find(
      ({ path: name }) => args.dir !== undefined && !hasExtension(name, args.extensions),
    );
    if (strange && !args.ignore_unknown_extensions)
      return failed(
        `${strange.path} does not have a valid extension: ${args.extensions.join(', ')}`,
      );
    const known = files.filter(
      (file) =>
        file !== strange && (args.dir === undefined || hasExtension(file.path, args.extensions)),
    );
    const read = readAll(known, call.parseVars);
    const named = args.name === undefined ? read : makeVars([[args.name, read]]);
    const vars = args.hash_behaviour === 'merge' ? merged(named, call.variable) : named;
    return {
      changed: false,
      facts: vars,
      values: makeVars([['ansible_included_var_files', known.map((file) => file.path)]]),
      effects: { includeVars: vars },
    };
  },
});

function failed(message: string): ModuleResult {
  return {
    changed: false,
    failed: true,
    values: makeVars([
      ['message', message],
      ['ansible_included_var_files', []],
    ]),
    facts: makeVars(),
  };
}

function missing({ file, dir }: Args): string {
  if (dir !== undefined) return `${dir} directory does not exist`;
  return `Could not find or access '${file ?? ''}' on the Ansible Controller.`;
}

function filesOf(source: Source, args: Args): readonly SourceFile[] {
  if (!('files' in source)) return [source];
  const wanted = args.files_matching ?? '';
  const ignored = args.ignore_files.map((pattern) => `${pattern}$`);
  return source.files
    .filter(({ relative }) => args.depth === 0 || relative.split('/').length <= args.depth)
    .filter(({ relative }) => {
      const name = relative.slice(relative.lastIndexOf('/') + 1);
      return matches(wanted, name) && !ignored.some((pattern) => matches(pattern, name));
    })
    .toSorted(
      (a, b) =>
        compare(folderOf(a.relative), folderOf(b.relative)) || compare(a.relative, b.relative),
    );
}

function matches(pattern: string, name: string): boolean {
  const read = compileRegex(pattern);
  return 'regex' in read && read.regex.test(name);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function folderOf(relative: string): string {
  return relative.includes('/') ? relative.slice(0, relative.lastIndexOf('/')) : '';
}

function hasExtension(name: string, extensions: readonly string[]): boolean {
  return extensions.some((extension) => name.endsWith(`.${extension}`));
}

function readAll(files: readonly SourceFile[], parse: Parse): Vars {
  const read = files.flatMap(({ path: file, content }) =>
    Object.entries(parse({ text: decodeText(content ?? new Uint8Array()).text, file })),
  );
  return makeVars(read);
}

function merged(vars: Vars, known: (name: string) => Value | undefined): Vars {
  return makeVars(
    Object.entries(vars).map(([name, value]) => [name, mergeTwo(known(name), value)]),
  );
}

function mergeTwo(under: Value | undefined, over: Value): Value {
  if (!isMapping(under) || !isMapping(over)) return over;
  const names = new Set([...Object.keys(under), ...Object.keys(over)]);
  return makeVars(
    [...names].map((name) => {
      const value = over[name];
      return [name, value === undefined ? (under[name] ?? null) : mergeTwo(under[name], value)];
    }),
  );
}
