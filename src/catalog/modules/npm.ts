import { bool, path, str } from '../../model/arguments.ts';
import { ask, defineModule, probeScript } from '../../model/module.ts';
import { type NpmArgs, npmLook, planNpm } from './parts/npm-plan.ts';

const no = { fallback: false } as const;

export default defineModule<NpmArgs>({
  name: 'npm',
  collection: 'community.general',
  summary: 'Installs and removes packages of Node.js, for a folder or for all.',
  args: {
    name: str(),
    version: str(),
    path: path(),
    state: str({ fallback: 'present', choices: ['present', 'absent', 'latest'] }),
    global: bool(no),
    executable: path(),
    production: bool(no),
    registry: str(),
    ci: bool(no),
    ignore_scripts: bool(no),
    unsafe_perm: bool(no),
    no_optional: bool(no),
    no_bin_links: bool(no),
  },
  isLocal: true,
  check(args, isRendered) {
    const problems: string[] = [];
    if (args.path === undefined && !args.global && isRendered('path') && isRendered('global'))
      problems.push('path must be specified when not using global');
    if (args.state === 'absent' && args.name === undefined && isRendered('name'))
      problems.push('state: absent needs a name');
    if (args.version !== undefined && args.name === undefined && isRendered('name'))
      problems.push('version needs a name');
    return problems;
  },
  inspect: (args, call) =>
    ask({ look: probeScript(npmLook(args)) }, ({ look }) => planNpm(args, call, look)),
});
