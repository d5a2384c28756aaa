import { resolve } from 'node:path';
import { LabError } from '../../model/lab-error.ts';
import type { PlayVars } from '../../model/play-value.ts';
import type { Play } from '../../model/playbook.ts';
import { TemplateError } from '../../model/template-error.ts';
import type { WholeRun } from './play-run.ts';
import { scopeOfPlay } from './target-plays.ts';

/** Reads a play's `vars_files`; of a list of names the first that is there. Throws LabError 'input' when none is. */
export async function loadVarsFiles(
  run: WholeRun,
  play: Play,
  { folder, prompts }: { readonly folder: string; readonly prompts: PlayVars },
): Promise<readonly PlayVars[]> {
  const loaded: PlayVars[] = [];
  for (const { names, at } of play.varsFiles) {
    const paths: string[] = [];
    let found: PlayVars | undefined;
    for (const name of names) {
      const scope = scopeOfPlay(run, play, { playbookFolder: folder, prompts, varsFiles: loaded });
      const path = renderPath(run, name, scope);
      if (path === undefined) continue;
      paths.push(path);
      found = await run.rim.readVarsFile(resolve(folder, path));
      if (found) break;
    }
    if (found) loaded.push(found);
    else if (paths.length > 0)
      throw new LabError(
        'input',
        `${at.file}:${at.line}:${at.column}: vars file ${paths.join(', ')} was not found`,
        'vars_files are looked for beside the playbook',
      );
  }
  return loaded;
}

// a name with a fact in it is not known before facts are gathered
function renderPath(
  run: WholeRun,
  name: Play['hosts'],
  scope: ReturnType<typeof scopeOfPlay>,
): string | undefined {
  try {
    return String(run.rim.templar.render(name, scope));
  } catch (error) {
    if (error instanceof TemplateError && error.undefinedName !== undefined) return undefined;
    throw error;
  }
}
