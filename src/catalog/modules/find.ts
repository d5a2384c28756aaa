import { type Script, sh } from '../../model/command.ts';
import {
  ask,
  type Call,
  defineModule,
  done,
  type PathState,
  type Planned,
  probePath,
  probeScript,
} from '../../model/module.ts';
import { compileRegex } from '../../model/python-regex.ts';
import { makeVars } from '../../model/value.ts';
import { type FindArgs, findArgs } from './parts/find-args.ts';
import { compileFilter, type Entry, type EntryFilter } from './parts/find-filter.ts';
import { fail } from './parts/outcome.ts';
import { chooseForm, readStatFields } from './parts/stat-fields.ts';

export default defineModule<FindArgs>({
  name: 'find',
  collection: 'ansible.builtin',
  summary: 'Lists the files below folders that fit given filters.',
  args: findArgs,
  isLocal: true,
  inspect(args, call): Planned {
    const filter = compileFilter(args);
    if ('problem' in filter) return fail(filter.problem);
    const tops = Object.fromEntries(
      args.paths.map((path, index) => [String(index), probePath(path, { follow: true })]),
    );
    return ask(tops, (found) =>
      walk(
        { args, call, filter },
        args.paths.flatMap((_, index) => found[String(index)] ?? []),
      ),
    );
  },
});

interface Work {
  readonly args: FindArgs;
  readonly call: Call;
  readonly filter: EntryFilter;
}

function walk(work: Work, tops: readonly PathState[]): Planned {
  const folders = tops.filter(({ kind, predicted }) => kind === 'directory' && !predicted);
  const skipped = tops.filter(({ kind }) => kind !== 'directory');
  const paths = folders.map(({ path }) => path.replace(/\/+$/, '') || '/');
  return ask({ list: probeScript(listScript(work.args, paths)) }, ({ list }) => {
    const { nowSeconds, entries } = readList(list.stdout, paths);
    const meant = entries.filter((entry) => work.filter(entry, nowSeconds));
    const state = { work, skipped, examined: entries.length };
    const regulars = meant.filter(({ fields }) => fields['isreg'] === true);
    return readContents(work, work.args.file_type === 'file' ? regulars : [], (fits) =>
      sum(work, meant.filter(fits), (files) => finish(state, files)),
    );
  });
}

function listScript({ recurse, depth, follow }: FindArgs, paths: readonly string[]) {
  // what is one level deeper than meant counts as examined, as in Ansible
  const most = recurse
    ? depth === undefined || depth === 0
      ? ''
      : `-maxdepth ${depth + 1}`
    : '-maxdepth 1';
  const limit: Script = { script: most };
  const look: Script = { script: follow ? '-L' : '' };
  return sh`date +%s
${{ script: chooseForm.script }}
for top in ${paths}; do
find ${look} "$top/" -mindepth 1 ${limit} -exec stat -c "$form %n" -- {} +
done`;
}

function readList(stdout: string, tops: readonly string[]) {
  const [now = '0', ...lines] = stdout.replace(/\n$/, '').split('\n');
  const entries: Entry[] = [];
  for (const line of lines) {
    const fields = /^[0-9a-f]+ \d+ \d+ .* \//.test(line) ? readStatFields(line) : undefined;
    const last = entries.at(-1);
    if (fields) entries.push(entryOf(line, fields, tops));
    // a name may hold line breaks
    else if (last) entries[entries.length - 1] = { ...last, path: `${last.path}\n${line}` };
  }
  return { nowSeconds: Number(now), entries };
}

function entryOf(line: string, fields: Entry['fields'], tops: readonly string[]): Entry {
  const path = line.split(' ').slice(16).join(' ').replaceAll(/\/+/g, '/');
  const top = tops.filter((each) => path.startsWith(each === '/' ? '/' : `${each}/`)).at(-1) ?? '/';
  const below = path.slice(top === '/' ? 1 : top.length + 1);
  return { path, depth: below.split('/').length, fields };
}

const maxContentBytes = 8 * 1024 * 1024;
const filesOfOneLook = 20;

/** Reads the files whose content counts, a few at a time; goes on with what tells whether an entry fits. */
function readContents(
  { args }: Work,
  files: readonly Entry[],
  next: (fits: (entry: Entry) => boolean) => Planned,
): Planned {
  if (args.contains === undefined) return next(() => true);
  const pattern = compileRegex(args.contains, { how: args.read_whole_file ? 'search' : 'match' });
  if ('problem' in pattern) return fail(`contains cannot be read: ${pattern.problem}`);
  const fitting = new Set<string>();
  const holds = (bytes: Uint8Array | undefined): boolean => {
    const text = bytes && decode(bytes);
    if (text === undefined) return false;
    if (args.read_whole_file) return pattern.regex.test(text);
    return (text.match(/[^\n]*\n|[^\n]+$/g) ?? []).some((line) => pattern.regex.test(line));
  };
  const read = (rest: readonly Entry[]): Planned => {
    if (rest.length === 0)
      return next(({ path, fields }) => fields['isreg'] !== true || fitting.has(path));
    const few = rest.slice(0, filesOfOneLook);
    const probes = few.map(
      ({ path }) => [path, probePath(path, { contentUpTo: maxContentBytes })] as const,
    );
    return ask(Object.fromEntries(probes), (found) => {
      for (const { path } of few) if (holds(found[path]?.content)) fitting.add(path);
      return read(rest.slice(filesOfOneLook));
    });
  };
  return read(files);
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

type Listed = readonly { readonly entry: Entry; readonly checksum: string | undefined }[];

function sum({ args }: Work, entries: readonly Entry[], next: (files: Listed) => Planned): Planned {
  const isSummed = ({ fields }: Entry) => args.get_checksum && fields['isreg'] === true;
  const plain = entries.map((entry) => ({ entry, checksum: undefined }));
  if (!entries.some(isSummed)) return next(plain);
  const probes = entries
    .filter(isSummed)
    .map(({ path }) => [path, probePath(path, { checksum: 'sha1' })] as const);
  return ask(Object.fromEntries(probes), (found) =>
    next(entries.map((entry) => ({ entry, checksum: found[entry.path]?.checksum }))),
  );
}

function finish(
  { skipped, examined }: { readonly skipped: readonly PathState[]; readonly examined: number },
  files: Listed,
): Planned {
  const reasons = skipped.map(({ path }) => [path, `'${path}' is not a directory`] as const);
  const listed = files.map(({ entry, checksum }) => {
    const { blocks: _b, block_size: _s, device_type: _d, ...fields } = entry.fields;
    return { path: entry.path, ...fields, ...(checksum !== undefined && { checksum }) };
  });
  return done({
    changed: false,
    msg:
      skipped.length > 0
        ? 'Not all paths examined, check warnings for details'
        : 'All paths examined',
    values: { files: listed, matched: listed.length, examined, skipped_paths: makeVars(reasons) },
    ...(reasons.length > 0 && {
      warnings: reasons.map(
        ([path, why]) => `Skipped '${path}' path due to this access issue: ${why}`,
      ),
    }),
  });
}
