import { type Command, quoteSh } from '../../../model/command.ts';
import { type Call, done, type Planned, type Ran } from '../../../model/module.ts';
import {
  askGuard,
  askGuardAndFolder,
  type Guard,
  type Held,
  type NoFolder,
} from './command-guard.ts';
import { commandResult, outputValues } from './command-result.ts';
import { loginLocale, renderChdir } from './command-words.ts';
import { fail } from './outcome.ts';
import { inputOf, script } from './script-action.ts';

/** What `command` and `shell` have in common. */
export interface CommandWish extends Guard {
  /** As it is returned: a list of words, or a line. */
  readonly cmd: readonly string[] | string;
  /** What is really started. */
  readonly words: readonly string[];
  /** Ends the script with the program itself; `mark` begins what it says of its own trouble. */
  start(mark: string): string;
  readonly stdin: string | undefined;
  readonly addsNewline: boolean;
  readonly strips: boolean;
}

/** Plans one run of a command: held back by `creates` and `removes`, skipped in check mode where neither is given. */
export function planCommand(wish: CommandWish, call: Call): Planned {
  const { chdir } = wish;
  const hasGuard = wish.creates !== undefined || wish.removes !== undefined;
  const plan = (held: Held | NoFolder | undefined): Planned => {
    if (held !== undefined)
      return 'code' in held ? noFolder(wish, held) : heldBack(held, wish, call);
    return call.checkMode && !hasGuard ? skipped(wish) : runOnce(wish, call);
  };
  return chdir !== undefined && (hasGuard || call.checkMode)
    ? askGuardAndFolder({ ...wish, chdir }, plan)
    : askGuard(wish, plan);
}

const wouldRun = 'Command would have run if not in check mode';
const nothingRan = { rc: 0, start: null, end: null, delta: null };

function skipped({ cmd }: CommandWish): Planned {
  return done({
    changed: false,
    skipped: true,
    msg: wouldRun,
    values: { cmd, ...nothingRan, ...outputValues('', '') },
  });
}

function noFolder({ cmd, chdir = '' }: CommandWish, { code, why }: NoFolder): Planned {
  const msg = `Unable to change directory before execution: [Errno ${code}] ${why}: b'${chdir}'`;
  return fail(msg, { cmd, ...nothingRan, rc: null, ...outputValues('', '') });
}

function heldBack({ by, path }: Held, { cmd }: CommandWish, call: Call): Planned {
  const why = by === 'creates' ? 'exists' : 'does not exist';
  return done({
    changed: false,
    msg: `${call.checkMode ? 'Would' : 'Did'} not run command since '${path}' ${why}`,
    values: { cmd, ...nothingRan, ...outputValues(`skipped, since ${path} ${why}`, '') },
  });
}

function runOnce(wish: CommandWish, call: Call): Planned {
  const { cmd } = wish;
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
      msg: wouldRun,
      values: { cmd, ...nothingRan, ...outputValues('', '') },
      changes: [line],
    },
    read([ran]) {
      if (ran === undefined) return fail('the host did not say what became of the command');
      return (
        readTrouble(ran, mark, wish) ??
        done({ ...commandResult(ran, cmd, wish.strips), changes: [line] })
      );
    },
  };
}

/** The command could not even be started: in the words and with the codes of Python's OSError. */
function readTrouble(ran: Ran, mark: string, wish: CommandWish): Planned | undefined {
  const [word, place, code, ...why] = ran.stderr.split(' ');
  if (ran.exitCode !== 2 || word !== mark) return undefined;
  const trouble = { code: Number(code), why: why.join(' ') };
  if (place === 'chdir') return noFolder(wish, trouble);
  return fail(`[Errno ${trouble.code}] ${trouble.why}: b'${wish.words[0] ?? ''}'`, {
    rc: trouble.code,
    cmd: wish.words.map(quoteSh).join(' '),
    ...outputValues('', ''),
  });
}
