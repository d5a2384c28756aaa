import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseSuite, type ResolvedSuite } from '../engine/suite.ts';
import type { AnyCheck } from '../model/check.ts';
import { LabError } from '../model/lab-error.ts';
import { nearest } from '../model/nearest.ts';
import { parseYaml } from '../store/yaml.ts';
import type { Context } from './context.ts';

/** Loads a suite by name: the project's `playbooks/suites/NAME.yaml`, else the one that comes with Labkit. Throws LabError with all its problems. */
export async function loadSuite(
  context: Context,
  name: string,
  checks: readonly AnyCheck[],
): Promise<ResolvedSuite> {
  const folders = [context.settings.folder, dirname(context.io.programFolder)].map((folder) =>
    join(folder, 'playbooks', 'suites'),
  );
  if (!/^[\w-]+$/.test(name)) throw unknownSuite(name, await listSuites(folders));
  for (const folder of folders) {
    const file = join(folder, `${name}.yaml`);
    const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
      throw new LabError('environment', `cannot read ${file}: ${error.code}`, '', { cause: error });
    });
    if (text === undefined) continue;
    const parsed = parseYaml(text, file);
    const { suite, problems } = parseSuite(parsed.root, name, checks);
    const all = [...parsed.problems, ...problems];
    if (all.length > 0)
      throw new LabError('input', `the suite ${name} has problems`, '', { problems: all });
    return suite;
  }
  throw unknownSuite(name, await listSuites(folders));
}

async function listSuites(folders: readonly string[]): Promise<string[]> {
  const lists = await Promise.all(folders.map((folder) => readdir(folder).catch(() => [])));
  const names = lists.flat().filter((file) => file.endsWith('.yaml'));
  return [...new Set(names.map((file) => file.slice(0, -'.yaml'.length)))].sort();
}

function unknownSuite(name: string, known: readonly string[]): LabError {
  const near = nearest(name, known);
  const hint = near === undefined ? `there are ${known.join(', ')}` : `did you mean "${near}"?`;
  return new LabError('usage', `there is no suite "${name}"`, hint);
}
