import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LabError } from '../../model/lab-error.ts';
import { addPin, type Pins, parsePins, renderPins } from '../../netboot/assets/pins.ts';
import { openFileLock } from '../../store/lock-file.ts';
import { makeFolder } from '../../store/make-folder.ts';
import { writeFileWhole } from '../../store/write-file.ts';
import type { BootFolders } from './boot-folders.ts';

type Folders = Pick<BootFolders, 'assets'>;

/** What `netboot assets` pinned so far; nothing where there is no file yet. */
export async function loadPins({ assets }: Folders): Promise<Pins> {
  const file = join(assets, 'pins.json');
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw new LabError('environment', `cannot read ${file}: ${error.code}`);
  });
  return parsePins(text);
}

/** Pins assets of a profile by their digests, beside what is pinned already. */
export async function savePins(
  folders: Folders,
  profile: string,
  found: readonly { readonly asset: string; readonly sha256: string }[],
): Promise<void> {
  makeFolder(folders.assets, 0o755);
  await using _lock = await openFileLock(join(folders.assets, 'pins.lock'), 'netboot assets');
  let pins = await loadPins(folders);
  for (const { asset, sha256 } of found) pins = addPin(pins, profile, asset, sha256);
  await writeFileWhole(join(folders.assets, 'pins.json'), renderPins(pins));
}
