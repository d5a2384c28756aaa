import { bool, path, str } from '../../model/arguments.ts';
import { type Command, sh } from '../../model/command.ts';
import {
  ask,
  type Call,
  defineModule,
  done,
  type PathState,
  type Planned,
  probePath,
  probeUser,
  type UserState,
} from '../../model/module.ts';
import type { Vars } from '../../model/value.ts';
import { editKeys } from './parts/authorized-edit.ts';
import { fail } from './parts/outcome.ts';
import { folderOf } from './parts/paths.ts';
import { script } from './parts/script-action.ts';
import { binaryOf, binaryText, bytesOf, shownText } from './parts/text-lines.ts';
import { writeFile } from './parts/write-file.ts';

interface Args {
  readonly user: string;
  readonly key: string;
  readonly path: string | undefined;
  readonly manage_dir: boolean;
  readonly state: string;
  readonly key_options: string | undefined;
  readonly exclusive: boolean;
  readonly comment: string | undefined;
  readonly follow: boolean;
  readonly validate_certs: boolean;
}

export default defineModule<Args>({
  name: 'authorized_key',
  collection: 'ansible.posix',
  summary: 'Lets SSH keys log in as an account, or no longer.',
  args: {
    user: str({ required: true }),
    key: str({ required: true }),
    path: path(),
    manage_dir: bool({ fallback: true }),
    state: str({ fallback: 'present', choices: ['absent', 'present'] }),
    key_options: str(),
    exclusive: bool({ fallback: false }),
    comment: str(),
    follow: bool({ fallback: false }),
    validate_certs: bool({ fallback: true, ignored: 'keys are not downloaded' }),
  },
  check: ({ key }) =>
    /^https?:\/\//.test(key ?? '')
      ? [
          "key is a URL, which is not downloaded: fetch it once and use lookup('file', 'keys/name.pub')",
        ]
      : [],
  isLocal: true,
  inspect(args, call) {
    const user = probeUser(args.user);
    if (args.path !== undefined)
      return ask({ user, file: probeFile(args.path, args) }, (found) =>
        plan(args, call, found.user, found.file),
      );
    return ask({ user }, ({ user: owner }) =>
      owner === undefined
        ? withoutUser(args, call)
        : ask({ file: probeFile(`${owner.home}/.ssh/authorized_keys`, args) }, ({ file }) =>
            plan(args, call, owner, file),
          ),
    );
  },
});

function probeFile(file: string, { follow }: Args) {
  return probePath(file, { contentUpTo: 4_194_304, follow });
}

function withoutUser({ user }: Args, call: Call): Planned {
  return fail(
    call.checkMode
      ? 'Either user must exist or you must provide full path to key file in check mode'
      : `Failed to lookup user ${user}: no such account`,
  );
}

function plan(args: Args, call: Call, user: UserState | undefined, file: PathState): Planned {
  if (user === undefined && !(call.checkMode && args.path !== undefined))
    return withoutUser(args, call);
  const before = file.content === undefined ? '' : binaryOf(file.content);
  if (file.kind !== 'absent' && file.content === undefined && file.predicted !== true)
    return fail(`${file.path} cannot be read as a file of keys`);
  const edit = editKeys(before, {
    keys: binaryText(args.key),
    state: args.state,
    options: args.key_options === undefined ? undefined : binaryText(args.key_options),
    comment: args.comment === undefined ? undefined : binaryText(args.comment),
    isExclusive: args.exclusive,
  });
  if (edit.invalid !== undefined) return fail(`invalid key specified: ${shownText(edit.invalid)}`);
  const place = args.follow && file.realPath !== '' ? file.realPath : file.path;
  const values = valuesOf(args, place);
  if (!edit.changed) return done({ changed: false, values });
  const after = shownText(edit.text);
  return writeFile({
    dest: { ...file, path: place },
    content: { bytes: bytesOf(edit.text) },
    wish: { mode: '0600', owner: String(user?.uid ?? 0), group: String(user?.gid ?? 0) },
    ids: {},
    call,
    before: [script(makeFolder(args, place, user))],
    result: () => ({
      changed: true,
      values,
      diff: [{ before: shownText(before), after, beforeHeader: file.path, afterHeader: place }],
      changes: [`${args.state === 'absent' ? 'took keys out of' : 'wrote keys to'} ${place}`],
    }),
  });
}

// sshd takes no keys from a folder others may write to (sshd_config(5), StrictModes)
function makeFolder({ manage_dir }: Args, file: string, user: UserState | undefined): Command {
  const folder = folderOf(file);
  if (!manage_dir) return sh`mkdir -p -- ${folder}`;
  const owner = `${String(user?.uid ?? 0)}:${String(user?.gid ?? 0)}`;
  return sh`[ -d ${folder} ] || mkdir -m 700 -- ${folder} && chown ${owner} ${folder} && chmod 700 ${folder}`;
}

function valuesOf(args: Args, keyfile: string): Vars {
  return {
    user: args.user,
    key: args.key,
    state: args.state,
    exclusive: args.exclusive,
    manage_dir: args.manage_dir,
    follow: args.follow,
    validate_certs: args.validate_certs,
    path: args.path ?? null,
    key_options: args.key_options ?? null,
    comment: args.comment ?? null,
    keyfile,
  };
}
