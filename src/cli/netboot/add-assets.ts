import { mkdtemp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { runProgram } from '../../imaging/run-program.ts';
import { LabError } from '../../model/lab-error.ts';
import type { ChosenProfile } from '../../model/profile.ts';
import type { AssetStore } from '../../netboot/assets/asset-store.ts';
import { judgeIso } from '../../netboot/assets/judge-iso.ts';
import { openIso } from '../../netboot/assets/open-iso.ts';
import { makeFolder } from '../../store/make-folder.ts';
import { type AssetsAsked, type AssetWork, wishesOf } from './asset-work.ts';
import { savePins } from './keep-pins.ts';

/** `lab netboot assets add`: takes what a profile needs out of an ISO, or one file, and pins it. */
export async function addAssets(work: AssetWork, asked: AssetsAsked): Promise<number> {
  const { context, folders, store, chosen } = work;
  const [profile] = chosen;
  if (asked.file === undefined || asked.profile === undefined || profile === undefined)
    throw new LabError(
      'usage',
      'a file is added for a profile',
      'lab netboot assets add FILE.iso --profile windows-11',
    );
  const file = resolve(context.io.cwd, asked.file);
  const taken =
    asked.asset === undefined
      ? await addIso(work, file, profile)
      : [await addFile(store, file, profile, asked.asset)];
  await savePins(folders, profile.name, taken);
  for (const { asset, sha256 } of taken) context.io.stdout.write(`${asset} ${sha256}\n`);
  return 0;
}

async function addFile(
  store: AssetStore,
  file: string,
  profile: ChosenProfile,
  asset: string,
): Promise<{ asset: string; sha256: string }> {
  const known = wishesOf(profile).map(({ name }) => name);
  if (!known.includes(asset))
    throw new LabError(
      'usage',
      `${profile.name} needs no asset "${asset}"`,
      `write one of ${known.join(', ')}`,
    );
  return { asset, sha256: (await store.keep(file, asset)).sha256 };
}

async function addIso(
  { folders, store }: AssetWork,
  file: string,
  chosen: ChosenProfile,
): Promise<{ asset: string; sha256: string }[]> {
  const iso = await openIso(file, runProgram);
  const judged = judgeIso(iso, chosen, wishesOf(chosen));
  if ('refused' in judged) throw new LabError('input', judged.refused, judged.hint);
  makeFolder(folders.assets, 0o755);
  const work = await mkdtemp(join(folders.assets, '.iso-'));
  try {
    const names = judged.takes.map(({ name }) => name).filter((name) => name !== '');
    await iso.extract(names, work);
    const taken: { asset: string; sha256: string }[] = [];
    for (const { asset, name } of judged.takes) {
      const kept = await store.keep(name === '' ? file : join(work, name), asset);
      taken.push({ asset, sha256: kept.sha256 });
    }
    return taken;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
