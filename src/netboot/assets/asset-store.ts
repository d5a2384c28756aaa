import { constants } from 'node:fs';
import { copyFile, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { LabError } from '../../model/lab-error.ts';
import type { AssetSource, AssetWish } from '../../model/profile.ts';
import type { AssetEffects, FoundAsset } from './asset-types.ts';
import { digestFile, makeDigests } from './digests.ts';
import { explainDisk } from './disk-trouble.ts';
import { fetchUrl } from './fetch-url.ts';
import { openPackages, type Packages } from './take-from-package.ts';

/** The pinned files of a site. Everything in it is verified before every use; a digest is remembered for as long as inode, time and size of its file stay the same. */
export interface AssetStore {
  /** Where a wished file lies; undefined while it is not here or not pinned. Throws LabError 'input' when it was altered. */
  find(wish: AssetWish): Promise<FoundAsset | undefined>;
  /** Gets a file from the first of its sources that has it. Throws LabError with what each source said. */
  fetch(wish: AssetWish): Promise<FoundAsset>;
  /** Removes the packages that fetched files were taken out of; to be called behind the last one. */
  forgetPackages(): Promise<void>;
  /** Takes a file in under its digest. */
  keep(path: string, name: string): Promise<FoundAsset>;
  /** Reads a file whole, whatever is remembered of it. */
  verify(wish: AssetWish): Promise<'ok' | 'missing' | 'unpinned' | 'altered'>;
}

/** Opens the store of assets; makes its folder when the first file comes. */
export function openAssetStore(effects: AssetEffects): AssetStore {
  const digests = makeDigests();
  const packages = openPackages(effects);
  const store: AssetStore = {
    async find(wish) {
      const place = await placeOf(wish, effects);
      const bytes = place && (await sizeOf(place.path));
      if (!place || bytes === undefined) return undefined;
      const sha256 = await digests.of(place.path);
      if (sha256 !== place.sha256) throw altered(wish, place.path, sha256);
      return { name: wish.name, path: place.path, sha256, bytes };
    },
    async fetch(wish) {
      const there = await store.find(wish).catch(() => undefined);
      return there ?? fetchAnew(wish, effects, { store, packages });
    },
    forgetPackages: () => packages.forget(),
    async keep(path, name) {
      const sha256 = await digestFile(path);
      const target = join(effects.folder, sha256);
      await mkdir(effects.folder, { recursive: true });
      await placeCopy(path, target, sha256);
      return { name, path: target, sha256, bytes: (await sizeOf(target)) ?? 0 };
    },
    async verify(wish) {
      const place = await placeOf(wish, effects);
      if (!place) return 'unpinned';
      if ((await sizeOf(place.path)) === undefined) return 'missing';
      digests.forget(place.path);
      return (await digests.of(place.path)) === place.sha256 ? 'ok' : 'altered';
    },
  };
  return store;
}

const isOwn = ({ from }: AssetSource): boolean => from === 'deployment-system';

/** Where a file lies and what it must be: the deployment system is made here and pinned by its build; everything else is kept by its digest. */
async function placeOf(
  wish: AssetWish,
  { folder, deploymentFolder, deploymentDigest }: AssetEffects,
): Promise<{ readonly path: string; readonly sha256: string } | undefined> {
  const own = wish.sources.find(isOwn);
  if (own?.from === 'deployment-system' && wish.sha256 === '') {
    const sha256 = await deploymentDigest(own.file);
    return sha256 === undefined ? undefined : { path: join(deploymentFolder, own.file), sha256 };
  }
  const { sha256 } = wish;
  return /^[\da-f]{64}$/.test(sha256) ? { path: join(folder, sha256), sha256 } : undefined;
}

interface Shelves {
  readonly store: AssetStore;
  readonly packages: Packages;
}

async function fetchAnew(
  wish: AssetWish,
  effects: AssetEffects,
  shelves: Shelves,
): Promise<FoundAsset> {
  const said: string[] = [];
  for (const source of wish.sources) {
    try {
      const found = await fetchFrom(source, wish, effects, shelves);
      if (wish.sha256 === '' || found.sha256 === wish.sha256) return found;
      await rm(found.path, { force: true });
      said.push(`${describeSource(source)}: its SHA-256 is ${found.sha256}, not ${wish.sha256}`);
    } catch (error) {
      if (!(error instanceof LabError) || error.kind === 'cancelled') throw error;
      said.push(`${describeSource(source)}: ${error.message}${hintOf(error)}`);
    }
  }
  throw new LabError('environment', `${wish.name} could not be fetched`, said.join('\n'));
}

async function fetchFrom(
  source: AssetSource,
  wish: AssetWish,
  effects: AssetEffects,
  { store, packages }: Shelves,
): Promise<FoundAsset> {
  await mkdir(effects.folder, { recursive: true });
  if (source.from === 'file') return store.keep(source.path, wish.name);
  if (source.from === 'url') {
    if (wish.sha256 === '') throw unpinned(wish);
    const path = await fetchUrl(source.url, effects.folder, wish.sha256, effects);
    return { name: wish.name, path, sha256: wish.sha256, bytes: (await sizeOf(path)) ?? 0 };
  }
  if (source.from === 'package')
    return packages.take(source, (path) => store.keep(path, wish.name));
  if (source.from === 'iso')
    throw new LabError(
      'environment',
      `it is in ${source.iso}, which a person has to bring`,
      'lab netboot assets add FILE.iso --profile NAME',
    );
  throw new LabError('environment', 'it is not made yet', 'lab image build-system');
}

function unpinned(wish: AssetWish): LabError {
  return new LabError(
    'environment',
    `nobody pinned ${wish.name}: what comes over the network could be anything`,
    'write its SHA-256 in a profile of the site, or bring the file: lab netboot assets add FILE --profile NAME --asset ASSET',
  );
}

/** What a source is, for people. */
export function describeSource(source: AssetSource): string {
  if (source.from === 'url') return source.url;
  if (source.from === 'file') return source.path;
  if (source.from === 'package') return `the package ${source.package}`;
  return source.from === 'iso' ? `the ISO of ${source.iso}` : 'the deployment system';
}

async function placeCopy(path: string, target: string, sha256: string): Promise<void> {
  if (((await sizeOf(target)) ?? -1) >= 0 && (await digestFile(target)) === sha256) return;
  const temporary = `${target}.${process.pid}.tmp`;
  try {
    await copyFile(path, temporary, constants.COPYFILE_FICLONE);
    // Another program may write to the source meanwhile: what counts is the copy.
    if ((await digestFile(temporary)) !== sha256)
      throw new LabError('environment', `${path} changed while it was read`, 'try again');
    await using handle = await open(temporary, 'r+');
    await handle.chmod(0o644);
    await handle.sync();
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw explainDisk(error, target);
  }
}

async function sizeOf(path: string): Promise<number | undefined> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw explainDisk(error, path);
  });
  return found?.isFile() ? found.size : undefined;
}

function altered({ name, sources }: AssetWish, path: string, found: string): LabError {
  return new LabError(
    'input',
    `${name} was altered: ${path} has the SHA-256 ${found}`,
    sources.some(isOwn)
      ? 'make it again: lab image build-system'
      : 'delete the file and fetch it again: lab netboot assets fetch',
  );
}

const hintOf = ({ hint }: LabError): string => (hint === '' ? '' : ` (${hint})`);
