import { sh } from '../../model/command.ts';
import {
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
import { makeVars, type Value } from '../../model/value.ts';
import { applyAttributes } from './parts/apply-attributes.ts';
import {
  askCommand,
  type Downloaded,
  downloadScript,
  printDownload,
  readDownload,
} from './parts/download-script.ts';
import { pathValues } from './parts/file-result.ts';
import {
  type Checksum,
  downloadOf,
  findChecksum,
  type GetUrlArgs,
  getUrlArgs,
  readChecksum,
  urlName,
} from './parts/get-url-args.ts';
import { lookThrough } from './parts/look-through.ts';
import { lookUpIds } from './parts/look-up-ids.ts';
import { alter, fail } from './parts/outcome.ts';
import { folderOf, joinPath } from './parts/paths.ts';
import { script } from './parts/script-action.ts';
import { describeWrite, writeFile } from './parts/write-file.ts';

export default defineModule<GetUrlArgs>({
  name: 'get_url',
  collection: 'ansible.builtin',
  summary: 'Has the host fetch a file from an address.',
  args: getUrlArgs,
  check: ({ checksum, headers }) => {
    const read = checksum === undefined ? undefined : readChecksum(checksum);
    const broken = Object.entries(headers ?? {}).find((pair) => /[\r\n]/.test(pair.join('')));
    return [
      ...(read && 'problem' in read ? [read.problem] : []),
      ...(broken ? [`the header ${broken[0]} holds a line break`] : []),
    ];
  },
  isLocal: false,
  inspect(args, call): Planned {
    const wanted = readChecksum(args.checksum);
    if (wanted && 'problem' in wanted) return fail(wanted.problem);
    const more = { checksum: wanted?.digest ?? ('sha1' as const) };
    const probes = {
      dest: probePath(args.dest, more),
      folder: probePath(folderOf(args.dest), { follow: true }),
    };
    return ask(probes, ({ dest, folder }) =>
      lookThrough(dest, more, ({ end }) => {
        const found = end ?? dest;
        const isFolder = found.kind === 'directory';
        const work = { args, call, wanted, dest: found, isFolder };
        if (!isFolder && found.kind === 'absent' && folder.kind === 'absent' && !call.checkMode)
          return failed(work, `Destination ${folderOf(found.path)} does not exist`);
        return args.force ? fetch(work) : compareFirst(work);
      }),
    );
  },
});

interface Work {
  readonly args: GetUrlArgs;
  readonly call: Call;
  readonly wanted: Checksum | undefined;
  /** What is at the place written, behind links. */
  readonly dest: PathState;
  readonly isFolder: boolean;
}

function failed(
  { args }: Work,
  msg: string,
  values: { readonly [name: string]: Value } = {},
): Planned {
  return fail(msg, { url: args.url, dest: args.dest, ...values });
}

const isFile = ({ kind }: PathState): boolean => kind === 'file' || kind === 'hard';

// a file whose digest is known to be right needs no network
function compareFirst(work: Work): Planned {
  const { wanted, dest } = work;
  if (!isFile(dest)) return fetch(work);
  if (wanted && 'hex' in wanted) return wanted.hex === dest.checksum ? keep(work) : fetch(work);
  return fetch(work, wanted ? undefined : dest.mtime);
}

function keep(work: Work): Planned {
  const { args, call, dest } = work;
  return applyAttributes({
    state: dest,
    wish: args,
    call,
    result: ({ facts, plan }) => ({
      changed: plan.changed,
      msg: plan.changed ? 'file already exists but file attributes changed' : 'file already exists',
      values: resultValues(work, dest.path, {
        ...pathValues(facts),
        checksum_dest: null,
        checksum_src: null,
        elapsed: 0,
      }),
      changes: plan.changes.map((change) => `${dest.path}: ${change}`),
    }),
  });
}

function resultValues({ args }: Work, dest: string, more: { readonly [name: string]: Value }) {
  return makeVars([['url', args.url], ['dest', dest], ...Object.entries(more)]);
}

function warningsOf({ args }: Work): readonly string[] {
  const isBare = args.url.startsWith('http://') && args.checksum === '';
  return isBare
    ? [
        `${args.url} is fetched without encryption and without a checksum: anybody on the way can change it`,
      ]
    : [];
}

/** Fetches beside the place; in check mode only asks, and only where there is a file to compare. */
function fetch(work: Work, since?: number): Planned {
  const { args, call, dest } = work;
  const warnings = warningsOf(work);
  const expected: ModuleResult = {
    changed: true,
    values: resultValues(work, dest.path, {}),
    changes: [`fetch ${args.url}`],
    ...(warnings.length > 0 && { warnings }),
  };
  if (call.checkMode && since !== undefined && !dest.predicted)
    return ask({ answer: probeScript(askCommand(downloadOf(args, since))) }, ({ answer }) => {
      const { status } = readDownload(answer.stdout);
      return status === 304 ? unmodified(work, answer) : done(expected);
    });
  const temp = `${work.isFolder ? dest.path.replace(/\/+$/, '') : folderOf(dest.path)}/.labkit-${call.nonce}-get`;
  return alter({
    actions: [script(fetchCommand(work, temp, since))],
    result: expected,
    predict: work.isFolder ? [] : [{ path: dest.path, state: { kind: 'file' } }],
    failure: (ran) => fetchTrouble(ran, args),
    failureValues: () => ({ url: args.url, dest: args.dest }),
    next: ([ran]) => (ran ? judge(work, temp, ran) : fail('nothing was fetched')),
  });
}

// the digest of what came is told with it, and the list of digests where one is to be fetched as well
function fetchCommand({ args, wanted }: Work, temp: string, since: number | undefined) {
  const digest = wanted?.digest ?? 'sha1';
  const listed = wanted && 'url' in wanted ? wanted.url : undefined;
  const list = listed === undefined ? { script: '' } : listLines(args, listed);
  return sh`lab_aside=$(mktemp -d) || exit 1
lab_file=${temp} lab_head=$lab_aside/head lab_said=$lab_aside/said lab_code=0 lab_url=
: >"$lab_head"; : >"$lab_said"
trap 'lab_end=$?; [ "$lab_end" = 0 ] || { cat "$lab_said" >&2; rm -f -- "$lab_file"; }; rm -rf -- "$lab_aside"' EXIT
(umask 077; set -C; : >"$lab_file") || exit 92
lab_begin=$(date +%s)
${downloadScript(downloadOf(args, since))}
printf 'lab-elapsed:%s\n' "$(($(date +%s) - lab_begin))"
${printDownload}
printf 'lab-size:%s\n' "$(stat -c %s -- "$lab_file")"
printf 'lab-sha1:%s\n' "$(sha1sum <"$lab_file")"
printf 'lab-sum:%s\n' "$(${{ script: `${digest}sum` }} <"$lab_file")"
${list}`;
}

function listLines(args: GetUrlArgs, url: string) {
  const { script: lines, shown } = sh`lab_file=$lab_aside/list lab_head=$lab_aside/listhead
(
${downloadScript({ ...downloadOf(args, undefined), url })}
) || { lab_file=${'/dev/null'}; exit 93; }
printf 'lab-list:\n'; cat "$lab_file"`;
  return { script: lines, shown };
}

function fetchTrouble(ran: Ran, args: GetUrlArgs): string {
  const said = ran.stderr.trim().replace(/^curl: \(\d+\) /, '');
  if (ran.exitCode === 93) return `the list of checksums could not be fetched: ${said}`;
  if (/No space left/.test(said)) return `could not write to ${args.dest}: ${said}`;
  return `Request failed: ${said || `exit code ${ran.exitCode}`}`;
}

function elapsedOf(ran: Ran): number {
  return Number(/^lab-elapsed:(\d+)$/m.exec(ran.stdout)?.[1] ?? 0);
}

// what the server did not send again gets its owner and bits all the same
function unmodified(work: Work, ran: Ran): Planned {
  const { status, reason } = readDownload(ran.stdout);
  const { args, call, dest } = work;
  return applyAttributes({
    state: dest,
    wish: args,
    call,
    result: ({ facts, plan }) => ({
      changed: plan.changed,
      msg: `HTTP Error ${status}: ${reason || 'Not Modified'}`,
      values: resultValues(work, dest.path, {
        ...pathValues(facts),
        ...{ status_code: status, elapsed: elapsedOf(ran) },
      }),
      changes: plan.changes.map((change) => `${dest.path}: ${change}`),
    }),
  });
}

/** Decides what becomes of what was fetched. */
function judge(work: Work, temp: string, ran: Ran): Planned {
  const { args } = work;
  const answer = readDownload(ran.stdout);
  const drop = (planned: Planned): Planned => discard(temp, planned);
  if (answer.status === 304) return drop(unmodified(work, ran));
  const isWeb = /^https?:/.test(args.url);
  if (isWeb && answer.status !== 200) {
    const response = `HTTP Error ${answer.status}: ${answer.reason}`;
    return drop(
      failed(work, 'Request failed', {
        status_code: answer.status,
        response,
        elapsed: elapsedOf(ran),
      }),
    );
  }
  const sums = sumsOf(work, ran.stdout);
  if ('problem' in sums) return drop(failed(work, sums.problem));
  const path = work.isFolder ? joinPath(work.dest.path, nameOf(answer, args.url)) : work.dest.path;
  return ask({ dest: probePath(path, { checksum: 'sha1' }) }, ({ dest }) =>
    lookThrough(dest, { checksum: 'sha1' }, ({ end }) => {
      const found = end ?? dest;
      if (found.kind === 'directory') return drop(failed(work, `${path} is a folder`));
      const got = {
        ...work,
        dest: found,
        answer,
        sha1: sums.sha1,
        size: sums.size,
        elapsed: elapsedOf(ran),
      };
      return isFile(found) && found.checksum === sums.sha1 ? drop(settle(got)) : install(got, temp);
    }),
  );
}

interface Got extends Work {
  readonly answer: Downloaded;
  readonly sha1: string;
  readonly size: number;
  readonly elapsed: number;
}

function sumsOf(
  { args, wanted }: Work,
  stdout: string,
): { readonly sha1: string; readonly size: number } | { readonly problem: string } {
  const field = (name: string) => new RegExp(`^lab-${name}:(\\S*)`, 'm').exec(stdout)?.[1] ?? '';
  const list = stdout.slice(stdout.indexOf('lab-list:\n') + 'lab-list:\n'.length);
  const hex = wanted && ('hex' in wanted ? wanted.hex : findChecksum(list, urlName(args.url)));
  if (wanted && 'url' in wanted && hex === undefined)
    return {
      problem: `Unable to find a checksum for file '${urlName(args.url)}' in '${wanted.url}'`,
    };
  const sum = field('sum');
  if (hex !== undefined && hex !== sum)
    return { problem: `The checksum for ${args.dest} did not match ${hex}; it was ${sum}.` };
  return { sha1: field('sha1'), size: Number(field('size')) };
}

function nameOf({ disposition, url }: Downloaded, written: string): string {
  const [, given = ''] = /^attachment; ?filename="?([^"]+)/.exec(disposition) ?? [];
  const name = given.slice(given.lastIndexOf('/') + 1);
  return name !== '' && name !== '.' && name !== '..' ? name : urlName(url || written);
}

function discard(temp: string, planned: Planned): Planned {
  return {
    kind: 'act',
    actions: [script(sh`rm -f -- ${temp}`)],
    expected: { changed: false },
    read: () => planned,
  };
}

function settle(got: Got): Planned {
  const { args, call, dest } = got;
  return applyAttributes({
    state: dest,
    wish: args,
    call,
    result: ({ facts, plan }) => ({
      ...answerOf(got, dest.path, pathValues(facts)),
      changed: plan.changed,
      changes: plan.changes.map((change) => `${dest.path}: ${change}`),
    }),
  });
}

function answerOf(got: Got, dest: string, facts: { readonly [name: string]: Value }): ModuleResult {
  const { answer, sha1, size, elapsed } = got;
  const warnings = warningsOf(got);
  const before = got.dest.checksum === '' ? null : got.dest.checksum;
  return {
    changed: false,
    msg: `OK (${answer.length ?? size} bytes)`,
    values: resultValues(got, dest, {
      ...{ ...facts, checksum_src: sha1, checksum_dest: before, elapsed },
      ...(answer.status > 0 && { status_code: answer.status }),
    }),
    ...(warnings.length > 0 && { warnings }),
  };
}

function install(got: Got, temp: string): Planned {
  const { args, call, dest, sha1, size } = got;
  return lookUpIds([dest], args, call, (ids) =>
    writeFile({
      dest,
      content: { made: { script: sh`mv -f -- ${temp} "$lab_new"`.script }, size, sha1 },
      ...{ wish: args, ids, call, backup: args.backup, unsafeWrites: args.unsafe_writes },
      result: (left) => {
        const result = answerOf(got, dest.path, pathValues(left.facts));
        const backup = left.backup === undefined ? {} : { backup_file: left.backup };
        return {
          ...result,
          changed: true,
          values: makeVars(Object.entries({ ...result.values, ...backup })),
          changes: [`fetch ${args.url}`, describeWrite(dest.path, left)],
        };
      },
    }),
  );
}
