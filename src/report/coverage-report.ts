import type { Problem } from '../model/problem.ts';
import type { Lang, Report, ReportTable } from '../model/report.ts';
import type { Value } from '../model/value.ts';
import { columnOf } from './run-frame.ts';
import { type Words, wordsOf } from './words.ts';

type Kind = 'modules' | 'keywords' | 'filters' | 'collections';
const kinds: readonly Kind[] = ['modules', 'keywords', 'filters', 'collections'];

/** Which files of a repository of playbooks load, and what is missing for the rest. */
export interface CoverageFacts {
  readonly files: readonly {
    readonly file: string;
    readonly kind: string;
    readonly loads: boolean;
    readonly runs?: boolean;
    readonly problems: readonly Problem[];
    readonly needs: { readonly [kind in Kind]: readonly string[] };
  }[];
  readonly loading: number;
  readonly needs: { readonly [kind in Kind]: readonly (readonly [name: string, files: number])[] };
}

/** The report of `lab play FOLDER --syntax-check`; with `verbose` every problem is told too. */
export function reportCoverage(
  coverage: CoverageFacts,
  { at, lang, verbose }: { readonly at: string; readonly lang: Lang; readonly verbose: boolean },
): Report {
  const words = wordsOf(lang);
  const rows = coverage.files.map(({ file, kind, loads, runs, needs, problems }) => ({
    file,
    kind,
    loads,
    runs: runs ?? null,
    ...Object.fromEntries(kinds.map((name) => [name, [...needs[name]]])),
    problems: problems.map((problem): Value => ({ ...problem })),
  })) as unknown as readonly { readonly [key: string]: Value }[];
  return {
    schema: 'lab.coverage/1',
    title: '',
    startedAt: at,
    finishedAt: at,
    document: { totals: { files: coverage.files.length, loading: coverage.loading }, files: rows },
    tables: tablesOf(coverage, verbose, words),
    records: { columns: ['file', 'kind', 'loads', 'runs', ...kinds].map(columnOf), rows },
  };
}

function tablesOf(coverage: CoverageFacts, verbose: boolean, words: Words): ReportTable[] {
  const broken = coverage.files.filter(({ loads }) => !loads);
  const shown = verbose ? coverage.files : broken;
  const notes = [words.filesLoad(coverage.loading, coverage.files.length)];
  const files: ReportTable = {
    title: '',
    columns: [
      { key: 'file', title: words.file, flexible: true },
      { key: 'kind', title: words.kind },
      { key: 'loads', title: words.state },
      { key: 'needs', title: words.needs, flexible: true },
    ],
    rows: shown.map((one) => [
      one.file,
      words.fileKind(one.kind),
      stateOf(one, words),
      needsOf(one.needs),
    ]),
    tones: shown.map(({ loads }) => (loads ? 'good' : 'bad')),
    notes,
  };
  const problems = verbose ? broken.flatMap((one) => one.problems) : [];
  const told: ReportTable = {
    title: words.detail,
    columns: [],
    rows: [],
    notes: problems.flatMap(({ file, line, column, message, hint }) => [
      `${file}:${line}:${column}  ${message}`,
      ...(hint === '' ? [] : [`  → ${hint}`]),
    ]),
  };
  return [
    ...(problems.length > 0 ? [told] : []),
    files,
    ...kinds.flatMap((kind) => wantedOf(coverage, kind, words)),
  ];
}

function stateOf({ loads, runs }: CoverageFacts['files'][number], words: Words): string {
  if (!loads) return words.refused;
  return runs === false ? words.importsRefused : words.runsHere;
}

function needsOf(needs: CoverageFacts['files'][number]['needs']): string {
  return kinds.flatMap((kind) => needs[kind]).join(', ');
}

function wantedOf({ needs }: CoverageFacts, kind: Kind, words: Words): ReportTable[] {
  const wanted = needs[kind];
  if (wanted.length === 0) return [];
  const line = wanted.map(([name, files]) => `${name} (${files})`).join(words.comma);
  return [
    { title: '', columns: [], rows: [], notes: [`${words.missing(kind)}${words.colon}${line}`] },
  ];
}
