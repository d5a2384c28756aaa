import { type Command, quoteSh } from '../../../model/command.ts';
import { type Call, done, type Planned, type Ran } from '../../../model/module.ts';
import type { Value } from '../../../model/value.ts';
import { askGuard, type Guard, type Held } from './command-guard.ts';
import { commandResult, outputValues } from './command-result.ts';
import { loginLocale, renderChdir } from './command-words.ts';
import { fail } from './outcome.ts';
import { inputOf, script } from './script-action.ts';

/** What `command` and `shell` have in common. */
export interface CommandWish extends Guard {
  /** As it is returned: a list of words, or a line. */
  readonly cmd: readonly string[] | string;
  /** Ends the script with the program itself; `mark` begins what it says of its own trouble. */
  start(mark: string): string;
  readonly stdin: string | undefined;
  readonly addsNewline: boolean;
  readonly strips: boolean;
}

/** Plans one run of a command: held back by `creates` and `removes`, skipped in check mode where neither is given. */
export function planCommand(wish: CommandWish, call: Call): Planned {
  const hasGuard = wish.creates !== undefined || wish.removes !== undefined;
  const cmd: Value = wish.cmd;
  if (call.checkMode && !hasGuard)
    return done({
      changed: false,
      skipped: true,
      msg: 'Command would have run if not in check mode',
      values: { cmd, rc: 0, start: null, end: null, delta: null, ...outputValues('', '') },
    });
  return askGuard(wish, (held) => (held ? heldBack(held, cmd, call) : runOnce(wish, cmd, call)));
}

function heldBack({ by, path }: Held, cmd: Value, call: Call): Planned {
  const why = by === 'creates' ? 'exists' : 'does not exist';
  return done({
    changed: false,
    msg: `${call.checkMode ? 'Would' : 'Did'} not run command since '${path}' ${why}`,
    values: {
      cmd,
      rc: 0,
      start: null,
      end: null,
      delta: null,
      ...outputValues(`skipped, since ${path} ${why}`, ''),
    },
  });
}

function runOnce(wish: CommandWish, cmd: Value, call: Call): Planned {
  const mark = `lab-${call.nonce}`;
  const stdin = wish.stdin === undefined ? undefined : wish.stdin + (wish.addsNewline ? '\n' : '');
  const text = [loginLocale, renderChdir(wish.chdir, mark), wish.start(mark)].join('\n');
  const line = typeof wish.cmd === 'string' ? wish.cmd : wish.cmd.map(quoteSh).join(' ');
  const command: Command = { shell: 'sh', script: text, shown: line };
  return {
    kind: 'act',
    actions: [
      script(command, { mayFail: true, ...(stdin !== undefined && { stdin: inputOf(stdin) }) }),
    ],
    expected: {
      changed: true,
      msg: 'Command would have run if not in check mode',
      values: { cmd, rc: 0, start: null, end: null, delta: null, ...outputValues('', '') },
      changes: [line],
    },
    read([ran]) {
      if (ran === undefined) return fail('the host did not say what became of the command');
      return (
        readTrouble(ran, mark, wish, line) ??
        done({ ...commandResult(ran, cmd, wish.strips), changes: [line] })
      );
    },
  };
}

/** The command could not even be started: in the words and with the codes of Python's OSError. */
function readTrouble(ran: Ran, mark: string, wish: CommandWish, line: string): Planned | undefined {
  const [word, place, code, ...why] = ran.stderr.split(' ');
  if (ran.exitCode !== 2 || word !== mark) return undefined;
  const reason = `[Errno ${code}] ${why.join(' ')}`;
  if (place === 'chdir')
    return fail(`Unable to change directory before execution: ${reason}: '${wish.chdir ?? ''}'`, {
      rc: null,
      cmd: wish.cmd,
      ...outputValues('', ''),
    });
  const program = wish.cmd[0] ?? '';
  return fail(`${reason}: b'${program}'`, {
    rc: Number(code),
    cmd: line,
    ...outputValues('', ''),
  });
}
