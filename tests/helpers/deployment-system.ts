import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { buildDeploymentSystem } from '../../src/imaging/deployment/build.ts';
import { parseMirror } from '../../src/imaging/deployment/mirror.ts';
import { digestRecipe, readPrograms } from '../../src/imaging/deployment/system-recipe.ts';
import { openFileLock } from '../../src/store/lock-file.ts';

/** The programs that run on a target. */
export const targetPrograms = join(import.meta.dirname, '../../src/imaging/deployment/target');

/** Where finished systems outlive a test run, each under the digest of its recipe. */
const kept = '/var/cache/labkit/deployment-systems';
/** How many of them: another tree on this machine may be at another commit. */
const mostKept = 3;

/** The folder of the deployment system as the sources of now make it: built by the first test that wants it, and anew whenever anything that goes into it changed. Needs root and a Debian mirror. */
export async function openDeploymentSystem(): Promise<string> {
  const sources = await parseMirror(undefined);
  const { whole } = digestRecipe(sources, await readPrograms(targetPrograms));
  const folder = join(kept, whole.slice(0, 16));
  await mkdir(kept, { recursive: true });
  await using _lock = await openFileLock(join(kept, 'lock'), 'deployment-system', {
    waitMs: 1_200_000,
  });
  const olds = await listNewestFirst();
  // What came from Debian is taken over where only the programs changed.
  if (!existsSync(folder) && olds[0] !== undefined)
    await cp(join(kept, olds[0]), folder, { recursive: true });
  const { made } = await buildDeploymentSystem({
    ...{ folder, programs: targetPrograms, sources, now: Date.now },
    signal: new AbortController().signal,
    say: (text) => console.warn(`  ${text}`),
  });
  if (made) console.warn('the deployment system was built for this test');
  for (const old of olds.filter((name) => !folder.endsWith(name)).slice(mostKept - 1))
    await rm(join(kept, old), { recursive: true, force: true });
  return folder;
}

async function listNewestFirst(): Promise<string[]> {
  const names = (await readdir(kept)).filter((name) => /^[\da-f]{16}$/.test(name));
  const dated = await Promise.all(
    names.map(async (name) => ({ name, at: (await stat(join(kept, name))).mtimeMs })),
  );
  return dated.sort((a, b) => b.at - a.at).map(({ name }) => name);
}
