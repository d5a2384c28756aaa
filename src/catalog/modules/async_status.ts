import { str } from '../../model/arguments.ts';
import { sh } from '../../model/command.ts';
import {
  ask,
  defineModule,
  done,
  type Planned,
  probeScript,
  type Ran,
} from '../../model/module.ts';
import { isMapping, type Value, type Vars } from '../../model/value.ts';
import { readAnswers } from './parts/answers.ts';
import type { JobMeta } from './parts/async-wrapper.ts';
import { commandResult } from './parts/command-result.ts';
import { alter, fail } from './parts/outcome.ts';
import { script } from './parts/script-action.ts';

interface Args {
  readonly jid: string;
  readonly mode: string;
}

export default defineModule<Args>({
  name: 'async_status',
  collection: 'ansible.builtin',
  summary: 'Tells what became of a job that was left running, or clears it away.',
  args: {
    jid: str({ required: true }),
    mode: str({ fallback: 'status', choices: ['cleanup', 'status'] }),
  },
  check: ({ jid }, isRendered) =>
    isRendered('jid') && !/^[A-Za-z0-9_.]+$/.test(jid) ? [`"${jid}" is no job id`] : [],
  isLocal: true,
  inspect(args) {
    const { jid } = args;
    if (!/^[A-Za-z0-9_.]+$/.test(jid) || jid.includes('..')) return fail(`"${jid}" is no job id`);
    const read = (name: string) =>
      probeScript(sh`cat "$HOME/.ansible_async/"${jid}/${name} 2>/dev/null`);
    return ask(
      {
        state: probeScript(sh`job=$HOME/.ansible_async/${jid}
echo "job=$job"
[ ! -d "$job" ] || echo there=yes
for name in rc start end; do [ ! -s "$job/$name" ] || echo "$name=$(cat "$job/$name")"; done`),
        stdout: read('stdout'),
        stderr: read('stderr'),
        meta: read('meta'),
      },
      ({ state, stdout, stderr, meta }) =>
        plan(args, readAnswers(state.stdout), { stdout, stderr, meta: meta.stdout }),
    );
  },
});

interface Outputs {
  readonly stdout: Ran;
  readonly stderr: Ran;
  readonly meta: string;
}

function plan({ jid, mode }: Args, state: ReadonlyMap<string, string>, outputs: Outputs): Planned {
  const job = state.get('job') ?? '';
  const values = { ansible_job_id: jid, started: 1 };
  if (!state.has('there')) return fail('could not find job', { ...values, finished: 1 });
  if (mode === 'cleanup')
    return alter({
      actions: [script(sh`rm -rf -- ${job}`)],
      result: { changed: false, values: { ansible_job_id: jid, erased: job } },
    });
  const rc = state.get('rc');
  const known = { ...values, results_file: job };
  if (rc === undefined) return done({ changed: false, values: { ...known, finished: 0 } });
  const ran: Ran = {
    ...outputs.stdout,
    stderr: outputs.stderr.stdout,
    exitCode: Number(rc),
    startedAt: Number(state.get('start') ?? 0),
    endedAt: Number(state.get('end') ?? 0),
  };
  return finish(readMeta(outputs.meta), ran, { ...known, finished: 1 });
}

function finish(meta: JobMeta | undefined, ran: Ran, known: Vars): Planned {
  if (meta === undefined)
    return fail('Could not parse job output: it tells nothing of itself', known);
  // timeout(1) says 124 of what it ended
  const limit = meta.limitSeconds;
  if (ran.exitCode === 124 && limit > 0 && ran.endedAt - ran.startedAt >= limit)
    return fail(`async task did not complete within the requested time - ${String(limit)}s`, known);
  if (meta.cmd !== undefined) {
    const result = commandResult(ran, meta.cmd['cmd'] ?? null, true);
    return done({ ...result, values: { ...result.values, ...known } });
  }
  if (ran.exitCode !== 0) {
    const said = ran.stderr.trim() || ran.stdout.trim() || `exit code ${String(ran.exitCode)}`;
    return fail(said, { ...known, rc: ran.exitCode });
  }
  const { result } = meta;
  return done({ ...result, values: { ...result.values, ...known } });
}

function readMeta(text: string): JobMeta | undefined {
  try {
    const found = JSON.parse(text) as Value;
    return isMapping(found) && isMapping(found['result'])
      ? (found as unknown as JobMeta)
      : undefined;
  } catch {
    return undefined;
  }
}
