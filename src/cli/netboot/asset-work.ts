import type { AssetWish, ChosenProfile } from '../../model/profile.ts';
import type { AssetStore } from '../../netboot/assets/asset-store.ts';
import type { Context } from '../context.ts';
import type { BootFolders } from './boot-folders.ts';

/** What `lab netboot assets` works with. */
export interface AssetWork {
  readonly context: Context;
  readonly folders: BootFolders;
  readonly store: AssetStore;
  readonly chosen: readonly ChosenProfile[];
}

/** What was asked for beside the action. */
export interface AssetsAsked {
  readonly file: string | undefined;
  readonly profile: string | undefined;
  readonly asset: string | undefined;
}

/** The files a profile needs, with the options it has. */
export const wishesOf = ({ profile, options }: ChosenProfile): readonly AssetWish[] =>
  profile.assets(options);
