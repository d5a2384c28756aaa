import {
  appendFile,
  chmod,
  copyFile,
  mkdir,
  mkdtemp,
  rename,
  rm,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { LabError } from '../../model/lab-error.ts';
import { requireRoom } from '../require-room.ts';
import { makeBase, reuseBase } from './base-system.ts';
import { type CpioFile, renderCpio } from './cpio.ts';
import { mostBytes, systemSuite } from './recipe.ts';
import {
  type DeploymentSystem,
  digestFile,
  loadDeploymentSystem,
  systemFiles,
} from './system-folder.ts';
import { digestRecipe, type Program, readPrograms } from './system-recipe.ts';

/** What a build of the deployment system is handed. */
export interface SystemBuild {
  /** Where it ends up: `vmlinuz`, `initrd.img` and `manifest.json`. */
  readonly folder: string;
  /** The target's programs: `imaging/deployment/target` of the program's folder. */
  readonly programs: string;
  /** Lines of sources.list(5); none for mmdebstrap's own. */
  readonly sources: readonly string[];
  readonly now: () => number;
  readonly signal: AbortSignal;
  /** Told what is being done. */
  say(text: string): void;
  /** Makes it anew even where the same one is there. */
  readonly again?: boolean;
}

/** Makes the small Linux that runs on a target, or finds it made already from the same recipe and whole; where only the target's programs are others, Debian is not asked again. Throws LabError 'environment' without root's rights, mmdebstrap, a package or room. */
export async function buildDeploymentSystem(
  build: SystemBuild,
): Promise<{ system: DeploymentSystem; made: boolean }> {
  const programs = await readPrograms(build.programs);
  const recipe = digestRecipe(build.sources, programs);
  const found = await loadDeploymentSystem(build.folder);
  if (found?.recipe === recipe.whole && build.again !== true) return { system: found, made: false };
  const scratch = await mkdtemp(join(tmpdir(), 'labkit-system-'));
  try {
    const out = join(scratch, 'out');
    await mkdir(out);
    await mkdir(build.folder, { recursive: true });
    await requireRoom(build.folder, 2 * mostBytes, 'the deployment system');
    const base =
      found?.base.recipe === recipe.base && build.again !== true
        ? await reuseBase(build.folder, found, out)
        : await makeBase(programs, scratch, build);
    await appendFile(join(out, 'initrd.img'), renderCpio(placePrograms(programs)));
    const system = await describe(
      build,
      { recipe: recipe.whole, base: { recipe: recipe.base, initrdBytes: base.initrdBytes } },
      out,
      base.packages,
    );
    await place(out, build.folder, system);
    return { system, made: true };
  } finally {
    await rm(scratch, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Where the programs are in the initramfs. */
function placePrograms(programs: readonly Program[]): CpioFile[] {
  return programs
    .filter(({ name }) => name !== 'hook')
    .map(({ name, text }) => ({
      path: name === 'deploy' ? 'scripts/deploy' : `labkit/${name}`,
      mode: 0o755,
      text,
    }));
}

async function describe(
  { now, sources }: SystemBuild,
  recipes: Pick<DeploymentSystem, 'recipe' | 'base'>,
  folder: string,
  packages: DeploymentSystem['packages'],
): Promise<DeploymentSystem> {
  const files = [];
  for (const name of systemFiles) files.push({ name, ...(await digestFile(join(folder, name))) });
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  if (bytes > mostBytes)
    throw new LabError(
      'environment',
      `the deployment system is ${Math.ceil(bytes / 1e6)} MB, more than ${mostBytes / 1e6}`,
      'this is an error in Labkit: the packages of the release have grown',
    );
  return {
    schema: 'lab.deployment-system/1',
    ...recipes,
    madeAt: new Date(now()).toISOString(),
    suite: systemSuite,
    sources,
    files,
    packages,
  };
}

/** Puts the files in their place; the manifest comes last, so that a half-copied system is none. */
async function place(from: string, folder: string, system: DeploymentSystem): Promise<void> {
  await mkdir(folder, { recursive: true });
  await rm(join(folder, 'manifest.json'), { force: true });
  for (const name of systemFiles) await copyWhole(join(from, name), join(folder, name));
  const draft = join(from, 'manifest.json');
  await writeFile(draft, `${JSON.stringify(system, null, 2)}\n`);
  await copyWhole(draft, join(folder, 'manifest.json'));
}

async function copyWhole(from: string, to: string): Promise<void> {
  const draft = join(dirname(to), `.${basename(to)}.new`);
  await copyFile(from, draft);
  await chmod(draft, 0o644);
  await rename(draft, to);
}
