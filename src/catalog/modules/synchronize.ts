import { bool, int, path, str, texts } from '../../model/arguments.ts';
import { defineModule } from '../../model/module.ts';
import { type SyncArgs, syncProblems } from './parts/sync-args.ts';
import { pull } from './parts/sync-pull.ts';
import { planPush } from './parts/sync-push.ts';

const ownWay = "files travel through the host's open session";
const yes = { fallback: true };
const no = { fallback: false };

/** All arguments; those beside `SyncArgs` have no effect here. */
interface Args extends SyncArgs {
  readonly links: boolean | undefined;
  readonly copy_links: boolean;
  readonly owner: boolean | undefined;
  readonly group: boolean | undefined;
  readonly compress: boolean;
  readonly delay_updates: boolean;
  readonly partial: boolean;
  readonly dest_port: number | undefined;
  readonly private_key: string | undefined;
  readonly rsync_path: string | undefined;
  readonly rsync_timeout: number;
  readonly set_remote_user: boolean;
  readonly ssh_connection_multiplexing: boolean;
  readonly use_ssh_args: boolean;
  readonly verify_host: boolean;
}

export default defineModule<Args>({
  name: 'synchronize',
  collection: 'ansible.posix',
  summary: 'Keeps a folder of the host like one of the controller, or the other way round.',
  args: {
    src: str({ required: true }),
    dest: str({ required: true }),
    mode: str({ fallback: 'push', choices: ['push', 'pull'] }),
    archive: bool(yes),
    recursive: bool(),
    perms: bool(),
    times: bool(),
    delete: bool(no),
    checksum: bool(no),
    existing_only: bool(no),
    rsync_opts: texts(),
    links: bool({ ignored: 'symbolic links of the controller travel as what they lead to' }),
    copy_links: bool({
      ...no,
      ignored: 'symbolic links of the controller travel as what they lead to',
    }),
    owner: bool({ ignored: 'files belong to the user the task runs as' }),
    group: bool({ ignored: 'files belong to the user the task runs as' }),
    compress: bool({ ...yes, ignored: ownWay }),
    delay_updates: bool({ ...yes, ignored: 'every file is put into its place whole' }),
    partial: bool({ ...no, ignored: ownWay }),
    dest_port: int({ ignored: ownWay }),
    private_key: path({ ignored: ownWay }),
    rsync_path: str({ ignored: ownWay }),
    rsync_timeout: int({ fallback: 0, ignored: ownWay }),
    set_remote_user: bool({ ...yes, ignored: ownWay }),
    ssh_connection_multiplexing: bool({ ...no, ignored: ownWay }),
    use_ssh_args: bool({ ...no, ignored: ownWay }),
    verify_host: bool({ ...no, ignored: ownWay }),
  },
  check: syncProblems,
  sources: ({
    src,
    mode,
  }: SyncArgs): Record<string, { path: string; folder: 'files'; tree: true }> =>
    mode === 'push' ? { src: { path: src, folder: 'files', tree: true } } : {},
  perform: (args, call, hands) =>
    args.mode === 'pull'
      ? pull(args, call, hands)
      : hands.follow(planPush(args, call.sources['src'], call)),
});
