import { chmod, copyFile, mkdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { LabError } from '../../model/lab-error.ts';
import { runProgram } from '../run-program.ts';
import { initramfsSettings, packScript, systemPackages, systemSuite } from './recipe.ts';
import { type DeploymentSystem, systemFiles } from './system-folder.ts';
import type { Program } from './system-recipe.ts';

/** The part of a deployment system that comes from Debian: kernel and initramfs lie in a folder, the target's programs are not in yet. */
export interface BaseSystem {
  readonly initrdBytes: number;
  readonly packages: DeploymentSystem['packages'];
}

/** Takes it out of a system that was made before. */
export async function reuseBase(
  folder: string,
  found: DeploymentSystem,
  out: string,
): Promise<BaseSystem> {
  for (const name of systemFiles) await copyFile(join(folder, name), join(out, name));
  await truncate(join(out, 'initrd.img'), found.base.initrdBytes);
  return { initrdBytes: found.base.initrdBytes, packages: found.packages };
}

/** Asks Debian for it, with mmdebstrap; the results are in `scratch`/out. Throws LabError 'environment'. */
export async function makeBase(
  programs: readonly Program[],
  scratch: string,
  {
    sources,
    signal,
    say,
  }: {
    readonly sources: readonly string[];
    readonly signal: AbortSignal;
    say(text: string): void;
  },
): Promise<BaseSystem> {
  requireRoot();
  await stage(scratch, programs);
  say('fetching and unpacking packages');
  await runProgram('mmdebstrap', bootstrapArgs(scratch, sources), {
    signal,
    onLine: (line) => {
      if (/^I: (?!automatically|chroot arch|using|removing|running|success|done)/.test(line))
        say(line.slice(3));
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
  return { initrdBytes, packages };
}

function requireRoot(): void {
  if (process.getuid?.() === 0) return;
  throw new LabError(
    'environment',
    'the deployment system can only be made by root',
    'run it with sudo, or copy STATE/deployment-system from a machine where it was made',
  );
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
