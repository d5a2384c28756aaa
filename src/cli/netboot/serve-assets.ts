import { loadSystemDigest } from '../../imaging/deployment/system-folder.ts';
import { runProgram } from '../../imaging/run-program.ts';
import { LabError } from '../../model/lab-error.ts';
import type { AssetWish, ChosenProfile } from '../../model/profile.ts';
import { type AssetStore, openAssetStore } from '../../netboot/assets/asset-store.ts';
import type { AssetEffects, FoundAsset } from '../../netboot/assets/asset-types.ts';
import type { ServedFile } from '../../netboot/server/send-file.ts';
import type { AssetName } from '../../netboot/texts/boot-script.ts';
import type { BootFolders } from './boot-folders.ts';
import { describeMissing } from './missing-assets.ts';
import type { Trouble } from './trouble.ts';

/** The fixed map of files that PCs may fetch: what was found and verified, and nothing else. */
export interface ServedAssets {
  /** Takes in a file of our own. */
  add(file: FoundAsset): void;
  /** Finds and verifies all files of a profile; says which are missing or altered. */
  prepare(chosen: ChosenProfile): Promise<Trouble[]>;
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
      const altered: Trouble[] = [];
      const missing: AssetWish[] = [];
      for (const wish of chosen.profile.assets(chosen.options)) {
        const key = `${chosen.name}/${wish.name}`;
        let found: FoundAsset | undefined;
        try {
          found = await store.find(wish);
          if (!found) missing.push(wish);
        } catch (error) {
          if (!(error instanceof LabError)) throw error;
          altered.push({ message: error.message, hint: error.hint });
        }
        // Only now: other PCs of the profile are told of the file meanwhile.
        byProfile.delete(key);
        if (!found) continue;
        add(found);
        byProfile.set(key, found);
      }
      return [...altered, ...describeMissing(chosen, missing)];
    },
    ofProfile: (chosen, asset) => byProfile.get(`${chosen.name}/${asset}`),
    find: (sha256, name) => served.get(`${sha256}/${name}`),
  };
}

/** The project's store of pinned files. `more` is for those who fetch. */
export function openProjectAssets(
  folders: BootFolders,
  more: Partial<Pick<AssetEffects, 'signal' | 'onBytes'>> = {},
): AssetStore {
  return openAssetStore({
    fetch,
    signal: new AbortController().signal,
    stallMs: 30_000,
    folder: folders.assets,
    deploymentFolder: folders.deploymentSystem,
    deploymentDigest: (file) => loadSystemDigest(folders.deploymentSystem, file),
    runProgram,
    ...more,
  });
}
