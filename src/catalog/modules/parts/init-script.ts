import { type Command, sh } from '../../../model/command.ts';
import {
  ask,
  type Call,
  done,
  type Planned,
  probeScript,
  type Ran,
} from '../../../model/module.ts';
import { readAnswers } from './answers.ts';
import { alter, complaintOf, fail } from './outcome.ts';
import { script } from './script-action.ts';

/** What is wished of a service that an init script starts. */
export interface InitWish {
  readonly name: string;
  readonly state: string | undefined;
  readonly enabled: boolean | undefined;
  /** Seconds between stop and start of a restart. */
  readonly sleep: number | undefined;
  readonly runlevel: string;
  /** Further words for the script, as one text. */
  readonly words: string;
}

interface InitFound {
  readonly exists: boolean;
  /** undefined when the script does not tell. */
  readonly runs: boolean | undefined;
  readonly enabled: boolean;
  readonly enabler: string;
}

/** Looks at an init script with its own `status`, then plans; exit codes as in LSB 3.1, "Init Script Actions". */
export function inspectInitScript(wish: InitWish, call: Call): Planned {
  return ask({ init: probeScript(look(wish)) }, ({ init }) => plan(wish, call, readInit(init)));
}

function look({ name, state, runlevel }: InitWish): Command {
  return sh`name=${name} runlevel=${runlevel}
[ -e "/etc/init.d/$name" ] && echo exists=yes
for link in /etc/rc?.d/S??"$name" /etc/init.d/rc?.d/S??"$name" "/etc/runlevels/$runlevel/$name"; do
  [ ! -e "$link" ] || { echo enabled=yes; break; }
done
for tool in update-rc.d chkconfig rc-update; do
  if command -v "$tool" >/dev/null; then echo "enabler=$tool"; break; fi
done
[ -n ${state ?? ''} ] || exit 0
if command -v rc-service >/dev/null; then said=$(rc-service "$name" status 2>&1)
elif command -v service >/dev/null; then said=$(service "$name" status 2>&1)
else said=$("/etc/init.d/$name" status 2>&1); fi
echo "status=$?"
printf '%s\n' "$said"`;
}

function readInit({ stdout }: Ran): InitFound {
  const told = readAnswers(stdout);
  const status = Number(told.get('status') ?? -1);
  const said = stdout.slice(stdout.indexOf('status=')).toLowerCase();
  const word = /not running|stopped|dead|inactive/.test(said)
    ? false
    : /running|started/.test(said) || undefined;
  const runs = status === 0 ? word !== false : status >= 1 && status <= 3 ? false : word;
  return {
    exists: told.has('exists'),
    runs,
    enabled: told.has('enabled'),
    enabler: told.get('enabler') ?? '',
  };
}

function plan(wish: InitWish, call: Call, found: InitFound): Planned {
  const { name, enabled, state } = wish;
  const values = {
    name,
    ...(state !== undefined && { state: state === 'stopped' ? state : 'started' }),
    ...(enabled !== undefined && { enabled }),
  };
  if (!found.exists) {
    if (!call.checkMode || !call.predictsAny('package:'))
      return fail(`Could not find the requested service ${name}: host`);
    const note = `${name} is not there yet; what is installed before it may bring it`;
    return done({ changed: true, values, changes: [note] });
  }
  if (state !== undefined && found.runs === undefined)
    return fail(`the init script of ${name} does not tell whether it runs`);
  const steps = [...enableSteps(wish, found), ...stateSteps(wish, found)];
  const changes = steps.map(({ change }) => change);
  if (steps.length === 0) return done({ changed: false, values });
  return alter({
    actions: steps.map(({ command }) => script(command)),
    result: { changed: true, values, changes },
    failure: (ran, index) => `${changes[index] ?? name} did not work: ${complaintOf(ran)}`,
    predict:
      state === undefined ? [] : [{ thing: `service:${name}`, present: state !== 'stopped' }],
  });
}

type Step = { readonly command: Command; readonly change: string };

function enableSteps({ name, enabled, runlevel }: InitWish, found: InitFound): Step[] {
  if (enabled === undefined || enabled === found.enabled) return [];
  const change = enabled ? `enabled ${name} at boot` : `disabled ${name} at boot`;
  if (found.enabler === 'update-rc.d')
    return enabled
      ? [
          { command: sh`update-rc.d ${name} defaults`, change },
          { command: sh`update-rc.d ${name} enable`, change },
        ]
      : [{ command: sh`update-rc.d ${name} disable`, change }];
  if (found.enabler === 'chkconfig')
    return [{ command: sh`chkconfig ${name} ${enabled ? 'on' : 'off'}`, change }];
  const verb = enabled ? 'add' : 'del';
  return [{ command: sh`rc-update ${verb} ${name} ${runlevel}`, change }];
}

function stateSteps(wish: InitWish, { runs }: InitFound): Step[] {
  const { name, state } = wish;
  if (state === undefined) return [];
  if (state === 'stopped')
    return runs ? [{ command: control(wish, 'stop'), change: `stopped ${name}` }] : [];
  if (!runs) return [{ command: control(wish, 'start'), change: `started ${name}` }];
  if (state === 'started') return [];
  if (state === 'reloaded')
    return [{ command: control(wish, 'reload'), change: `reloaded ${name}` }];
  const change = `restarted ${name}`;
  if (wish.sleep === undefined) return [{ command: control(wish, 'restart'), change }];
  return [
    { command: control(wish, 'stop'), change },
    { command: sh`sleep ${wish.sleep}`, change },
    { command: control(wish, 'start'), change },
  ];
}

function control({ name, words }: InitWish, verb: string): Command {
  const further = words.split(/\s+/).filter(Boolean);
  const all = [name, verb, ...further];
  const own = [`/etc/init.d/${name}`, verb, ...further];
  return sh`if command -v rc-service >/dev/null; then rc-service ${all}
elif command -v service >/dev/null; then service ${all}
else ${own}; fi`;
}
