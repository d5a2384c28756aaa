import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { initramfsSettings, packScript, systemPackages, systemSuite } from './recipe.ts';
import { readManifest } from './system-folder.ts';

/** A file that runs on the target, or (`hook`) while its initramfs is made. */
export interface Program {
  readonly name: string;
  readonly text: string;
}

/** Every program of the target, by name. */
export async function readPrograms(folder: string): Promise<Program[]> {
  const names = (await readdir(folder)).sort();
  return Promise.all(
    names.map(async (name) => ({ name, text: await readFile(join(folder, name), 'utf8') })),
  );
}

/** Digests of what the part from Debian is made of, and of the whole: another digest, another system. */
export function digestRecipe(
  sources: readonly string[],
  programs: readonly Program[],
): { readonly base: string; readonly whole: string } {
  const hook = programs.find(({ name }) => name === 'hook');
  const base = digest([systemSuite, systemPackages, initramfsSettings, packScript, sources, hook]);
  return { base, whole: digest([base, programs]) };
}

const digest = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('hex');

/** Whether the deployment system of a folder was made by another version of Labkit: programs would run on the PCs that are not those of now. Where its packages came from is its maker's choice and makes it no older. False where there is none. */
export async function isStaleSystem(folder: string, programFolder: string): Promise<boolean> {
  const found = await readManifest(folder);
  if (found === undefined) return false;
  const programs = await readPrograms(programFolder);
  return digestRecipe(found.sources ?? [], programs).whole !== found.recipe;
}
