import { readExcludes } from './rsync-patterns.ts';

/** The arguments of the `synchronize` module that have an effect. */
export interface SyncArgs {
  readonly src: string;
  readonly dest: string;
  readonly mode: string;
  readonly archive: boolean;
  readonly recursive: boolean | undefined;
  readonly perms: boolean | undefined;
  readonly times: boolean | undefined;
  readonly delete: boolean;
  readonly checksum: boolean;
  readonly existing_only: boolean;
  readonly rsync_opts: readonly string[] | undefined;
}

/** What does not go together in a `synchronize` task. */
export function syncProblems(args: SyncArgs): readonly string[] {
  const { mode, rsync_opts } = args;
  const { unknown } = readExcludes(rsync_opts ?? []);
  const recursive = args.recursive ?? args.archive;
  return [
    ...(unknown === undefined
      ? []
      : [
          `rsync_opts: files travel without rsync, of whose options --exclude alone is known, not ${unknown}`,
        ]),
    ...(mode === 'pull' && args.delete ? ['delete works with mode push alone'] : []),
    ...(args.delete && recursive === false ? ['delete needs recursive'] : []),
  ];
}

/** Whether a file's permission bits and time travel with it. */
export function keeps(args: SyncArgs): { readonly perms: boolean; readonly times: boolean } {
  return { perms: args.perms ?? args.archive, times: args.times ?? args.archive };
}
