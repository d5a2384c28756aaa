import { cpSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from '../../sim/run-program.ts';
import { labPath } from './lab.ts';

/** Builds Labkit and copies what its package holds into a folder; answers the copy's starter, which never builds anew: many at once can be started while somebody works on the sources. */
export async function installLab(folder: string): Promise<string> {
  const project = join(import.meta.dirname, '..', '..');
  const built = await runProgram([labPath, '--version']);
  if (built.exitCode !== 0) throw new Error(`the build failed: ${built.stderr}`);
  for (const part of ['bin/lab', 'dist', 'package.json'])
    cpSync(join(project, part), join(folder, part), { recursive: true });
  symlinkSync(join(project, 'node_modules'), join(folder, 'node_modules'));
  return join(folder, 'bin', 'lab');
}
