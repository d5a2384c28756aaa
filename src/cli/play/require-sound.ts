import { LabError } from '../../model/lab-error.ts';
import type { LoadedPlaybook } from '../../model/playbook.ts';
import { sortProblems } from '../../model/problem.ts';
import { renderProblemLines, tellProblem } from '../../report/problem-lines.ts';
import type { Context } from '../context.ts';

/** Refuses a playbook for its errors, all at once, before any host is touched; warnings are told and do not stop it. */
export function requireSound({ io }: Context, { problems }: LoadedPlaybook): void {
  const errors = problems.filter(({ severity }) => severity === 'error');
  const warnings = problems.filter(({ severity }) => severity === 'warning');
  if (errors.length > 0) {
    const many = errors.length === 1 ? 'a problem' : `${errors.length} problems`;
    throw new LabError('input', `the playbook has ${many}; nothing was done`, '', {
      problems: sortProblems(problems),
    });
  }
  if (warnings.length > 0)
    io.stderr.write(renderProblemLines(sortProblems(warnings).flatMap(tellProblem)));
}
