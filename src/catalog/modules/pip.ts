import { bool, path, str, texts } from '../../model/arguments.ts';
import { ask, defineModule, probeScript } from '../../model/module.ts';
import { type PipArgs, pipLook, planPip } from './parts/pip-plan.ts';

export default defineModule<PipArgs>({
  name: 'pip',
  collection: 'ansible.builtin',
  summary: 'Installs and removes Python packages, in an environment of their own if told.',
  args: {
    name: texts(),
    version: str(),
    requirements: str(),
    state: str({ fallback: 'present', choices: ['present', 'absent', 'latest', 'forcereinstall'] }),
    virtualenv: path(),
    virtualenv_command: str({ fallback: 'virtualenv' }),
    virtualenv_python: str(),
    virtualenv_site_packages: bool({ fallback: false }),
    executable: path(),
    editable: bool({ fallback: false }),
    extra_args: str(),
    chdir: path(),
    umask: str(),
  },
  isLocal: true,
  check(args, isRendered) {
    const problems: string[] = [];
    if (
      args.name === undefined &&
      args.requirements === undefined &&
      isRendered('name') &&
      isRendered('requirements')
    )
      problems.push('name or requirements is needed');
    if (args.name !== undefined && args.requirements !== undefined)
      problems.push('name and requirements cannot be used together');
    if (args.executable !== undefined && args.virtualenv !== undefined)
      problems.push('executable and virtualenv cannot be used together');
    if (args.version !== undefined && isRendered('name') && (args.name ?? []).length > 1)
      problems.push('version goes with a single name: write name==version');
    if (args.version !== undefined && ['latest', 'absent'].includes(args.state))
      problems.push(`version does not go with state: ${args.state}`);
    return problems;
  },
  inspect: (args, call) =>
    ask({ look: probeScript(pipLook(args)) }, ({ look }) => planPip(args, call, look)),
});
