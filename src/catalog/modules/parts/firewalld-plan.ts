import { type Command, sh } from '../../../model/command.ts';
import { type Action, type Call, done, type Planned, type Ran } from '../../../model/module.ts';
import { readAnswers } from './answers.ts';
import type { FirewallArgs, FirewallWish } from './firewalld-args.ts';
import { alter, complaintOf, fail } from './outcome.ts';
import { script } from './script-action.ts';

interface Where {
  readonly permanent: boolean;
  readonly immediate: boolean;
}

interface Task extends Where {
  readonly args: FirewallArgs;
  readonly wish: FirewallWish;
  readonly call: Call;
}

/** Prints whether firewalld runs, and the answers of the permanent and the running settings. */
export function lookScript(wish: FirewallWish, zone: string | undefined, where: Where): Command {
  const words = [...(zone === undefined || wish.isZone ? [] : [`--zone=${zone}`]), wish.query];
  return sh`command -v firewall-cmd >/dev/null || command -v firewall-offline-cmd >/dev/null || { echo state=missing; exit 0; }
if firewall-cmd --state >/dev/null 2>&1; then state=running control='firewall-cmd --permanent'
else state=offline control=firewall-offline-cmd; fi
echo "state=$state"
[ -z ${where.permanent ? 'yes' : ''} ] || { said=$($control ${words} 2>&1); echo "permanentExit=$?"; echo "permanent=$said"; }
[ "$state" = offline ] || [ -z ${where.immediate ? 'yes' : ''} ] ||
  { said=$(firewall-cmd ${words} 2>&1); echo "runningExit=$?"; echo "running=$said"; }
[ -n ${zone ?? ''} ] || { [ "$state" = running ] && echo "zone=$(firewall-cmd --get-default-zone)"; }
true`;
}

/** Plans from what the look printed. */
export function planFirewall(task: Task, ran: Ran): Planned {
  const { wish, call, permanent, immediate } = task;
  const found = readAnswers(ran.stdout);
  if (found.get('state') === 'missing') return withoutFirewalld(call);
  const isOffline = found.get('state') !== 'running';
  if (immediate && isOffline)
    return fail(
      'firewall is not currently running, unable to perform immediate actions without a running firewall daemon',
    );
  if (wish.onlyPermanent && (immediate || !permanent))
    return fail(
      `${wish.isZone ? 'Zone operations' : 'The target of a zone'} must be permanent. Make sure you didn't set the 'permanent' flag to 'false' or the 'immediate' flag to 'true'.`,
    );
  const strange = strangeAnswer(found);
  if (strange !== undefined) return fail(`ERROR: Exception caught: ${strange}`);
  const actions = [
    ...(permanent && isOn(task, found, 'permanent') !== wish.isEnabled
      ? [control(task, isOffline ? ['firewall-offline-cmd'] : ['firewall-cmd', '--permanent'])]
      : []),
    ...(immediate && isOn(task, found, 'running') !== wish.isEnabled
      ? [control(task, ['firewall-cmd'])]
      : []),
  ];
  return carryOut(task, found, actions, isOffline);
}

function withoutFirewalld(call: Call): Planned {
  if (!call.checkMode || !call.predictsAny('package:'))
    return fail('firewalld is missing on this host');
  const note = 'firewalld is not there yet; what is installed before may bring it';
  return done({ changed: true, changes: [note] });
}

function carryOut(
  { args, wish, permanent, immediate }: Task,
  found: ReadonlyMap<string, string>,
  actions: readonly Action[],
  isOffline: boolean,
): Planned {
  const how = permanent
    ? immediate
      ? 'Permanent and Non-Permanent(immediate) operation'
      : 'Permanent operation'
    : 'Non-permanent operation';
  const changed = actions.length > 0;
  const zone = args.zone ?? found.get('zone') ?? 'the default zone';
  const msg = [
    how,
    ...(changed ? [`Changed ${wish.what} to ${args.state}`] : []),
    ...(isOffline ? ['(offline operation: only on-disk configs were altered)'] : []),
  ].join(', ');
  const verb = wish.isEnabled ? 'enabled' : 'disabled';
  if (!changed) return done({ changed, msg });
  return alter({
    actions,
    result: { changed, msg, changes: [`${verb} ${wish.what} in ${zone}`] },
    failure: (ran) => `ERROR: Exception caught: ${complaintOf(ran)}`,
  });
}

// a question is answered by 0 or 1; anything else is trouble
function strangeAnswer(found: ReadonlyMap<string, string>): string | undefined {
  for (const side of ['permanent', 'running']) {
    const exit = found.get(`${side}Exit`);
    if (exit !== undefined && exit !== '0' && exit !== '1') return found.get(side);
  }
  return undefined;
}

function isOn(
  { args, wish }: Task,
  found: ReadonlyMap<string, string>,
  side: 'permanent' | 'running',
): boolean {
  const said = found.get(side) ?? '';
  if (wish.isZone) return said.split(/\s+/).includes(args.zone ?? '');
  if (args.target !== undefined) return said.trim() === args.target;
  return found.get(`${side}Exit`) === '0';
}

function control({ args, wish }: Task, program: readonly string[]): Action {
  const { zone, timeout } = args;
  const isRuntime = program.length === 1 && program[0] === 'firewall-cmd';
  const words = [
    ...program,
    ...(zone === undefined || wish.isZone ? [] : [`--zone=${zone}`]),
    wish.isEnabled ? wish.add : wish.remove,
    ...(isRuntime && wish.isEnabled && timeout > 0 ? [`--timeout=${String(timeout)}`] : []),
  ];
  return script(sh`${words}`);
}
