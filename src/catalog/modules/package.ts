import { type Arg, bool, str, texts } from '../../model/arguments.ts';
import { sh } from '../../model/command.ts';
import { ask, type Call, defineModule, type Planned, probeScript } from '../../model/module.ts';
import { type AptArgs, aptArgs } from './parts/apt-args.ts';
import { planApt, readAptWish } from './parts/apt-inspect.ts';
import { aptLook } from './parts/apt-look.ts';
import { type DnfArgs, dnfArgs } from './parts/dnf-args.ts';
import { dnfLook } from './parts/dnf-look.ts';
import { planDnf } from './parts/dnf-plan.ts';
import { fail } from './parts/outcome.ts';

interface Args {
  name: readonly string[];
  state: string;
  use: string;
  update_cache: boolean | undefined;
}

export default defineModule<Args>({
  name: 'package',
  collection: 'ansible.builtin',
  summary: 'Installs, upgrades and removes packages with what the host has: apt, dnf or yum.',
  args: {
    name: texts({ required: true, aliases: ['pkg'] }),
    state: str({
      fallback: 'present',
      choices: ['present', 'installed', 'latest', 'absent', 'removed'],
    }),
    use: str({ fallback: 'auto', choices: ['auto', 'apt', 'dnf', 'yum'] }),
    update_cache: bool(),
  },
  isLocal: true,
  inspect: inspectPackage,
});

/** The arguments of a manager's own module: its defaults, and what `package` passes on. */
function withDefaults<A>(table: { readonly [K in keyof A]-?: Arg<A[K]> }, given: Partial<A>): A {
  const names = Object.keys(table) as (keyof A)[];
  return Object.fromEntries(names.map((name) => [name, given[name] ?? table[name].fallback])) as A;
}

/** Looks with whichever manager is there, in one go. */
function inspectPackage(args: Args, call: Call): Planned {
  const { use, ...given } = args;
  const apt: AptArgs = withDefaults(aptArgs, given);
  const dnf: DnfArgs = withDefaults<DnfArgs>(dnfArgs, {
    ...given,
    update_cache: given.update_cache ?? false,
  });
  const wish = readAptWish(apt);
  const aptScript = 'problem' in wish ? '' : aptLook(wish.look).script;
  const dnfScript = dnfLook(dnf.name ?? [], dnf.installroot).script;
  const look = sh`if [ ${use} = apt ] || { [ ${use} = auto ] && command -v apt-get >/dev/null; }; then echo @@apt
${{ script: aptScript }}
elif [ ${use} != apt ] && { command -v dnf || command -v yum; } >/dev/null; then echo @@dnf
${{ script: dnfScript }}
fi`;
  return ask({ look: probeScript(look) }, ({ look: ran }) => {
    if (ran.stdout.startsWith('@@apt')) return planApt(apt, call, ran);
    if (ran.stdout.startsWith('@@dnf')) return planDnf(dnf, call, ran.stdout);
    return fail('this host has neither apt nor dnf nor yum: package cannot install anything');
  });
}
