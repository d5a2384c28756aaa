import { createHash } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { buildArchive } from '../../src/imaging/build/build-archive.ts';
import type { Recipe } from '../../src/imaging/build/recipe.ts';
import { listImages } from '../../src/imaging/image-folder.ts';
import type { Image } from '../../src/model/image.ts';
import { openFileLock } from '../../src/store/lock-file.ts';

/** What virtual PCs are reinstalled with: as small as a Debian can be that is reached by SSH. */
export const vmRecipe: Recipe = {
  name: 'debian-12',
  profile: 'debian-12',
  packages: [],
  kernel: 'linux-image-cloud-amd64',
  mirror: 'http://deb.debian.org/debian',
  securityMirror: 'http://deb.debian.org/debian-security',
  components: ['main'],
  locales: ['en_US.UTF-8'],
  playbook: '',
  rootMiB: 2048,
};

/** Where packages and finished images outlive a test run. */
const cache = '/var/cache/labkit';

/** The image for virtual PCs, built by the first test that wants it and kept for all others; needs root and a Debian mirror, and then minutes. `images` is the folder it lies in under its name. */
export async function openVmImage(): Promise<{ readonly images: string; readonly image: Image }> {
  const kept = join(cache, 'vm-images');
  await mkdir(kept, { recursive: true });
  const key = createHash('sha256').update(JSON.stringify(vmRecipe)).digest('hex').slice(0, 16);
  const images = join(kept, key);
  await using _lock = await openFileLock(join(kept, 'lock'), 'vm-image', { waitMs: 1_200_000 });
  const [found] = (await listImages(images)).images;
  if (found) return { images, image: found };
  for (const old of await readdir(kept))
    if (/^[\da-f]{16}$/.test(old)) await rm(join(kept, old), { recursive: true, force: true });
  console.warn('building the image for virtual PCs: this takes minutes, once');
  const effects = {
    images,
    cache: join(cache, 'packages'),
    now: Date.now,
    signal: new AbortController().signal,
    say: (text: string) => console.warn(`  ${text}`),
  };
  return { images, image: await buildArchive(vmRecipe, effects, true) };
}
