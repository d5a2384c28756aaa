import type { Source, SourceWish } from '../../model/module.ts';
import type { PlayRun } from './play-run.ts';
import { failure, type Result } from './result-shape.ts';

/** The files an item wants, where all of them have been looked for. */
export function findSources(
  run: PlayRun,
  wishes: { readonly [name: string]: SourceWish },
  folders: readonly string[],
): { readonly [name: string]: Source | undefined } | undefined {
  const found: Record<string, Source | undefined> = Object.create(null);
  for (const [name, wish] of Object.entries(wishes)) {
    const key = sourceKey(wish, folders);
    if (!run.found.has(key)) return undefined;
    found[name] = run.found.get(key);
  }
  return found;
}

function sourceKey(wish: SourceWish, folders: readonly string[]): string {
  return JSON.stringify([
    wish.folder,
    wish.path,
    wish.tree ?? false,
    wish.sealed ?? false,
    ...folders,
  ]);
}

/** Loads the files an item wants, once for all hosts. */
export async function loadSources(
  run: PlayRun,
  {
    wishes,
    folders,
  }: { readonly wishes: readonly SourceWish[]; readonly folders: readonly string[] },
): Promise<void> {
  await Promise.all(
    wishes.map(async (wish) => {
      const key = sourceKey(wish, folders);
      const loading = run.sources.get(key) ?? run.rim.loadSource(wish, folders);
      run.sources.set(key, loading);
      run.found.set(key, await loading);
    }),
  );
}

/** The failure of an item one of whose files is not there. */
export function missingSource(
  wishes: { readonly [name: string]: SourceWish },
  sources: { readonly [name: string]: Source | undefined },
  action: string,
): Result | undefined {
  const name = Object.keys(wishes).find(
    (wish) => !wishes[wish]?.optional && sources[wish] === undefined,
  );
  if (name === undefined) return undefined;
  const short = action.slice(action.lastIndexOf('.') + 1);
  const said =
    'If you are using a module and expect the file to exist on the remote, see the remote_src option';
  return failure(
    `Could not find or access '${wishes[name]?.path ?? ''}' on the Ansible Controller.${short === 'copy' || short === 'unarchive' ? `\n${said}` : ''}`,
  );
}
