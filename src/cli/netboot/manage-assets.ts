import { LabError } from '../../model/lab-error.ts';
import type { ChosenProfile } from '../../model/profile.ts';
import { listProfiles, openProfile } from '../../netboot/select-profile.ts';
import type { Context } from '../context.ts';
import { addAssets } from './add-assets.ts';
import type { AssetsAsked, AssetWork } from './asset-work.ts';
import { bootFolders } from './boot-folders.ts';
import { fetchAssets } from './fetch-assets.ts';
import { listAssets, verifyAssets } from './list-assets.ts';
import { loadProfiles } from './load-profiles.ts';
import { openProjectAssets } from './serve-assets.ts';

type Action = (work: AssetWork, asked: AssetsAsked) => Promise<number>;

const actions: { readonly [name: string]: Action } = {
  list: listAssets,
  fetch: fetchAssets,
  add: addAssets,
  verify: verifyAssets,
};

/** `lab netboot assets ACTION`: lists, fetches, takes in or verifies the files that profiles need. */
export async function manageAssets(
  context: Context,
  action: string,
  asked: AssetsAsked,
): Promise<number> {
  const act = Object.hasOwn(actions, action) ? actions[action] : undefined;
  if (act === undefined) {
    const known = Object.keys(actions).join(', ');
    throw new LabError('usage', `netboot assets cannot ${action}`, `write one of ${known}`);
  }
  const interruption = new AbortController();
  context.defer(context.io.onInterrupt(() => interruption.abort()));
  const folders = bootFolders(context.settings);
  const { signal } = interruption;
  const store = openProjectAssets(folders, { signal, onBytes: openCounter(context) });
  return act({ context, folders, store, chosen: await selectProfiles(context, asked) }, asked);
}

async function selectProfiles(
  context: Context,
  { profile }: AssetsAsked,
): Promise<ChosenProfile[]> {
  const { shelf } = await loadProfiles(context);
  const known = listProfiles(shelf);
  if (profile !== undefined && !known.includes(profile))
    throw new LabError(
      'usage',
      `there is no profile "${profile}"`,
      `write one of ${known.join(', ')}`,
    );
  const wanted = profile === undefined ? known : [profile];
  return wanted.flatMap((name) => openProfile(shelf, name, '--profile') ?? []);
}

/** One line on a terminal that counts up; nothing elsewhere. */
function openCounter({ io, flags }: Context): (done: number, total: number) => void {
  let shown = -1;
  return (done, total) => {
    const mega = Math.floor(done / 1e6);
    if (!io.stderr.isTTY || flags.quiet === true || mega === shown) return;
    shown = mega;
    io.stderr.write(`\r${mega} MB${total === 0 ? '' : ` of ${Math.ceil(total / 1e6)}`}\u001b[K`);
    if (done === total) io.stderr.write('\r\u001b[K');
  };
}
