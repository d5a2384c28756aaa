import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { runProgram } from '../../imaging/run-program.ts';
import { LabError } from '../../model/lab-error.ts';
import type { AssetWish, ChosenProfile } from '../../model/profile.ts';
import { type AssetStore, openAssetStore } from '../../netboot/assets/asset-store.ts';
import { judgeIso } from '../../netboot/assets/judge-iso.ts';
import { openIso } from '../../netboot/assets/open-iso.ts';
import { listProfiles, openProfile } from '../../netboot/select-profile.ts';
import { type AssetLine, reportAssets } from '../../report/assets-report.ts';
import type { Context } from '../context.ts';
import { showReport } from '../show-report.ts';
import { type BootFolders, bootFolders } from './boot-folders.ts';
import { savePins } from './keep-pins.ts';
import { loadProfiles } from './load-profiles.ts';

/** What `lab netboot assets` works with. */
interface Work {
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

type Action = (work: Work, asked: AssetsAsked) => Promise<number>;

const actions: { readonly [name: string]: Action } = { list, fetch: fetchAll, add, verify };

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
  const store = openAssetStore({
    fetch,
    signal: interruption.signal,
    stallMs: 30_000,
    folder: folders.assets,
    deploymentFolder: folders.deploymentSystem,
    runProgram,
    onBytes: openCounter(context),
  });
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

const wishesOf = ({ profile, options }: ChosenProfile): readonly AssetWish[] =>
  profile.assets(options);

async function list({ context, store, chosen }: Work): Promise<number> {
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

async function verify({ context, store, chosen }: Work): Promise<number> {
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

/** Gets what profiles need; what a Debian package brought is pinned by what it brought, as apt vouches for it. */
async function fetchAll(work: Work): Promise<number> {
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

async function add(work: Work, asked: AssetsAsked): Promise<number> {
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
  { folders, store }: Work,
  file: string,
  chosen: ChosenProfile,
): Promise<{ asset: string; sha256: string }[]> {
  const iso = await openIso(file, runProgram);
  const judged = judgeIso(iso, chosen, wishesOf(chosen));
  if ('refused' in judged) throw new LabError('input', judged.refused, judged.hint);
  await mkdir(folders.assets, { recursive: true });
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

async function show(context: Context, lines: readonly AssetLine[], code: number): Promise<number> {
  const at = new Date(context.io.now()).toISOString();
  await showReport(context, reportAssets(lines, at));
  return code;
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
