import { type Problem, sortProblems } from '../model/problem.ts';
import type { Lang, Report, ReportTable } from '../model/report.ts';
import { tellProblem } from './problem-lines.ts';
import { type Words, wordsOf } from './words.ts';

/** How much was looked at. */
export interface Extent {
  readonly hosts: number;
  readonly files: number;
}

const keys = ['severity', 'rule', 'file', 'line', 'column', 'path', 'message', 'hint'] as const;

/** Folds problems into their report (`lab.problems/1`), sorted by place; `at` is when they were looked for, ISO 8601. */
export function reportProblems(
  problems: readonly Problem[],
  extent: Extent,
  at: string,
  lang: Lang,
): Report {
  const words = wordsOf(lang);
  const sorted = sortProblems(problems);
  const rows = sorted.map((problem) => Object.fromEntries(keys.map((key) => [key, problem[key]])));
  const errors = sorted.filter(({ severity }) => severity === 'error').length;
  const warnings = sorted.length - errors;
  return {
    schema: 'lab.problems/1',
    title: '',
    startedAt: at,
    finishedAt: at,
    document: { totals: { error: errors, warning: warnings, ...extent }, problems: rows },
    tables: [
      tableOf(
        sorted,
        sorted.length === 0
          ? words.noProblems(extent.hosts, extent.files)
          : words.problems(errors, warnings),
        words,
      ),
    ],
    records: { columns: keys.map((key) => ({ key, title: key })), rows },
    cases: sorted.length === 0 ? [passedCase(words, extent)] : sorted.map(caseOf),
  };
}

function tableOf(problems: readonly Problem[], note: string, words: Words): ReportTable {
  const lines = problems.flatMap(tellProblem);
  return {
    title: '',
    columns: [
      { key: 'severity', title: '', align: 'right' },
      { key: 'text', title: '', fixed: true },
    ],
    rows: lines.map(({ kind, text }) => [words[kind], text]),
    tones: lines.map(({ kind }) => tones[kind]),
    notes: problems.length === 0 ? [note] : ['', note],
  };
}

const tones = { error: 'bad', warning: 'doubt', hint: 'plain' } as const;

function caseOf({
  severity,
  rule,
  file,
  line,
  column,
  path,
  message,
  hint,
}: Problem): NonNullable<Report['cases']>[number] {
  const name = `${rule} ${line}:${column}${path === '' ? '' : ` ${path}`}`;
  return {
    suite: file,
    name,
    status: severity === 'error' ? 'failed' : 'passed',
    message,
    detail: hint,
    durationMs: 0,
  };
}

function passedCase(words: Words, { hosts, files }: Extent): NonNullable<Report['cases']>[number] {
  return {
    suite: 'inventory',
    name: 'validate',
    status: 'passed',
    message: words.noProblems(hosts, files),
    detail: '',
    durationMs: 0,
  };
}
