import { mkdir, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Image } from '../../model/image.ts';
import { LabError } from '../../model/lab-error.ts';

/** A folder in which an image is being made, beside those that are done. */
export interface ImageDraft {
  readonly folder: string;
  /** Writes the manifest and puts the folder in its place: whole or not at all. */
  place(image: Image): Promise<void>;
  /** Removes what was made; harmless after `place`. */
  drop(): Promise<void>;
}

/** Begins an image in `images`. Throws LabError 'refused' when one of this name exists and `replaces` is not set. */
export async function openDraft(
  images: string,
  name: string,
  replaces: boolean,
): Promise<ImageDraft> {
  await mkdir(images, { recursive: true });
  await putBackOld(images, name);
  const target = join(images, name);
  if (!replaces && (await exists(target)))
    throw new LabError('refused', `the image ${name} exists`, 'add --replace, or another --name');
  const folder = join(images, `.${name}.${process.pid}.new`);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder);
  return {
    folder,
    async place(image) {
      const file = join(folder, 'manifest.json');
      await writeFile(file, `${JSON.stringify(image, null, 1)}\n`, { flush: true, flag: 'wx' });
      await syncFolder(folder);
      const old = oldName(images, name);
      // Between the two renames a kill leaves no image of this name; the next build puts the old one back.
      if (await exists(target)) await rename(target, old);
      await rename(folder, target);
      await syncFolder(images);
      await rm(old, { recursive: true, force: true });
    },
    drop: () => rm(folder, { recursive: true, force: true, maxRetries: 5 }),
  };
}

const oldName = (images: string, name: string): string => join(images, `.${name}.old`);

/** Ends what a killed build left: its half folders go, and an image it had put aside comes back. */
async function putBackOld(images: string, name: string): Promise<void> {
  const old = oldName(images, name);
  const target = join(images, name);
  if ((await exists(old)) && !(await exists(target))) await rename(old, target);
  await rm(old, { recursive: true, force: true });
  for (const entry of await readdir(images)) {
    const pid = new RegExp(`^\\.${name.replaceAll('.', '\\.')}\\.(\\d+)\\.new$`).exec(entry)?.[1];
    if (pid === undefined || (Number(pid) !== process.pid && isAlive(Number(pid)))) continue;
    await rm(join(images, entry), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}

async function syncFolder(folder: string): Promise<void> {
  await using handle = await open(folder, 'r');
  await handle.sync();
}
