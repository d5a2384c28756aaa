import type { Problem } from '../model/problem.ts';

/** What a file would need beyond what Labkit has, each name once and sorted. */
export interface Needs {
  readonly modules: readonly string[];
  readonly keywords: readonly string[];
  /** Filters, tests and lookups of templates. */
  readonly filters: readonly string[];
  readonly collections: readonly string[];
}

/** One file of a folder: whether it loads, and what keeps it from that. */
export interface FileCoverage {
  readonly file: string;
  readonly kind: FileKind;
  /** Nothing in the file itself is refused. */
  readonly loads: boolean;
  /** For a playbook: it would run, with everything it imports. */
  readonly runs?: boolean;
  readonly problems: readonly Problem[];
  readonly needs: Needs;
}
/** `encrypted`: a vault file that was not opened. */
export type FileKind = 'playbook' | 'tasks' | 'handlers' | 'broken' | 'encrypted';

/** A folder as a whole: `needs` counts in how many files each name is missing, the most wanted first. */
export interface Coverage {
  readonly files: readonly FileCoverage[];
  readonly loading: number;
  readonly needs: {
    readonly [kind in keyof Needs]: readonly (readonly [name: string, files: number])[];
  };
}

/** A file that was loaded, by itself or within a playbook. */
export interface LoadedFile {
  readonly file: string;
  readonly kind: FileKind;
  /** All problems of loading it, those of other files too. */
  readonly problems: readonly Problem[];
}

const kinds = ['modules', 'keywords', 'filters', 'collections'] as const;

/** Folds loaded files into what runs and what is missing where. */
export function foldCoverage(loaded: readonly LoadedFile[]): Coverage {
  const byFile = new Map<string, Map<string, Problem>>();
  for (const problem of loaded.flatMap((one) => one.problems)) {
    const known = byFile.get(problem.file) ?? new Map<string, Problem>();
    const { line, column, rule, message } = problem;
    byFile.set(problem.file, known.set(JSON.stringify([line, column, rule, message]), problem));
  }
  const files = loaded.map((one) => coverFile(one, [...(byFile.get(one.file)?.values() ?? [])]));
  return {
    files,
    loading: files.filter((one) => one.loads).length,
    needs: {
      modules: countNeeds(files, 'modules'),
      keywords: countNeeds(files, 'keywords'),
      filters: countNeeds(files, 'filters'),
      collections: countNeeds(files, 'collections'),
    },
  };
}

function coverFile(loaded: LoadedFile, own: readonly Problem[]): FileCoverage {
  const isError = (problem: Problem): boolean => problem.severity === 'error';
  return {
    file: loaded.file,
    kind: loaded.kind,
    loads: !own.some(isError),
    ...(loaded.kind === 'playbook' && { runs: !loaded.problems.some(isError) }),
    problems: own,
    needs: needsOf(own),
  };
}

const kindOfRule: ReadonlyMap<string, keyof Needs> = new Map([
  ['unknown-module', 'modules'],
  ['windows-module', 'modules'],
  ['unknown-keyword', 'keywords'],
  ['unsupported-keyword', 'keywords'],
  ['removed-word', 'keywords'],
  ['unknown-loop', 'keywords'],
  ['unknown-filter', 'filters'],
  ['unknown-test', 'filters'],
  ['unknown-lookup', 'filters'],
]);

function needsOf(problems: readonly Problem[]): Needs {
  const found = new Map(kinds.map((kind) => [kind, new Set<string>()]));
  for (const { rule, message } of problems) {
    const name = /"([^"]*)"/.exec(message)?.[1];
    if (name === undefined) continue;
    const kind = kindOfRule.get(rule);
    if (kind) found.get(kind)?.add(name);
    if (rule !== 'unknown-collection') continue;
    found.get('modules')?.add(name);
    found.get('collections')?.add(name.split('.').slice(0, -1).join('.'));
  }
  const sorted = (kind: keyof Needs): string[] => [...(found.get(kind) ?? [])].sort();
  return {
    modules: sorted('modules'),
    keywords: sorted('keywords'),
    filters: sorted('filters'),
    collections: sorted('collections'),
  };
}

function countNeeds(
  files: readonly FileCoverage[],
  kind: keyof Needs,
): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const { needs } of files)
    for (const name of needs[kind]) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort(([a, many], [b, few]) => few - many || (a < b ? -1 : 1));
}
