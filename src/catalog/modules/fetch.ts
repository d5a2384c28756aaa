import { bool, path } from '../../model/arguments.ts';
import {
  ask,
  type Call,
  defineModule,
  done,
  type Hands,
  type ModuleResult,
  type PathState,
  probePath,
} from '../../model/module.ts';
import { baseOf, joinPath } from './parts/paths.ts';

interface FetchArgs {
  readonly src: string;
  readonly dest: string;
  readonly flat: boolean;
  readonly fail_on_missing: boolean;
  readonly validate_checksum: boolean;
}

export default defineModule<FetchArgs>({
  name: 'fetch',
  collection: 'ansible.builtin',
  summary: 'Brings a file of the host to the controller, below a folder for each host.',
  args: {
    src: path({ required: true }),
    dest: path({ required: true }),
    flat: bool({ fallback: false }),
    fail_on_missing: bool({ fallback: true }),
    validate_checksum: bool({ fallback: true }),
  },
  async perform(args, call, hands): Promise<ModuleResult> {
    if (call.checkMode)
      return {
        changed: false,
        skipped: true,
        msg: 'check mode not (yet) supported for this module',
      };
    const found = await look(args.src, hands);
    if (!found) return { changed: false, failed: true, msg: `${args.src} could not be looked at` };
    const trouble = troubleOf(found, args);
    if (trouble) return trouble;
    const dest = placeOf(args, call, found.path);
    const file = found.path;
    const here = await hands.sha1Here(dest);
    if (here !== undefined && here === found.checksum)
      return { changed: false, values: { file, dest, checksum: here } };
    const saved = await hands.save(dest, hands.read(file));
    const values = {
      dest,
      checksum: saved.sha1,
      remote_checksum: found.checksum,
      remote_md5sum: null,
    };
    if (args.validate_checksum && found.checksum !== '' && saved.sha1 !== found.checksum)
      return { changed: true, failed: true, msg: 'checksum mismatch', values: { ...values, file } };
    return { changed: true, values, changes: [`write ${dest} here (${saved.size} bytes)`] };
  },
});

/** The state of the file that is meant, behind links. */
async function look(src: string, hands: Hands): Promise<PathState | undefined> {
  let state: PathState | undefined;
  await hands.follow(
    ask({ file: probePath(src, { follow: true, checksum: 'sha1' }) }, ({ file }) => {
      state = file;
      return done({ changed: false });
    }),
  );
  return state;
}

function troubleOf(found: PathState, args: FetchArgs): ModuleResult | undefined {
  const file = found.path;
  if (found.kind === 'directory') {
    const msg = 'remote file is a directory, fetch cannot work on directories';
    return args.fail_on_missing
      ? { changed: false, failed: true, msg }
      : { changed: false, msg: `${msg}, not transferring, ignored` };
  }
  if (found.kind !== 'absent' && found.kind !== 'file' && found.kind !== 'hard')
    return { changed: false, failed: true, msg: `${file} is not a regular file`, values: { file } };
  if (found.kind !== 'absent') return undefined;
  const msg = 'the remote file does not exist, not transferring, ignored';
  return args.fail_on_missing
    ? { changed: false, failed: true, msg: 'the remote file does not exist', values: { file } }
    : { changed: false, msg, values: { file } };
}

/** Where a file goes: DEST/HOST/PATH, or just DEST when flat. */
function placeOf({ dest, flat }: FetchArgs, call: Call, file: string): string {
  const base = String(call.variable('playbook_dir') ?? '');
  const written = dest.startsWith('/') || base === '' ? dest : joinPath(base, dest);
  if (!flat) return tidyPath(`${written}/${call.host}/${file}`);
  return tidyPath(written.endsWith('/') ? joinPath(written, baseOf(file)) : written);
}

function tidyPath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') parts.pop();
    else parts.push(part);
  }
  return `${path.startsWith('/') ? '/' : ''}${parts.join('/')}`;
}
