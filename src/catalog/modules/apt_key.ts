import { bool, path, str } from '../../model/arguments.ts';
import {
  ask,
  defineModule,
  done,
  type Planned,
  probeScript,
  type Ran,
} from '../../model/module.ts';
import {
  type AptKeyArgs,
  addKeyScript,
  type KeysFound,
  keysLook,
  parseKeys,
  readKeyId,
  removeKeyScript,
} from './parts/apt-keys.ts';
import { alter, complaintOf, fail } from './parts/outcome.ts';
import { script } from './parts/script-action.ts';

export default defineModule<AptKeyArgs>({
  name: 'apt_key',
  collection: 'ansible.builtin',
  summary:
    'Adds and removes keys that apt trusts for all sources (deb822_repository is the newer way).',
  args: {
    id: str(),
    url: str(),
    data: str(),
    file: path(),
    keyserver: str(),
    keyring: path(),
    state: str({ fallback: 'present', choices: ['present', 'absent'] }),
    validate_certs: bool({ fallback: true }),
  },
  isLocal: true,
  check(args, isRendered) {
    const sources = (['data', 'file', 'url', 'keyserver'] as const).filter(
      (name) => args[name] !== undefined,
    );
    const problems: string[] = [];
    if (sources.length > 1) problems.push(`${sources.join(' and ')} cannot be used together`);
    if (args.state === 'absent' && args.id === undefined && isRendered('id'))
      problems.push('state: absent needs id');
    if (args.keyserver !== undefined && args.id === undefined && isRendered('id'))
      problems.push('keyserver needs id');
    if (
      args.state === 'present' &&
      args.id === undefined &&
      sources.length === 0 &&
      isRendered('id')
    )
      problems.push('one of data, file, url and keyserver is needed');
    if (args.id !== undefined && isRendered('id') && readKeyId(args.id) === undefined)
      problems.push(`"${args.id}" is no key id: write 8, 16 or 40 hex digits`);
    return problems;
  },
  inspect: (args) => ask({ look: probeScript(keysLook(args)) }, ({ look }) => plan(args, look)),
});

function plan(args: AptKeyArgs, look: Ran): Planned {
  if (look.exitCode !== 0) return fail(`cannot read the key: ${complaintOf(look)}`);
  const found = parseKeys(look.stdout);
  const wanted = args.id === undefined ? undefined : readKeyId(args.id);
  if (args.id !== undefined && wanted === undefined) return fail(`"${args.id}" is no key id`);
  if (args.state === 'absent') return planAbsent(args, wanted ?? '', found.trusted);
  const has = (id: string) => found.all.some((known) => known.endsWith(id));
  if (wanted !== undefined && has(wanted))
    return done({ changed: false, values: valuesOf(wanted, found.trusted) });
  const trouble = troubleOf(args, found, wanted);
  const [fingerprint = ''] = found.offered;
  if (trouble !== undefined) return fail(trouble);
  return found.offered.every(has)
    ? done({ changed: false, values: valuesOf(fingerprint, found.trusted) })
    : planAdd(args, found);
}

/** What is wrong with the keys that were offered. */
function troubleOf(
  args: AptKeyArgs,
  found: KeysFound,
  wanted: string | undefined,
): string | undefined {
  const [fingerprint] = found.offered;
  if (fingerprint === undefined)
    return (args.url ?? args.data ?? args.file ?? args.keyserver) === undefined
      ? `the key ${args.id ?? ''} is not there, and nothing says where to get it`
      : 'No key to add: what was offered holds no OpenPGP key';
  return wanted !== undefined && !found.offeredIds.some((id) => id.endsWith(wanted))
    ? `the offered key is ${fingerprint}, not ${wanted}`
    : undefined;
}

function planAdd(args: AptKeyArgs, found: KeysFound): Planned {
  const [fingerprint = ''] = found.offered;
  const keyring = args.keyring ?? '/etc/apt/trusted.gpg';
  return alter({
    actions: [script(addKeyScript(args, keyring))],
    result: {
      changed: true,
      values: {
        ...valuesOf(fingerprint, found.trusted),
        after: [...found.trusted, ...found.offered],
      },
      changes: [`added key ${fingerprint} to ${keyring}`],
    },
    predict: [{ path: keyring, state: { kind: 'file' } }],
    failure: (ran) => `the key cannot be added: ${complaintOf(ran)}`,
  });
}

function planAbsent(args: AptKeyArgs, wanted: string, trusted: readonly string[]): Planned {
  const doomed = trusted.filter((id) => id.endsWith(wanted));
  const values = valuesOf(wanted, trusted);
  if (doomed.length === 0) return done({ changed: false, values });
  return alter({
    actions: doomed.map((id) => script(removeKeyScript(id, args.keyring))),
    result: {
      changed: true,
      values: { ...values, after: trusted.filter((id) => !doomed.includes(id)) },
      changes: doomed.map((id) => `removed key ${id}`),
    },
    failure: (ran) => `the key cannot be removed: ${complaintOf(ran)}`,
  });
}

const valuesOf = (id: string, before: readonly string[]) => ({
  before,
  fp: id,
  id,
  key_id: id,
  short_id: id.slice(-8),
});
