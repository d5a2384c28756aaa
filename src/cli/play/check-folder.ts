import { relative } from 'node:path';
import { type Problem, sortProblems } from '../../model/problem.ts';
import { foldCoverage } from '../../playbook/coverage.ts';
import { loadFolder } from '../../playbook/load-folder.ts';
import type { LoadRim } from '../../playbook/load-rim.ts';
import { reportCoverage } from '../../report/coverage-report.ts';
import type { Context } from '../context.ts';
import { showReport } from '../show-report.ts';

/** `lab play FOLDER --syntax-check`: which files of a repository run here, and what the others need. Exit code 3 when one does not load. */
export async function checkFolder(context: Context, folder: string, rim: LoadRim): Promise<number> {
  const { io, flags, settings } = context;
  const coverage = foldCoverage(await loadFolder(folder, rim));
  const near = (path: string): string => relative(folder, path) || path;
  const named = {
    ...coverage,
    files: coverage.files.map((file) => ({
      ...file,
      file: near(file.file),
      problems: sortProblems(file.problems).map(
        (problem): Problem => ({ ...problem, file: near(problem.file) }),
      ),
    })),
  };
  const at = new Date(io.now()).toISOString();
  await showReport(
    context,
    reportCoverage(named, { at, lang: settings.lang, verbose: flags.verbose === true }),
  );
  return coverage.loading === coverage.files.length ? 0 : 3;
}
