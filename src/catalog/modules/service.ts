import { bool, int, str } from '../../model/arguments.ts';
import { defineModule } from '../../model/module.ts';
import { inspectInitScript } from './parts/init-script.ts';
import { inspectUnit } from './parts/unit-plan.ts';

interface Args {
  readonly name: string;
  readonly state: string | undefined;
  readonly enabled: boolean | undefined;
  readonly sleep: number | undefined;
  readonly pattern: string | undefined;
  readonly runlevel: string;
  readonly arguments: string;
  readonly use: string;
}

export default defineModule<Args>({
  name: 'service',
  collection: 'ansible.builtin',
  summary:
    'Keeps a service running or stopped, and started at boot or not, by systemd or init scripts.',
  args: {
    name: str({ required: true }),
    state: str({ choices: ['reloaded', 'restarted', 'started', 'stopped'] }),
    enabled: bool(),
    sleep: int(),
    pattern: str({ ignored: 'services are asked by systemd or by their init scripts' }),
    runlevel: str({ fallback: 'default' }),
    arguments: str({ fallback: '', aliases: ['args'] }),
    use: str({ fallback: 'auto' }),
  },
  check: ({ state, enabled, use }, isRendered) => [
    ...(state === undefined && enabled === undefined && isRendered('state') && isRendered('enabled')
      ? ['say what is wanted: state or enabled']
      : []),
    ...(['auto', 'systemd', 'sysvinit', 'service', 'openrc'].includes(use)
      ? []
      : [`use: ${use} is none of auto, systemd, sysvinit, service, openrc`]),
  ],
  isLocal: false,
  inspect(args, call) {
    const { name, state, enabled, sleep, runlevel, use } = args;
    const byScript = () =>
      inspectInitScript({ name, state, enabled, sleep, runlevel, words: args.arguments }, call);
    if (use === 'sysvinit' || use === 'openrc') return byScript();
    const unit = { name, state, enabled, masked: undefined, scope: 'system' as const };
    return inspectUnit(
      { ...unit, force: false, noBlock: false },
      call,
      use === 'systemd' ? undefined : byScript,
    );
  },
});
