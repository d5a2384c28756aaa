import { createHash } from 'node:crypto';
import type { Image, ImageFile, ImagePartition } from '../model/image.ts';

/** A name of an image or of a file in its folder: no slash, no leading dot, nothing that a shell or a URL would read. */
export const plainName = /^[a-z\d][a-z\d._-]{0,63}$/;

/** The stamp of an image: SHA-256 (hex) over everything else in its manifest but `madeAt`, as JSON with sorted keys. */
export function stampOf(image: Omit<Image, 'stamp' | 'madeAt'>): string {
  const { schema, name, kind, title, arch, origin, layout, files, packages } = image;
  const told = { schema, name, kind, title, arch, origin, layout, files, packages };
  return createHash('sha256')
    .update(JSON.stringify(sortKeys(told)))
    .digest('hex');
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, sortKeys(item)]));
}

/** Reads a `manifest.json`; everything that is wrong with it comes back as sentences, and then no image. */
export function parseManifest(
  text: string,
  name: string,
): { image: Image } | { troubles: readonly string[] } {
  const read = parseJson(text);
  if (typeof read !== 'object' || read === null || Array.isArray(read))
    return { troubles: ['it is not a JSON object'] };
  const image = read as Image;
  const troubles = [...judgeShape(image, name)];
  if (troubles.length === 0) {
    troubles.push(...image.layout.flatMap(judgePartition), ...judgeLayout(image.layout));
    troubles.push(...image.files.flatMap(judgeFile));
    if (new Set(image.files.map((file) => file?.name)).size !== image.files.length)
      troubles.push('a file is in it twice');
  }
  if (troubles.length === 0 && stampOf(image) !== image.stamp)
    troubles.push('its stamp does not fit its content: it was edited, or cut off');
  return troubles.length === 0 ? { image } : { troubles };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function* judgeShape(image: Image, name: string): Iterable<string> {
  if (image.schema !== 'lab.image/1') yield `its schema is not lab.image/1`;
  if (image.name !== name) yield `it says that it is "${String(image.name)}", not "${name}"`;
  if (!['archive', 'disk'].includes(image.kind)) yield 'its kind is neither archive nor disk';
  if (!['amd64', 'arm64'].includes(image.arch)) yield 'its arch is neither amd64 nor arm64';
  for (const key of ['title', 'madeAt', 'stamp'] as const)
    if (typeof image[key] !== 'string') yield `${key} is not a text`;
  for (const key of ['layout', 'files', 'packages'] as const)
    if (!Array.isArray(image[key])) yield `${key} is not a list`;
  if (!isTextTable(image.origin)) yield 'origin is not a table of texts';
  if (Array.isArray(image.files) && image.files.length === 0) yield 'it has no files';
}

function isTextTable(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.values(value).every((item) => typeof item === 'string');
}

const filesystems = ['vfat', 'ext4', 'ntfs', 'swap', 'none'];
const roles = ['esp', 'bios', 'root', 'swap', 'data'];

function judgePartition(part: ImagePartition, index: number): string[] {
  const isSound =
    roles.includes(part?.role) &&
    filesystems.includes(part.filesystem) &&
    Number.isInteger(part.mebibytes) &&
    part.mebibytes > 0 &&
    typeof part.grows === 'boolean';
  return isSound ? [] : [`partition ${index + 1} is not understood`];
}

function judgeLayout(layout: readonly ImagePartition[]): string[] {
  const grows = layout.filter((part) => part?.grows === true).length;
  const roots = layout.filter((part) => part?.role === 'root').length;
  return [
    ...(grows > 1 ? ['more than one partition takes what is left of the disk'] : []),
    ...(roots === 1 ? [] : [`it has ${roots} root partitions, not one`]),
  ];
}

const digest = /^[\da-f]{64}$/;

function judgeFile(file: ImageFile, index: number): string[] {
  const name = typeof file?.name === 'string' ? file.name : '';
  if (!plainName.test(name)) return [`file ${index + 1} has no plain name`];
  if (!['root-archive', 'partition'].includes(file.role)) return [`${name}: unknown role`];
  const { bytes, contentBytes, chunkBytes, chunks } = file;
  const numbers = [bytes, contentBytes, chunkBytes];
  if (!numbers.every((one) => Number.isSafeInteger(one) && one >= 0) || chunkBytes < 1)
    return [`${name}: its sizes are not understood`];
  if (!Array.isArray(chunks) || !chunks.every((chunk) => digest.test(chunk)))
    return [`${name}: its chunks are not understood`];
  if (!digest.test(file.sha256)) return [`${name}: it has no SHA-256`];
  const wanted = Math.ceil(bytes / chunkBytes);
  return chunks.length === wanted ? [] : [`${name}: ${chunks.length} chunks where ${wanted} are`];
}
