/** The arguments of the `git` module. */
export interface GitArgs {
  readonly repo: string;
  readonly dest: string | undefined;
  readonly version: string;
  readonly remote: string;
  readonly refspec: string | undefined;
  readonly reference: string | undefined;
  readonly force: boolean;
  readonly depth: number | undefined;
  readonly clone: boolean;
  readonly update: boolean;
  readonly bare: boolean;
  readonly recursive: boolean;
  readonly track_submodules: boolean;
  readonly single_branch: boolean;
  readonly verify_commit: boolean;
  readonly accept_hostkey: boolean;
  readonly accept_newhostkey: boolean;
  readonly key_file: string | undefined;
  readonly ssh_opts: string | undefined;
  readonly executable: string | undefined;
  readonly umask: string | undefined;
}

/** What does not go together in a `git` task. */
export function gitProblems(
  args: GitArgs,
  isRendered: (name: keyof GitArgs & string) => boolean,
): readonly string[] {
  const { dest, clone, umask, accept_hostkey, accept_newhostkey, depth } = args;
  const problems: string[] = [];
  if (dest === undefined && clone && isRendered('dest') && isRendered('clone'))
    problems.push('the destination directory must be specified unless clone=no');
  if (umask !== undefined && !/^0?[0-7]{1,4}$/.test(umask))
    problems.push('umask must be an octal integer');
  if (accept_hostkey && accept_newhostkey)
    problems.push('accept_hostkey and accept_newhostkey exclude each other');
  if (depth !== undefined && depth < 1) problems.push('depth is a number of commits, 1 at least');
  // git would take it for an option
  for (const name of ['repo', 'version', 'remote'] as const)
    if (args[name]?.startsWith('-')) problems.push(`${name} begins with a dash`);
  return problems;
}

/** A path as git needs it: only addresses can be cloned in part. */
export function repoAddress({ repo }: GitArgs): string {
  return repo.startsWith('/') ? `file://${repo}` : repo;
}

/** The command by which git reaches hosts over SSH; undefined for its own. */
export function sshCommand(args: GitArgs): string | undefined {
  const { key_file, ssh_opts, accept_hostkey, accept_newhostkey } = args;
  const hasChecking = /StrictHostKeyChecking=(no|accept-new)/.test(ssh_opts ?? '');
  const words = [
    ...(ssh_opts === undefined ? [] : [ssh_opts]),
    ...(accept_hostkey && !hasChecking ? ['-o StrictHostKeyChecking=no'] : []),
    ...(accept_newhostkey && !hasChecking ? ['-o StrictHostKeyChecking=accept-new'] : []),
  ];
  if (words.length === 0 && key_file === undefined) return undefined;
  // git hands the text to a shell
  const key =
    key_file === undefined
      ? []
      : [`-i '${key_file.replaceAll("'", `'\\''`)}' -o IdentitiesOnly=yes`];
  return ['ssh', '-o BatchMode=yes', ...key, ...words].join(' ');
}
