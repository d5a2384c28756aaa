import { bool, int, mode, str } from '../../model/arguments.ts';
import {
  ask,
  type Call,
  defineModule,
  done,
  type Planned,
  probeScript,
} from '../../model/module.ts';
import { readSourcesLook, sourcesLook } from './parts/apt-sources-look.ts';
import { planSources } from './parts/apt-sources-plan.ts';
import { fail } from './parts/outcome.ts';
import { planPpa } from './parts/ppa.ts';
import { addSource, parseSource, removeSource, sourceFileName } from './parts/sources-list.ts';

interface Args {
  repo: string;
  state: string;
  filename: string | undefined;
  mode: string | undefined;
  update_cache: boolean;
  update_cache_retries: number;
  update_cache_retry_max_delay: number;
  codename: string | undefined;
  validate_certs: boolean;
  install_python_apt: boolean;
}

export default defineModule<Args>({
  name: 'apt_repository',
  collection: 'ansible.builtin',
  summary:
    'Adds and removes lines of /etc/apt/sources.list.d, and brings the lists up to date after.',
  args: {
    repo: str({ required: true }),
    state: str({ fallback: 'present', choices: ['present', 'absent'] }),
    filename: str(),
    mode: mode(),
    update_cache: bool({ fallback: true, aliases: ['update-cache'] }),
    update_cache_retries: int({ fallback: 5 }),
    update_cache_retry_max_delay: int({ fallback: 12 }),
    codename: str(),
    validate_certs: bool({
      fallback: true,
      ignored: 'certificates are judged as apt on the host is set to',
    }),
    install_python_apt: bool({ fallback: true, ignored: 'no Python is needed on the host' }),
  },
  isLocal: true,
  check: ({ repo }, isRendered) =>
    isRendered('repo') && !repo.startsWith('ppa:') && parseSource(repo) === undefined
      ? [`"${repo}" is no source: write "deb [options] ADDRESS SUITE COMPONENT..."`]
      : [],
  inspect: (args, call) =>
    ask({ look: probeScript(sourcesLook()) }, ({ look }) =>
      look.exitCode === 0
        ? planLines(args, call, look.stdout)
        : fail(`cannot read the sources of apt: ${look.stderr.trim()}`),
    ),
});

function planLines(args: Args, call: Call, stdout: string): Planned {
  const found = readSourcesLook(stdout);
  if (args.repo.startsWith('ppa:')) return planPpa(args, found);
  const source = parseSource(args.repo);
  if (source === undefined) return fail(`Invalid repository string: ${args.repo}`);
  const name = args.filename === undefined ? sourceFileName(source) : `${args.filename}.list`;
  const path = name.startsWith('/') ? name : `/etc/apt/sources.list.d/${name}`;
  const changes =
    args.state === 'present'
      ? addSource(found.files, source, path)
      : removeSource(found.files, source);
  const values = {
    repo: args.repo,
    state: args.state,
    sources_added: changes.filter(({ before }) => before === undefined).map((item) => item.path),
    sources_removed: changes.filter(({ after }) => after === undefined).map((item) => item.path),
  };
  if (changes.length === 0) return done({ changed: false, values });
  return planSources({ ...args, changes, values, diffMode: call.diffMode });
}
