import { createHash } from 'node:crypto';
import {
  appendFile,
  chmod,
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { LabError } from '../../model/lab-error.ts';
import { requireRoom } from '../require-room.ts';
import { runProgram } from '../run-program.ts';
import { type CpioFile, renderCpio } from './cpio.ts';
import { initramfsSettings, mostBytes, packScript, systemPackages, systemSuite } from './recipe.ts';
import {
  type DeploymentSystem,
  digestFile,
  loadDeploymentSystem,
  systemFiles,
} from './system-folder.ts';

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
  const recipe = digestRecipe(build, programs);
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
        : await makeBase(build, programs, scratch);
    await appendFile(join(out, 'initrd.img'), renderCpio(placePrograms(programs)));
    const system = await describe(
      build,
      { recipe: recipe.whole, base: { recipe: recipe.base, ...base.initrd } },
      out,
      base.packages,
    );
    await place(out, build.folder, system);
    return { system, made: true };
  } finally {
    await rm(scratch, { recursive: true, force: true, maxRetries: 3 });
  }
}

interface Base {
  readonly initrd: { readonly initrdBytes: number };
  readonly packages: DeploymentSystem['packages'];
}

/** Takes what came from Debian out of a system that was made before. */
async function reuseBase(folder: string, found: DeploymentSystem, out: string): Promise<Base> {
  for (const name of systemFiles) await copyFile(join(folder, name), join(out, name));
  await truncate(join(out, 'initrd.img'), found.base.initrdBytes);
  return { initrd: { initrdBytes: found.base.initrdBytes }, packages: found.packages };
}

/** Asks Debian for it. */
async function makeBase(
  build: SystemBuild,
  programs: readonly Program[],
  scratch: string,
): Promise<Base> {
  requireRoot();
  await stage(scratch, programs);
  build.say('fetching and unpacking packages');
  await runProgram('mmdebstrap', bootstrapArgs(scratch, build.sources), {
    signal: build.signal,
    onLine: (line) => {
      if (/^I: (?!automatically|chroot arch|using|removing|running|success|done)/.test(line))
        build.say(line.slice(3));
    },
  });
  const initrd = join(scratch, 'out', 'initrd.img');
  const { size } = await stat(initrd);
  // The kernel skips zeros between two archives, and wants the next one aligned.
  const initrdBytes = Math.ceil(size / 512) * 512;
  await truncate(initrd, initrdBytes);
  const lines = (await readFile(join(scratch, 'out', 'packages'), 'utf8')).trim().split('\n');
  const packages = lines.map((line) => {
    const [name = '', version = ''] = line.split(' ');
    return { name, version };
  });
  return { initrd: { initrdBytes }, packages };
}

function requireRoot(): void {
  if (process.getuid?.() === 0) return;
  throw new LabError(
    'environment',
    'the deployment system can only be made by root',
    'run it with sudo, or copy STATE/deployment-system from a machine where it was made',
  );
}

interface Program {
  readonly name: string;
  readonly text: string;
}

/** Every file that runs on the target, by name. */
async function readPrograms(folder: string): Promise<Program[]> {
  const names = (await readdir(folder)).sort();
  return Promise.all(
    names.map(async (name) => ({ name, text: await readFile(join(folder, name), 'utf8') })),
  );
}

const digest = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('hex');

/** What the base is made of, and what the whole is. */
function digestRecipe({ sources }: SystemBuild, programs: readonly Program[]) {
  const hook = programs.find(({ name }) => name === 'hook');
  const base = digest([systemSuite, systemPackages, initramfsSettings, packScript, sources, hook]);
  return { base, whole: digest([base, programs]) };
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

/** Lays out the files that go into the root as a tree of their own. */
async function stage(scratch: string, programs: readonly Program[]): Promise<void> {
  const files = [
    ['usr/share/initramfs-tools/hooks/labkit', programs.find(({ name }) => name === 'hook')?.text],
    ['etc/initramfs-tools/conf.d/labkit', initramfsSettings],
    ['usr/share/labkit-pack', packScript],
  ];
  for (const [path = '', text = ''] of files) {
    const file = join(scratch, 'root', path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  // mmdebstrap's own helpers enter it under another user in some modes.
  await chmod(scratch, 0o755);
}

/** mmdebstrap(1)'s arguments; nothing of the root is kept but what the hooks take out of it. */
function bootstrapArgs(scratch: string, sources: readonly string[]): string[] {
  return [
    '--mode=root',
    '--variant=minbase',
    '--format=null',
    '--architectures=amd64',
    `--include=${systemPackages.join(',')}`,
    '--aptopt=Acquire::Languages "none"',
    '--aptopt=Acquire::Retries "3"',
    // The kernel package's own initramfs would be thrown away, and takes longer than all else.
    '--dpkgopt=path-exclude=/etc/kernel/postinst.d/initramfs-tools',
    '--essential-hook=mkdir -p "$1/out"',
    `--customize-hook=sync-in ${join(scratch, 'root')} /`,
    '--customize-hook=chroot "$1" sh /usr/share/labkit-pack /out',
    `--customize-hook=sync-out /out ${join(scratch, 'out')}`,
    systemSuite,
    '-',
    ...sources,
  ];
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
