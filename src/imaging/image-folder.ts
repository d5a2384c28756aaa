import { constants } from 'node:fs';
import { type FileHandle, open, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Image, ImageFile } from '../model/image.ts';
import { LabError } from '../model/lab-error.ts';
import { nearest } from '../model/nearest.ts';
import { startMeasuring } from './chunks.ts';
import { parseManifest, plainName } from './manifest.ts';

/** The images in a folder, sorted by name, and what is wrong with those that are none. */
export interface ImageList {
  readonly images: readonly Image[];
  readonly broken: readonly { readonly name: string; readonly troubles: readonly string[] }[];
}

/** Reads the manifests of all images in `folder` (`FOLDER/NAME/manifest.json`); a folder that does not exist has none. */
export async function listImages(folder: string): Promise<ImageList> {
  const images: Image[] = [];
  const broken: { name: string; troubles: readonly string[] }[] = [];
  for (const name of await listNames(folder)) {
    const read = await readManifest(folder, name);
    if ('image' in read) images.push(read.image);
    else broken.push({ name, troubles: read.troubles });
  }
  return { images, broken };
}

/** Loads one image by name. Throws LabError: 'usage' when there is none, 'input' when its manifest is broken. */
export async function loadImage(folder: string, name: string): Promise<Image> {
  const names = await listNames(folder);
  if (!names.includes(name)) {
    const near = nearest(name, names);
    const known = names.length === 0 ? 'there are none in' : `there are ${names.join(', ')} in`;
    const hint = near === undefined ? `${known} ${folder}` : `did you mean "${near}"?`;
    throw new LabError('usage', `there is no image "${name}"`, hint);
  }
  const read = await readManifest(folder, name);
  if ('image' in read) return read.image;
  throw new LabError(
    'input',
    `the image ${name} is broken: ${read.troubles.join('; ')}`,
    'build it again',
  );
}

/** Where a file of an image lies, by the fixed names of its manifest; undefined for every other name. */
export function findImageFile(
  folder: string,
  image: Image,
  name: string,
): { readonly path: string; readonly file: ImageFile } | undefined {
  const file = image.files.find((one) => one.name === name);
  if (file === undefined || !plainName.test(image.name) || !plainName.test(name)) return undefined;
  return { path: join(folder, image.name, name), file };
}

/** Opens a file of an image for reading, by the fixed names of its manifest: nothing else in the folder, no link, and only with the size it must have. Close the handle. Throws LabError 'input'. */
export async function openImageFile(
  folder: string,
  image: Image,
  name: string,
): Promise<{ readonly handle: FileHandle; readonly file: ImageFile }> {
  const found = findImageFile(folder, image, name);
  if (!found) throw new LabError('input', `the image ${image.name} has no file "${name}"`);
  const { path, file } = found;
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW).catch(
    (error: NodeJS.ErrnoException) => {
      throw broken(path, error.code === 'ENOENT' ? 'is missing' : `cannot be read: ${error.code}`);
    },
  );
  const state = await handle.stat();
  if (state.isFile() && state.size === file.bytes) return { handle, file };
  await handle.close();
  throw broken(path, `has ${state.size} bytes, not ${file.bytes}${cutOff(file, state.size)}`);
}

/** From which chunk on a file lacks bytes; nothing where it has too many. */
function cutOff({ bytes, chunkBytes, chunks }: ImageFile, found: number): string {
  if (found >= bytes) return '';
  return `: it is cut off from chunk ${Math.floor(found / chunkBytes)} of ${chunks.length} on`;
}

/** Reads every byte of an image and compares each chunk; what is wrong comes back as sentences. `onBytes` is told what was read since. */
export async function verifyImage(
  folder: string,
  image: Image,
  onBytes: (bytes: number) => void = () => {},
): Promise<string[]> {
  const troubles: string[] = [];
  for (const file of image.files) {
    try {
      troubles.push(...(await verifyFile(folder, image, file, onBytes)));
    } catch (error) {
      if (!(error instanceof LabError)) throw error;
      troubles.push(error.message);
    }
  }
  return troubles;
}

async function verifyFile(
  folder: string,
  image: Image,
  { name }: ImageFile,
  onBytes: (bytes: number) => void,
): Promise<string[]> {
  const { handle, file } = await openImageFile(folder, image, name);
  await using stream = handle.createReadStream({ highWaterMark: 1024 * 1024 });
  const measuring = startMeasuring(file.chunkBytes);
  for await (const piece of stream) {
    measuring.add(piece);
    onBytes(piece.length);
  }
  const found = measuring.end();
  const altered = file.chunks.flatMap((chunk, at) => (found.chunks[at] === chunk ? [] : [at]));
  if (altered.length > 0)
    return [`${name}: chunk ${altered.join(', ')} of ${file.chunks.length} is altered`];
  return found.sha256 === file.sha256 ? [] : [`${name}: the whole does not fit its SHA-256`];
}

async function listNames(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw new LabError('environment', `cannot read ${folder}: ${error.code}`);
    },
  );
  return entries
    .filter((entry) => entry.isDirectory() && plainName.test(entry.name))
    .map(({ name }) => name)
    .sort();
}

async function readManifest(
  folder: string,
  name: string,
): Promise<ReturnType<typeof parseManifest>> {
  const file = join(folder, name, 'manifest.json');
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => error.code);
  if (text === undefined || /^E[A-Z]+$/.test(text))
    return { troubles: [`manifest.json cannot be read: ${text}`] };
  return parseManifest(text, name);
}

function broken(path: string, what: string): LabError {
  return new LabError('input', `${path} ${what}`, 'build the image again, or copy it anew');
}
