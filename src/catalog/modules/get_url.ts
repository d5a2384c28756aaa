import { sh } from '../../model/command.ts';
import {
  ask,
  defineModule,
  done,
  type ModuleResult,
  type Planned,
  probePath,
  probeScript,
  type Ran,
} from '../../model/module.ts';
import { applyAttributes } from './parts/apply-attributes.ts';
import {
  askCommand,
  downloadScript,
  printDownload,
  readDownload,
} from './parts/download-script.ts';
import { pathValues } from './parts/file-result.ts';
import { downloadOf, type GetUrlArgs, getUrlArgs, readChecksum } from './parts/get-url-args.ts';
import { judge, unmodified } from './parts/get-url-judge.ts';
import { failed, isFile, resultValues, type Work, warningsOf } from './parts/get-url-work.ts';
import { lookThrough } from './parts/look-through.ts';
import { alter, fail } from './parts/outcome.ts';
import { folderOf } from './parts/paths.ts';
import { script } from './parts/script-action.ts';

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
        return args.force ? startFetch(work) : compareFirst(work);
      }),
    );
  },
});

// a file whose digest is known to be right needs no network
function compareFirst(work: Work): Planned {
  const { wanted, dest } = work;
  if (!isFile(dest)) return startFetch(work);
  if (wanted && 'hex' in wanted)
    return wanted.hex === dest.checksum ? keep(work) : startFetch(work);
  return startFetch(work, wanted ? undefined : dest.mtime);
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

/** Fetches beside the place; in check mode only asks, and only where there is a file to compare. */
function startFetch(work: Work, since?: number): Planned {
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
