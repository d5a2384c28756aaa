import { sh } from '../../model/command.ts';
import {
  type AnyProbe,
  ask,
  type Call,
  defineModule,
  done,
  type ModuleResult,
  type PathState,
  type Planned,
  probePath,
  probeScript,
  type Ran,
} from '../../model/module.ts';
import { makeVars } from '../../model/value.ts';
import { pathValues } from './parts/file-result.ts';
import { type Ids, lookUpIds } from './parts/look-up-ids.ts';
import { filesBelow } from './parts/may-come.ts';
import { alter, fail } from './parts/outcome.ts';
import { attributeTrouble, planAttributes } from './parts/path-attributes.ts';
import { joinPath } from './parts/paths.ts';
import { script } from './parts/script-action.ts';
import { isOnHost, type UnarchiveArgs, unarchiveArgs } from './parts/unarchive-args.ts';
import { compareCommand, unpackCommand } from './parts/unarchive-script.ts';

export default defineModule<UnarchiveArgs>({
  name: 'unarchive',
  collection: 'ansible.builtin',
  summary: 'Unpacks an archive of the controller or the host into a folder of the host.',
  args: unarchiveArgs,
  check: (args) => [
    ...((args.include ?? []).length > 0 && (args.exclude ?? []).length > 0
      ? ['include and exclude are mutually exclusive']
      : []),
    ...(args.copy !== undefined && args.remote_src !== undefined
      ? ["parameters are mutually exclusive: ('copy', 'remote_src')"]
      : []),
    ...(args.src?.includes('://')
      ? ['src is an address; fetch it with get_url first, then unpack it with remote_src: true']
      : []),
  ],
  isLocal: true,
  sources: (args) =>
    isOnHost(args) ? {} : { src: { path: args.src, folder: 'files', sealed: !args.decrypt } },
  inspect(args, call): Planned {
    const probes: Record<string, AnyProbe> = { dest: probePath(args.dest, { follow: true }) };
    if (args.creates !== undefined) probes['creates'] = probePath(args.creates, { follow: true });
    if (isOnHost(args)) probes['src'] = probePath(args.src, { follow: true });
    return ask(probes, (found) => {
      const states = found as { readonly [name: string]: PathState | undefined };
      const { dest, creates, src } = states;
      if (creates && creates.kind !== 'absent')
        return done({
          changed: false,
          skipped: true,
          msg: `skipped, since ${args.creates} exists`,
        });
      if (dest?.kind !== 'directory') return fail(`dest '${args.dest}' must be an existing dir`);
      const work = { args, call, dest };
      return src ? unpackThere(work, src) : unpackFromHere(work);
    });
  },
});

interface Work {
  readonly args: UnarchiveArgs;
  readonly call: Call;
  readonly dest: PathState;
}

function unpackThere(work: Work, src: PathState): Planned {
  const { args, dest } = work;
  if (src.predicted) return done(foresee(work, src.path), [filesBelow(dest.path)]);
  if (src.kind === 'absent') return fail(`Source '${args.src}' does not exist`);
  if (src.size === 0) return fail(`Invalid archive '${args.src}', the file is 0 bytes`);
  const compare = compareCommand(args, src.path, dest.path);
  return ask({ compared: probeScript(compare) }, ({ compared }) => {
    if (compared.exitCode !== 0) return fail(troubleOf(compared, args.src, args));
    return lookUpIds([], args, work.call, (ids) => {
      const isSame = /^compare:same$/m.test(compared.stdout);
      if (isSame && !isStale(compared.stdout, args, ids))
        return done({ changed: false, values: valuesOf(work, src.path, compared.stdout) });
      return unpack(work, src.path, sh`${src.path}`.script, []);
    });
  });
}

// whether anything unpacked has another owner, group or bits than wished
function isStale(stdout: string, args: UnarchiveArgs, ids: Ids): boolean {
  const kinds = /^kinds:(.*)$/m.exec(stdout)?.[1]?.split(',').filter(Boolean) ?? [];
  return kinds.some((line) => {
    const [raw = '', uid, gid, owner = '', group = ''] = line.split(' ');
    const bits = Number.parseInt(raw, 16);
    const type = bits >> 12;
    const kind = type === 0o4 ? 'directory' : type === 0o12 ? 'link' : 'file';
    const facts = { uid: Number(uid), gid: Number(gid), owner, group, size: 0 };
    return planAttributes({ ...facts, kind, mode: bits & 0o7777 }, args, ids).changed;
  });
}

function unpackFromHere(work: Work): Planned {
  const { args, call, dest } = work;
  const source = call.sources['src'];
  if (!source || 'files' in source)
    return fail(`Could not find or access '${args.src}' on the controller`);
  if (source.size === 0) return fail(`Invalid archive '${args.src}', the file is 0 bytes`);
  const upload = {
    kind: 'upload',
    variable: 'lab_archive',
    content: { source },
    // a large one goes to the disk it is for, not into memory
    ...(source.size > 1024 * 1024 && { beside: joinPath(dest.path, 'archive') }),
  } as const;
  return unpack(work, source.path, '"$lab_archive"', [upload]);
}

function unpack(
  work: Work,
  from: string,
  archive: string,
  before: Parameters<typeof alter>[0]['actions'],
): Planned {
  const { args, dest } = work;
  return alter({
    actions: [...before, script(unpackCommand(args, { script: archive }, dest.path))],
    result: foresee(work, from, before.length > 0),
    predict: [filesBelow(dest.path)],
    failure: (ran) => troubleOf(ran, from, args),
    failureValues: () => ({ dest: args.dest, src: from }),
    next: (ran) => finish(work, from, ran.at(-1)),
  });
}

// without the archive the host cannot tell what is new in it
function foresee({ args, dest }: Work, from: string, isUnsure = false): ModuleResult {
  const note = `whether ${from} is unpacked already cannot be told before it is on the host`;
  return {
    changed: true,
    values: { dest: args.dest, src: from },
    changes: [`unpack ${from} in ${dest.path}`],
    ...(isUnsure && { warnings: [note] }),
  };
}

function finish(work: Work, from: string, ran: Ran | undefined): Planned {
  const stdout = ran?.stdout ?? '';
  const isUnpacked = /^unpacked:0$/m.test(stdout);
  const changed = isUnpacked || /^owned:yes$/m.test(stdout);
  const changes = [
    ...(isUnpacked ? [`unpack ${from} in ${work.dest.path}`] : []),
    ...(changed && !isUnpacked
      ? [`owner, group or bits of what is unpacked in ${work.dest.path}`]
      : []),
  ];
  const extracted = isUnpacked
    ? { extract_results: { rc: 0, out: '', err: ran?.stderr ?? '' } }
    : {};
  return ask({ dest: probePath(work.dest.path) }, ({ dest }) =>
    done({
      changed,
      values: makeVars([
        ...Object.entries(valuesOf({ ...work, dest }, from, stdout)),
        ...Object.entries(extracted),
      ]),
      changes,
    }),
  );
}

function valuesOf({ args, dest }: Work, from: string, stdout: string) {
  const files = stdout
    .slice(stdout.indexOf('files:\n') + 7)
    .replace(/\n$/, '')
    .split('\n');
  return makeVars([
    ['dest', args.dest],
    ['src', from],
    ['handler', /^handler:(.*)$/m.exec(stdout)?.[1] ?? ''],
    ...(args.list_files ? [['files', files] as const] : []),
    ...Object.entries(pathValues(dest)),
  ]);
}

function troubleOf(ran: Ran, from: string, args: UnarchiveArgs): string {
  const said = ran.stderr.trim();
  if (ran.exitCode === 80 || ran.exitCode === 81)
    return `Failed to find handler for "${from}". Make sure the required command to extract the file is installed.\n${said}`;
  if (ran.exitCode === 82) return `failed to unpack ${from} to ${args.dest}: ${said}`;
  return attributeTrouble(ran, args);
}
