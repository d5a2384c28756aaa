import { sh } from '../../../model/command.ts';
import type { Hands } from '../../../model/module.ts';

/** The first of the folders' programs of that name on the host; undefined when none has it. */
export async function findProgram(
  name: string,
  folders: readonly string[],
  hands: Hands,
): Promise<string | undefined> {
  const paths = folders.map((folder) => `${folder}/${name}`);
  if (paths.length === 0) return undefined;
  const ran = await hands.run(
    sh`for path in ${paths}; do if [ -x "$path" ]; then printf %s "$path"; exit; fi; done`,
  );
  return ran.stdout === '' ? undefined : ran.stdout;
}
