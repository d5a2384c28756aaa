import { resolve } from 'node:path';
import { LabError } from '../../model/lab-error.ts';
import type { PlayMemory } from '../../model/play-scope.ts';
import type { PlayVars, Scope } from '../../model/play-value.ts';
import type { Play } from '../../model/playbook.ts';
import { TemplateError } from '../../model/template-error.ts';
import type { HostRun, PlayRun, WholeRun } from './play-run.ts';
import { scopeOfPlay } from './target-plays.ts';

/** Reads a play's `vars_files` as far as their names are known without a host; of a list of names the first that is there. Throws LabError 'input' when none is. */
export function loadVarsFiles(
  run: WholeRun,
  play: Play,
  { folder, prompts }: { readonly folder: string; readonly prompts: PlayVars },
): Promise<readonly PlayVars[]> {
  return readAll(run, play, folder, (varsFiles) =>
    scopeOfPlay(run, play, { playbookFolder: folder, prompts, varsFiles }),
  );
}

/** Reads them again for each host where a name depends on the host or its facts. */
export async function loadHostVarsFiles(run: PlayRun, hosts: readonly HostRun[]): Promise<void> {
  const { play, memory, rim, state } = run;
  const isFixed = play.varsFiles.every(({ names }) =>
    names.every((name) => typeof name === 'string'),
  );
  if (isFixed) return;
  for (const host of hosts) {
    const varsFiles = await readAll(run, play, memory.playbookFolder, (known) =>
      rim.makeScope({ run: state, host: host.memory, play: withFiles(memory, known) }),
    );
    host.play = withFiles(memory, varsFiles);
  }
}

function withFiles(memory: PlayMemory, varsFiles: readonly PlayVars[]): PlayMemory {
  // who is still in the play changes while it runs, so everything else is looked up in the play's own memory
  return Object.create(memory, { varsFiles: { value: varsFiles, enumerable: true } }) as PlayMemory;
}

async function readAll(
  run: WholeRun,
  play: Play,
  folder: string,
  scopeWith: (varsFiles: readonly PlayVars[]) => Scope,
): Promise<readonly PlayVars[]> {
  const loaded: PlayVars[] = [];
  for (const { names, at } of play.varsFiles) {
    const scope = scopeWith(loaded);
    const paths = names.flatMap((name) => renderPath(run, name, scope));
    const found = await readFirst(run, folder, paths);
    if (found) loaded.push(found);
    else if (paths.length === names.length)
      throw new LabError(
        'input',
        `${at.file}:${at.line}:${at.column}: vars file ${paths.join(', ')} was not found`,
        'vars_files are looked for beside the playbook',
      );
  }
  return loaded;
}

async function readFirst(
  run: WholeRun,
  folder: string,
  paths: readonly string[],
): Promise<PlayVars | undefined> {
  for (const path of paths) {
    const found = await run.rim.readVarsFile(resolve(folder, path));
    if (found) return found;
  }
  return undefined;
}

// a name with a fact in it is not known before facts are gathered
function renderPath(run: WholeRun, name: Play['hosts'], scope: Scope): readonly string[] {
  try {
    return [String(run.rim.templar.render(name, scope))];
  } catch (error) {
    if (error instanceof TemplateError && error.undefinedName !== undefined) return [];
    throw error;
  }
}
