import { type Command, sh } from '../../../model/command.ts';
import {
  type Action,
  type Call,
  done,
  type ModuleResult,
  type Planned,
  type Ran,
} from '../../../model/module.ts';
import { alter, complaintOf, fail } from './outcome.ts';
import { script } from './script-action.ts';
import { insertPlace, ruleWords, type UfwArgs } from './ufw-args.ts';

interface UfwState {
  readonly status: string;
  /** The rules as ufw keeps them, one tuple a line. */
  readonly rules: string;
}

const look = `ufw status verbose || exit
echo lab.rules
grep -h '^### tuple' /lib/ufw/user.rules /lib/ufw/user6.rules /etc/ufw/user.rules /etc/ufw/user6.rules /var/lib/ufw/user.rules /var/lib/ufw/user6.rules 2>/dev/null
echo lab.numbered`;

/** Prints state, rules and their numbers; in check mode also what ufw says it would make of the rule. */
export function lookUfw(args: UfwArgs, call: Call): Command {
  const numbers = args.insert_relative_to === 'zero' ? sh`:` : sh`ufw status numbered`;
  const place = args.insert_relative_to === 'zero' ? insertPlace(args, '') : undefined;
  const tries =
    call.checkMode && args.rule !== undefined
      ? sh`ufw --dry-run ${ruleWords(args, place)}`
      : sh`true`;
  return sh`command -v ufw >/dev/null || exit 127
${{ script: look }}
${numbers}
echo lab.dry
${tries}`;
}

/** Plans from what the look printed. */
export function planUfw(args: UfwArgs, call: Call, found: Ran): Planned {
  if (found.exitCode === 127) {
    if (!call.checkMode || !call.predictsAny('package:'))
      return fail('ufw is missing on this host');
    const note = 'ufw is not there yet; what is installed before may bring it';
    return done({ changed: true, changes: [note] });
  }
  if (found.exitCode !== 0) return fail(complaintOf(found));
  const before = readState(found.stdout);
  const [numbered = '', dry = ''] = (found.stdout.split(/^lab\.numbered$/m)[1] ?? '').split(
    /^lab\.dry$/m,
  );
  const commands = commandsOf(args, insertPlace(args, numbered));
  const values = { commands: commands.map((words) => words.join(' ')) };
  const expected = expectChange(args, before, dry.trimStart());
  if (call.checkMode && !expected) return done({ changed: false, values });
  const actions: Action[] = [
    ...commands.map((words) => script(sh`${words}`)),
    script(sh`${{ script: look }}`),
  ];
  const result: ModuleResult = { changed: true, values, changes: values.commands };
  return alter({
    actions,
    result,
    // ufw itself tells what is to be done: what counts is whether anything is other than before
    next: (ran) => {
      const after = readState(ran.at(-1)?.stdout ?? '');
      const changed =
        isForced(args, before) || before.status !== after.status || before.rules !== after.rules;
      const { changes, ...rest } = result;
      return done({
        ...rest,
        changed,
        msg: after.status.trimEnd(),
        ...(changed && changes && { changes }),
      });
    },
  });
}

function readState(printed: string): UfwState {
  const [status = '', rest = ''] = printed.split(/^lab\.rules$/m);
  return { status, rules: (rest.split(/^lab\.numbered$/m)[0] ?? '').trim() };
}

function commandsOf(args: UfwArgs, place: number | undefined): readonly (readonly string[])[] {
  const verbs: Record<string, string> = {
    enabled: 'enable',
    disabled: 'disable',
    reloaded: 'reload',
    reset: 'reset',
  };
  const { state, logging, direction, rule } = args;
  const policy = args.default;
  return [
    ...(state === undefined ? [] : [['ufw', '-f', verbs[state] ?? state]]),
    ...(policy === undefined
      ? []
      : [['ufw', 'default', policy, ...(direction === undefined ? [] : [direction])]]),
    ...(rule === undefined ? [] : [['ufw', ...ruleWords(args, place)]]),
    ...(logging === undefined ? [] : [['ufw', 'logging', logging]]),
  ];
}

// what ufw does not show in its state
function isForced({ state, logging }: UfwArgs, { status }: UfwState): boolean {
  if (state === 'reloaded' || state === 'reset') return true;
  if (logging === undefined) return false;
  const [, switched, level] = /Logging: (on|off)(?: \(([a-z]+)\))?/.exec(status) ?? [];
  if (switched === undefined) return true;
  if (logging === 'off') return switched !== 'off';
  return switched === 'off' || (logging !== 'on' && logging !== level);
}

function expectChange(args: UfwArgs, before: UfwState, dry: string): boolean {
  const { state, direction = 'incoming' } = args;
  const isActive = before.status.includes(' active');
  if (isForced(args, before)) return true;
  if ((state === 'enabled' && !isActive) || (state === 'disabled' && isActive)) return true;
  if (args.default !== undefined) {
    const found = new RegExp(`(\\w+) \\(${direction}\\)`).exec(before.status)?.[1];
    if (found !== args.default && found !== 'disabled') return true;
  }
  return args.rule !== undefined && differsByDryRun(args, before, dry);
}

// a dry run prints the rules of one address family when the rule is about that one alone
function differsByDryRun(args: UfwArgs, { rules }: UfwState, dry: string): boolean {
  const lines = dry.split('\n').filter(Boolean);
  if (lines.length > 0 && lines.every((line) => line.includes('Skipping'))) return false;
  const planned = lines.filter((line) => line.startsWith('### tuple'));
  const known = rules.split('\n').filter(Boolean);
  const family = [args.from_ip, args.to_ip].map(familyOf).find((each) => each !== undefined);
  const concerns = (line: string) => family === undefined || familyOf(line) === family;
  return planned.filter(concerns).join('\n') !== known.filter(concerns).join('\n');
}

function familyOf(text: string): 'v4' | 'v6' | undefined {
  if (/(\d{1,3}\.){3}\d{1,3}/.test(text)) return 'v4';
  return /[0-9a-f]*:[0-9a-f]*:/i.test(text) ? 'v6' : undefined;
}
