import { int, path, str, texts } from '../../model/arguments.ts';
import { type Call, defineModule, type Hands, type ModuleResult } from '../../model/module.ts';
import { compileRegex } from '../../model/python-regex.ts';
import { makeVars } from '../../model/value.ts';
import { elapsedSeconds } from './parts/clock-text.ts';
import { binaryOf, binaryText, shownText } from './parts/text-lines.ts';
import {
  type Condition,
  conditionOf,
  timeoutText,
  type WaitArgs,
  waitProblems,
} from './parts/wait-condition.ts';
import { waitUntil } from './parts/wait-until.ts';

const active = ['ESTABLISHED', 'FIN_WAIT1', 'FIN_WAIT2', 'SYN_RECV', 'SYN_SENT', 'TIME_WAIT'];

export default defineModule<WaitArgs>({
  name: 'wait_for',
  collection: 'ansible.builtin',
  summary: 'Waits on the host for a port, a file, a text in them, or their end.',
  args: {
    host: str({ fallback: '127.0.0.1' }),
    port: int(),
    path: path(),
    search_regex: str(),
    state: str({
      fallback: 'started',
      choices: ['absent', 'drained', 'present', 'started', 'stopped'],
    }),
    timeout: int({ fallback: 300 }),
    connect_timeout: int({ fallback: 5 }),
    delay: int({ fallback: 0 }),
    sleep: int({ fallback: 1 }),
    exclude_hosts: texts(),
    active_connection_states: texts({ fallback: active }),
    msg: str(),
  },
  check: waitProblems,
  async perform(args, call, hands): Promise<ModuleResult> {
    const startMs = call.nowMs();
    if (args.delay > 0) await hands.sleep(args.delay * 1000);
    const found = await wait(args, call, hands, startMs);
    const elapsed = elapsedSeconds(startMs, call.nowMs());
    if (typeof found === 'string')
      return { changed: false, failed: true, msg: args.msg ?? found, values: { elapsed } };
    const { state, port = null, search_regex = null, path: file = null } = args;
    return {
      changed: false,
      values: {
        state,
        port,
        search_regex,
        path: file,
        elapsed,
        match_groups:
          found?.slice(1).map((text) => (text === undefined ? null : shownText(text))) ?? [],
        match_groupdict: makeVars(
          Object.entries(found?.groups ?? {}).map(([name, text]) => [name, shownText(text)]),
        ),
      },
    };
  },
});

/** What the pattern matched, undefined where none was asked for, or a sentence about what did not come. */
async function wait(
  args: WaitArgs,
  call: Call,
  hands: Hands,
  startMs: number,
): Promise<RegExpExecArray | undefined | string> {
  const { timeout, sleep, search_regex } = args;
  const condition = conditionOf(args);
  if (condition === undefined) {
    await hands.sleep(timeout * 1000);
    return undefined;
  }
  const pattern =
    search_regex === undefined
      ? undefined
      : compileRegex(binaryText(search_regex), { flags: 'm', bytes: true });
  if (pattern !== undefined && 'problem' in pattern)
    return `Invalid regular expression: ${pattern.problem}`;
  let match: RegExpExecArray | undefined;
  const came = await waitUntil({ startMs, timeout, sleep, call, hands }, async (leftSeconds) => {
    const looked = await look(condition, leftSeconds, hands);
    if (!looked.holds || pattern === undefined) return looked.holds;
    match = pattern.regex.exec(looked.text) ?? undefined;
    return match !== undefined;
  });
  return came ? match : timeoutText(args);
}

async function look(
  condition: Condition,
  leftSeconds: number,
  hands: Hands,
): Promise<{ readonly holds: boolean; readonly text: string }> {
  const ran = await hands.run(condition.look(leftSeconds));
  return { holds: ran.exitCode === 0, text: binaryOf(ran.stdoutBytes) };
}
