import { renderPath } from '../../../model/host-path.ts';
import type { Call, Hands, ModuleResult } from '../../../model/module.ts';
import { complaintOf } from './outcome.ts';
import { baseOf, joinPath } from './paths.ts';
import { isExcluded, readExcludes } from './rsync-patterns.ts';
import type { SyncArgs } from './sync-args.ts';
import { type HostTree, listScript, readTree } from './sync-list.ts';
import { resultOf } from './sync-push.ts';

/** Brings files of the host to the controller where their digests differ. */
export async function pull(args: SyncArgs, call: Call, hands: Hands): Promise<ModuleResult> {
  const where = { script: renderPath(args.src, call.environment) };
  const listed = await hands.run(listScript(where, true));
  const tree = readTree(listed.stdout);
  const trouble = listed.exitCode === 0 ? undefined : complaintOf(listed);
  if (trouble !== undefined || tree.kind === 'absent')
    return {
      changed: false,
      failed: true,
      msg: trouble ?? `${tree.place} was not found on the host`,
    };
  const base = baseHere(args, call);
  const lines: string[] = [];
  for (const wished of wishedOf(args, tree)) {
    const { from, path } = wished;
    const brought = await bring(
      wished,
      path === '' ? base : joinPath(base, path),
      args,
      call,
      hands,
    );
    if (brought === 'broken')
      return { changed: true, failed: true, msg: `${from} changed while it was read` };
    const mark = { new: '>f+++++++++', other: '>f.st......', same: undefined }[brought];
    if (mark !== undefined) lines.push(`${mark} ${path || baseOf(from)}`);
  }
  return resultOf(args, lines);
}

async function bring(
  { from, sha1 }: Wished,
  here: string,
  { existing_only }: SyncArgs,
  { checkMode }: Call,
  hands: Hands,
): Promise<'same' | 'new' | 'other' | 'broken'> {
  const known = await hands.sha1Here(here);
  if (known === sha1 || (known === undefined && existing_only)) return 'same';
  const saved = checkMode ? { sha1 } : await hands.save(here, hands.read(from));
  if (saved.sha1 !== sha1) return 'broken';
  return known === undefined ? 'new' : 'other';
}

interface Wished {
  readonly from: string;
  /** Below `dest`; '' for `dest` itself. */
  readonly path: string;
  readonly sha1: string;
}

function wishedOf(args: SyncArgs, tree: HostTree & { readonly place: string }): Wished[] {
  const { kind, entries, self, place } = tree;
  const name = baseOf(place.replace(/\/+$/, ''));
  if (kind === 'file')
    return [{ from: place, path: args.dest.endsWith('/') ? name : '', sha1: self?.sha1 ?? '' }];
  const { patterns } = readExcludes(args.rsync_opts ?? []);
  const above = args.src.endsWith('/') ? '' : `${name}/`;
  return Array.from(entries.values())
    .filter(({ isFile, path }) => isFile && !isExcluded(above + path, false, patterns))
    .map(({ path, sha1 }) => ({ from: joinPath(place, path), path: above + path, sha1 }));
}

function baseHere({ dest }: SyncArgs, call: Call): string {
  const playbook = call.variable('playbook_dir');
  const written = dest.replace(/(?<=.)\/+$/, '');
  return typeof playbook === 'string' ? joinPath(playbook, written) : written;
}
