import { LabError } from '../../model/lab-error.ts';
import { type AssetWork, wishesOf } from './asset-work.ts';
import { savePins } from './keep-pins.ts';

/** Gets what profiles need; what a Debian package brought is pinned by what it brought, as apt vouches for it. */
export async function fetchAssets(work: AssetWork): Promise<number> {
  try {
    return await fetchAll(work);
  } finally {
    await work.store.forgetPackages();
  }
}

async function fetchAll(work: AssetWork): Promise<number> {
  const { context, folders, store, chosen } = work;
  const said: string[] = [];
  for (const one of chosen) {
    const made: { asset: string; sha256: string }[] = [];
    for (const wish of wishesOf(one)) {
      const found = await store.fetch(wish).catch((error: unknown) => {
        if (!(error instanceof LabError) || error.kind === 'cancelled') throw error;
        said.push(`${one.name}: ${error.message}\n${error.hint}`);
        return undefined;
      });
      const isOwn = wish.sources.some(({ from }) => from === 'deployment-system');
      if (found && wish.sha256 === '' && !isOwn)
        made.push({ asset: wish.name, sha256: found.sha256 });
      if (found) context.io.stdout.write(`${one.name}: ${found.name} ${found.sha256}\n`);
    }
    if (made.length > 0) await savePins(folders, one.name, made);
  }
  for (const line of said) context.io.stderr.write(`${line}\n`);
  return said.length === 0 ? 0 : 7;
}
