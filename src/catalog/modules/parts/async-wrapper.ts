import { sh } from '../../../model/command.ts';
import type {
  Act,
  Action,
  Call,
  HostModule,
  ModuleResult,
  Planned,
  ScriptAction,
} from '../../../model/module.ts';
import { alter } from './outcome.ts';
import { inputOf, script } from './script-action.ts';

/** What a job tells of itself beside its outputs: how its result is to be read. */
export interface JobMeta {
  /** Of `command` and `shell`, whose result is made of their outputs. */
  readonly cmd?: ModuleResult['values'];
  /** What is reported when all its scripts ended with 0. */
  readonly result: ModuleResult;
  /** The longest it may take; 0 for as long as it likes. */
  readonly limitSeconds: number;
}

/**
 * The module as a job that goes on by itself on the host (`async` with `poll: 0`): its first act is started below ~/.ansible_async and answered
 * with a job id, by which `async_status` reads what became of it. Later steps of modules with several are not taken.
 */
export function leaveRunning<A>(module: HostModule<A>, limitSeconds: number): HostModule<A> {
  return {
    ...module,
    isLocal: false,
    inspect: (args, call) => startAct(module.inspect(args, call), { call, limitSeconds }),
  };
}

interface Start {
  readonly call: Call;
  readonly limitSeconds: number;
}

function startAct(planned: Planned, start: Start): Planned {
  if (planned.kind === 'ask')
    return { ...planned, plan: (found) => startAct(planned.plan(found), start) };
  if (planned.kind === 'act') return startJob(planned.actions, metaOf(planned, start), start);
  // nothing is to be done, which the job tells as well
  return planned.result.skipped
    ? planned
    : startJob([], { result: planned.result, limitSeconds: start.limitSeconds }, start);
}

function metaOf({ expected }: Act, { limitSeconds }: Start): JobMeta {
  const isCommand = expected.values !== undefined && 'delta' in expected.values;
  return {
    ...(isCommand && { cmd: { cmd: expected.values?.['cmd'] ?? null } }),
    result: expected,
    limitSeconds,
  };
}

function startJob(actions: readonly Action[], meta: JobMeta, start: Start): Planned {
  const { call, limitSeconds } = start;
  const jid = `j${String(Math.floor(call.nowMs()))}.${call.nonce.replace(/[^0-9A-Za-z]/g, '')}`;
  const scripts = actions.filter((action): action is ScriptAction => action.kind === 'script');
  const texts: [name: string, text: Uint8Array][] = [
    ['meta', inputOf(JSON.stringify(meta))],
    ['steps', inputOf(stepsText(scripts, actions))],
    ...scripts.flatMap(({ command, stdin }, at): [string, Uint8Array][] => [
      [`script${String(at)}`, inputOf(command.script)],
      ...(stdin === undefined ? [] : [[`stdin${String(at)}`, stdin] as [string, Uint8Array]]),
    ]),
  ];
  const own = actions.filter((action) => action.kind === 'upload');
  const files = [...texts.map(([name]) => name), ...own.map(({ variable }) => variable)];
  return alter({
    actions: [
      ...own,
      ...texts.map(([name, bytes]): Action => {
        return { kind: 'upload', variable: `job_${name}`, content: { bytes } };
      }),
      script(
        launch(
          jid,
          files,
          own.map(({ variable }) => variable),
          limitSeconds,
        ),
      ),
    ],
    result: {
      changed: true,
      values: {
        ansible_job_id: jid,
        results_file: `~/.ansible_async/${jid}`,
        started: 1,
        finished: 0,
      },
      changes: [`started job ${jid}`],
    },
  });
}

/** The scripts one after another until one fails, each with its input; outputs are kept together. */
function stepsText(scripts: readonly ScriptAction[], actions: readonly Action[]): string {
  const variables = actions.flatMap((action) =>
    action.kind === 'upload'
      ? [`${action.variable}="$job/${action.variable}"; export ${action.variable}`]
      : [],
  );
  const lines = scripts.map(({ stdin, mayFail }, at) => {
    const input = stdin === undefined ? '/dev/null' : `"$job/stdin${String(at)}"`;
    // of a command that may fail its exit code is the result
    const ends = mayFail === true && at < scripts.length - 1 ? '' : ' || exit $?';
    return `sh "$job/script${String(at)}" <${input}${ends}`;
  });
  return `job=$1\n${variables.join('\n')}\n${lines.join('\n')}\n`;
}

function launch(
  jid: string,
  files: readonly string[],
  own: readonly string[],
  limitSeconds: number,
) {
  const moves = files.map((name) => {
    const variable = own.includes(name) ? name : `job_${name}`;
    return `mv -f -- "$${variable}" "$job/${name}" || exit`;
  });
  return sh`jid=${jid} limit=${limitSeconds}
lab_umask=$(umask)
umask 077
job=$HOME/.ansible_async/$jid
mkdir -p -- "$job" || exit
${{ script: moves.join('\n') }}
${{ script: runner }}`;
}

// the folder stays; what may hold secrets goes as soon as the job has ended
const runner = `cat >"$job/run" <<'LAB'
job=$1 limit=$2 own_umask=$3
date +%s >"$job/start"
limiter=''
[ "$limit" = 0 ] || ! command -v timeout >/dev/null || limiter="timeout $limit"
# what the job makes is none of this wrapper's secrets
(umask "$own_umask" && exec $limiter sh "$job/steps" "$job") >"$job/stdout" 2>"$job/stderr" </dev/null
echo $? >"$job/rc.new"
date +%s >"$job/end"
rm -f -- "$job"/script* "$job"/stdin* "$job/steps"
mv -f -- "$job/rc.new" "$job/rc"
LAB
lab_locale=\${lab_locale-}
export lab_locale
if command -v setsid >/dev/null; then setsid sh "$job/run" "$job" "$limit" "$lab_umask" </dev/null >/dev/null 2>&1 &
else nohup sh "$job/run" "$job" "$limit" "$lab_umask" </dev/null >/dev/null 2>&1 & fi
echo "$job"`;
