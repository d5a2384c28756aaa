import { bool, str } from '../../model/arguments.ts';
import { sh } from '../../model/command.ts';
import { type Call, defineModule, done, type Planned } from '../../model/module.ts';
import { alter, complaintOf } from './parts/outcome.ts';
import { script } from './parts/script-action.ts';
import { scopeWords, type UnitScope } from './parts/unit-look.ts';
import { inspectUnit } from './parts/unit-plan.ts';

interface Args {
  readonly name: string | undefined;
  readonly state: string | undefined;
  readonly enabled: boolean | undefined;
  readonly masked: boolean | undefined;
  readonly force: boolean;
  readonly daemon_reload: boolean;
  readonly daemon_reexec: boolean;
  readonly scope: string;
  readonly no_block: boolean;
}

const states = ['reloaded', 'restarted', 'started', 'stopped'];

export default defineModule<Args>({
  name: 'systemd',
  collection: 'ansible.builtin',
  aliases: ['systemd_service'],
  summary:
    'Keeps a systemd unit running or stopped, enabled or masked, and has systemd read its files again.',
  args: {
    name: str({ aliases: ['service', 'unit'] }),
    state: str({ choices: states }),
    enabled: bool(),
    masked: bool(),
    force: bool({ fallback: false }),
    daemon_reload: bool({ fallback: false, aliases: ['daemon-reload'] }),
    daemon_reexec: bool({ fallback: false, aliases: ['daemon-reexec'] }),
    scope: str({ fallback: 'system', choices: ['system', 'user', 'global'] }),
    no_block: bool({ fallback: false }),
  },
  check(args, isRendered) {
    const { name, state, enabled, masked, daemon_reload, daemon_reexec } = args;
    const asks = state !== undefined || enabled !== undefined || masked !== undefined;
    const known = isRendered('state') && isRendered('enabled') && isRendered('masked');
    if (known && !asks && !daemon_reload && !daemon_reexec && isRendered('daemon_reload'))
      return ['say what is wanted: state, enabled, masked, daemon_reload or daemon_reexec'];
    if (asks && name === undefined && isRendered('name')) return ['name is missing'];
    const glob = /[*?[]/.exec(name ?? '')?.[0];
    return glob === undefined ? [] : [`name is one unit, without patterns such as "${glob}"`];
  },
  isLocal: false,
  inspect(args, call) {
    if (call.checkMode || (!args.daemon_reload && !args.daemon_reexec)) return plan(args, call);
    return reload(args, () => plan(args, call));
  },
});

function plan(args: Args, call: Call): Planned {
  const { name, state, enabled, masked, force, no_block } = args;
  if (name === undefined) return done({ changed: false, values: { name: null, status: {} } });
  const scope = args.scope as UnitScope;
  return inspectUnit({ name, state, enabled, masked, scope, force, noBlock: no_block }, call);
}

// no change of the host's state in Ansible's eyes, so it is done each time
function reload({ daemon_reload, daemon_reexec, scope }: Args, next: () => Planned): Planned {
  const { words, setup } = scopeWords(scope as UnitScope);
  const verbs = [
    ...(daemon_reload ? ['daemon-reload'] : []),
    ...(daemon_reexec ? ['daemon-reexec'] : []),
  ];
  return alter({
    actions: verbs.map((verb) => script(sh`${{ script: setup }}systemctl ${[...words, verb]}`)),
    result: { changed: false },
    failure: (ran, index) =>
      `failure ${String(ran.exitCode)} during ${verbs[index] ?? ''}: ${complaintOf(ran)}`,
    next,
  });
}
