import { bool, int, mode, str, texts } from '../../model/arguments.ts';
import { ask, defineModule, type Planned, probePath, probeScript } from '../../model/module.ts';
import { fetchedKeyLook, readFetchedKey } from './parts/apt-key-file.ts';
import { repositorySlug } from './parts/deb822.ts';
import { type Deb822Args, planDeb822 } from './parts/deb822-plan.ts';
import { fail } from './parts/outcome.ts';

export default defineModule<Deb822Args>({
  name: 'deb822_repository',
  collection: 'ansible.builtin',
  summary:
    'Keeps a source of apt in a file of its own below /etc/apt/sources.list.d, with its key.',
  args: {
    name: str({ required: true }),
    state: str({ fallback: 'present', choices: ['present', 'absent'] }),
    types: texts({ fallback: ['deb'], choices: ['deb', 'deb-src'] }),
    uris: texts(),
    suites: texts(),
    components: texts(),
    architectures: texts(),
    signed_by: str(),
    enabled: bool(),
    trusted: bool(),
    allow_downgrade_to_insecure: bool(),
    allow_insecure: bool(),
    allow_weak: bool(),
    by_hash: bool(),
    check_date: bool(),
    check_valid_until: bool(),
    date_max_future: int(),
    inrelease_path: str(),
    languages: texts(),
    pdiffs: bool(),
    targets: texts(),
    mode: mode({ fallback: '0644' }),
    install_python_debian: bool({ fallback: false, ignored: 'no Python is needed on the host' }),
  },
  isLocal: true,
  check: ({ name, state, uris, suites }, isRendered) => [
    ...(isRendered('name') && repositorySlug(name) === '' ? [`"${name}" makes no file name`] : []),
    ...(state === 'present' && (uris === undefined || suites === undefined)
      ? ['state: present needs uris and suites']
      : []),
  ],
  inspect: inspectRepository,
});

function inspectRepository(args: Deb822Args): Planned {
  const slug = repositorySlug(args.name);
  const { signed_by: key } = args;
  const isAddress = key !== undefined && /^[a-z][a-z0-9+.-]*:\/\//i.test(key.trim());
  const probes = {
    file: probePath(`/etc/apt/sources.list.d/${slug}.sources`, { contentUpTo: 65_536 }),
    armored: probePath(`/etc/apt/keyrings/${slug}.asc`, { contentUpTo: 1_048_576 }),
    binary: probePath(`/etc/apt/keyrings/${slug}.gpg`, { contentUpTo: 1_048_576 }),
  };
  if (!isAddress || args.state === 'absent')
    return ask(probes, (found) => planDeb822(args, found, undefined));
  return ask({ ...probes, key: probeScript(fetchedKeyLook(key.trim())) }, (found) => {
    const fetched = readFetchedKey(found.key);
    return typeof fetched === 'string'
      ? fail(`the key of ${args.name} cannot be fetched: ${fetched}`)
      : planDeb822(args, found, fetched);
  });
}
