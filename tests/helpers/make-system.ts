import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { digestFile } from '../../src/imaging/deployment/system-folder.ts';
import { digestRecipe, readPrograms } from '../../src/imaging/deployment/system-recipe.ts';
import { targetPrograms } from './deployment-system.ts';

/** Writes what passes for a deployment system of this version, with a manifest that fits it. */
export async function makeSystem(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const files = [];
  for (const name of ['vmlinuz', 'initrd.img']) {
    await writeFile(join(folder, name), `${name} `.repeat(1000));
    files.push({ name, ...(await digestFile(join(folder, name))) });
  }
  const manifest = {
    schema: 'lab.deployment-system/1',
    recipe: digestRecipe([], await readPrograms(targetPrograms)).whole,
    base: { recipe: 'b', initrdBytes: 512 },
    sources: [],
    files,
  };
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
}
