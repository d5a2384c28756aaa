import { LabError } from '../../model/lab-error.ts';
import type { AssetWish } from '../../model/profile.ts';
import type { AssetStore } from '../../netboot/assets/asset-store.ts';
import { type AssetLine, reportAssets } from '../../report/assets-report.ts';
import type { Context } from '../context.ts';
import { showReport } from '../show-report.ts';
import { type AssetWork, wishesOf } from './asset-work.ts';

/** `lab netboot assets list`: every file of the profiles, as it stands. */
export async function listAssets({ context, store, chosen }: AssetWork): Promise<number> {
  const lines: AssetLine[] = [];
  for (const one of chosen)
    for (const wish of wishesOf(one))
      lines.push({ profile: one.name, asset: wish.name, ...(await look(store, wish)) });
  return show(context, lines, 0);
}

async function look(
  store: AssetStore,
  wish: AssetWish,
): Promise<Pick<AssetLine, 'state' | 'bytes' | 'sha256'>> {
  try {
    const found = await store.find(wish);
    if (found) return { state: 'ok', bytes: found.bytes, sha256: found.sha256 };
    return { state: missingState(wish), bytes: 0, sha256: wish.sha256 };
  } catch (error) {
    if (!(error instanceof LabError) || error.kind !== 'input') throw error;
    return { state: 'altered', bytes: 0, sha256: wish.sha256 };
  }
}

/** `lab netboot assets verify`: the same, each file read whole; exit code 2 when one was altered. */
export async function verifyAssets({ context, store, chosen }: AssetWork): Promise<number> {
  const lines: AssetLine[] = [];
  for (const one of chosen)
    for (const wish of wishesOf(one)) {
      const state = await store.verify(wish);
      const shown = state === 'unpinned' ? missingState(wish) : state;
      lines.push({
        profile: one.name,
        asset: wish.name,
        state: shown,
        bytes: 0,
        sha256: wish.sha256,
      });
    }
  return show(context, lines, lines.some(({ state }) => state === 'altered') ? 2 : 0);
}

/** What our own build or a signed package brings needs nobody to pin it. */
function missingState({ sha256, sources }: AssetWish): AssetLine['state'] {
  const isBrought = sources.some(({ from }) => from === 'deployment-system' || from === 'package');
  return sha256 === '' && !isBrought ? 'unpinned' : 'missing';
}

async function show(context: Context, lines: readonly AssetLine[], code: number): Promise<number> {
  const at = new Date(context.io.now()).toISOString();
  await showReport(context, reportAssets(lines, at, context.settings.lang));
  return code;
}
