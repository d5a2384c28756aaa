import { join } from 'node:path';
import { runProgram } from '../../imaging/run-program.ts';
import { LabError } from '../../model/lab-error.ts';
import type { ChosenProfile } from '../../model/profile.ts';
import { type AssetStore, openAssetStore } from '../../netboot/assets/asset-store.ts';
import type { FoundAsset } from '../../netboot/assets/asset-types.ts';
import type { ServedFile } from '../../netboot/server/send-file.ts';
import type { AssetName } from '../../netboot/texts/boot-script.ts';
import type { BootFolders } from './boot-folders.ts';

/** The fixed map of files that PCs may fetch: what was found and verified, and nothing else. */
export interface ServedAssets {
  /** Takes in a file of our own. */
  add(file: FoundAsset): void;
  /** Finds and verifies all files of a profile; what is missing comes back as sentences. */
  prepare(chosen: ChosenProfile): Promise<string[]>;
  /** What a profile's asset is at present, once it was prepared. */
  ofProfile(chosen: ChosenProfile, asset: string): (AssetName & FoundAsset) | undefined;
  find(sha256: string, name: string): ServedFile | undefined;
}

/** Opens an empty map over the project's assets. */
export function openServedAssets(folders: BootFolders): ServedAssets {
  const store = openProjectAssets(folders);
  const served = new Map<string, FoundAsset>();
  const byProfile = new Map<string, FoundAsset>();
  const add = (file: FoundAsset) => {
    served.set(`${file.sha256}/${file.name}`, file);
  };
  return {
    add,
    async prepare(chosen) {
      const missing: string[] = [];
      for (const wish of chosen.profile.assets(chosen.options)) {
        const found = await store.find(wish).catch((error: unknown) => {
          if (!(error instanceof LabError)) throw error;
          missing.push(error.message);
          return undefined;
        });
        if (found) {
          add(found);
          byProfile.set(`${chosen.name}/${wish.name}`, found);
        } else if (missing.length === 0) missing.push(missingText(chosen, wish));
      }
      return missing;
    },
    ofProfile: (chosen, asset) => byProfile.get(`${chosen.name}/${asset}`),
    find: (sha256, name) => served.get(`${sha256}/${name}`),
  };
}

function missingText(
  chosen: ChosenProfile,
  wish: ReturnType<ChosenProfile['profile']['assets']>[number],
): string {
  const isOwn = wish.sources.some(({ from }) => from === 'deployment-system');
  const hint = isOwn ? 'lab image build-system makes it' : 'lab netboot assets fetch gets it';
  return `${wish.name} of the profile ${chosen.name} is not here: ${hint}`;
}

/** The project's store of pinned files. */
export function openProjectAssets(folders: BootFolders): AssetStore {
  const never = new AbortController().signal;
  return openAssetStore({
    fetch,
    signal: never,
    stallMs: 30_000,
    folder: folders.assets,
    deploymentFolder: folders.deploymentSystem,
    runProgram,
  });
}

/** Where a file of an image lies. */
export function imageFilePath(folders: BootFolders, image: string, file: string): string {
  return join(folders.images, image, file);
}
