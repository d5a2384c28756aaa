import { bool, int, path, str } from '../../model/arguments.ts';
import { defineModule } from '../../model/module.ts';
import { type GitArgs, gitProblems } from './parts/git-args.ts';
import { inspectGit } from './parts/git-plan.ts';

export default defineModule<GitArgs>({
  name: 'git',
  collection: 'ansible.builtin',
  summary: 'Keeps a working copy of a git repository at a branch, tag or commit.',
  args: {
    repo: str({ required: true, aliases: ['name'] }),
    dest: path(),
    version: str({ fallback: 'HEAD' }),
    remote: str({ fallback: 'origin' }),
    refspec: str(),
    reference: str(),
    force: bool({ fallback: false }),
    depth: int(),
    clone: bool({ fallback: true }),
    update: bool({ fallback: true }),
    bare: bool({ fallback: false }),
    recursive: bool({ fallback: true }),
    track_submodules: bool({ fallback: false }),
    single_branch: bool({ fallback: false }),
    verify_commit: bool({ fallback: false }),
    accept_hostkey: bool({ fallback: false }),
    accept_newhostkey: bool({ fallback: false }),
    key_file: path(),
    ssh_opts: str(),
    executable: path(),
    umask: str(),
  },
  check: gitProblems,
  isLocal: false,
  inspect: inspectGit,
});
