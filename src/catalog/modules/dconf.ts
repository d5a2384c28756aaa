import { raw, str, textOfValue } from '../../model/arguments.ts';
import { sh } from '../../model/command.ts';
import {
  ask,
  type Call,
  defineModule,
  done,
  type Planned,
  probeScript,
  type Ran,
} from '../../model/module.ts';
import type { Value } from '../../model/value.ts';
import { normalizeGVariant } from './parts/gvariant.ts';
import { missingProgram } from './parts/missing-program.ts';
import { alter, complaintOf, fail } from './parts/outcome.ts';
import { script } from './parts/script-action.ts';

interface Args {
  key: string;
  value: Value | undefined;
  state: string;
}

export default defineModule<Args>({
  name: 'dconf',
  collection: 'community.general',
  summary: 'Sets, resets or reads a key of the desktop settings of the user the task runs as.',
  args: {
    key: str({ required: true }),
    value: raw(),
    state: str({ fallback: 'present', choices: ['present', 'absent', 'read'] }),
  },
  isLocal: true,
  check({ key, value, state }, isRendered) {
    const problems: string[] = [];
    if (isRendered('key') && !/^\/.*[^/]$/.test(key))
      problems.push(`"${key}" is no key: write /path/to/key`);
    if (state === 'present' && (value === undefined || value === null) && isRendered('value'))
      problems.push('state: present needs a value');
    return problems;
  },
  inspect: ({ key, value, state }, call) => {
    const look = sh`command -v dconf >/dev/null || exit 127
dconf read ${key}`;
    return ask({ look: probeScript(look) }, ({ look: ran }) =>
      plan({ key, state, value: gvariantText(value) }, call, ran),
    );
  },
});

/** YAML's own booleans and numbers mean GVariant's. */
function gvariantText(value: Value | undefined): string {
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  return value === undefined ? '' : textOfValue(value);
}

function plan(args: { key: string; value: string; state: string }, call: Call, look: Ran): Planned {
  if (look.exitCode === 127)
    return missingProgram(call, 'dconf is not installed on this host: install dconf-cli');
  if (look.exitCode !== 0) return fail(`dconf read ${args.key} failed: ${complaintOf(look)}`);
  const found = look.stdout.trim();
  if (args.state === 'read')
    return done({ changed: false, values: { value: found === '' ? null : found } });
  const isRight =
    args.state === 'absent'
      ? found === ''
      : found !== '' && normalizeGVariant(found) === normalizeGVariant(args.value);
  if (isRight) return done({ changed: false });
  const words = args.state === 'absent' ? ['reset', args.key] : ['write', args.key, args.value];
  return alter({
    actions: [script(sessionScript(words)), script(sh`dconf read ${args.key}`)],
    result: {
      changed: true,
      changes: [args.state === 'absent' ? `reset ${args.key}` : `set ${args.key} to ${args.value}`],
      ...(call.diffMode && {
        diff: [
          {
            before: `${found}\n`,
            after: args.state === 'absent' ? '\n' : `${args.value}\n`,
            beforeHeader: args.key,
            afterHeader: args.key,
          },
        ],
      }),
    },
    failure: (ran) => `dconf ${words.join(' ')} failed: ${errorOf(ran)}`,
    next([, after]) {
      const now = after?.stdout.trim() ?? '';
      const isSet =
        args.state === 'absent'
          ? now === '' || now !== found
          : normalizeGVariant(now) === normalizeGVariant(args.value);
      return isSet
        ? done({ changed: true, changes: [`${words.join(' ')}`] })
        : fail(
            `dconf accepted ${args.key}, yet it is ${now === '' ? 'not set' : now} (locked by the administrator?)`,
          );
    },
  });
}

/** dconf's own complaint, without the bus daemon's chatter and the usage. */
function errorOf(ran: Ran): string {
  const text = complaintOf(ran);
  return /^error: (.*)$/m.exec(text)?.[1] ?? text;
}

/** Writing goes through the user's session bus: the one of a session that is open, else one of its own. */
function sessionScript(words: readonly string[]) {
  return sh`bus=/run/user/$(id -u)/bus
if [ -S "$bus" ]; then DBUS_SESSION_BUS_ADDRESS=unix:path=$bus dconf ${words} && exit 0; fi
command -v dbus-run-session >/dev/null || { echo "dbus-run-session is not installed on this host: install dbus" >&2; exit 127; }
unset DBUS_SESSION_BUS_ADDRESS
dbus-run-session -- dconf ${words}`;
}
