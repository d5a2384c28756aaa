import { bool, str } from '../../model/arguments.ts';
import { sh } from '../../model/command.ts';
import { ask, defineModule, done, probeScript, type Ran } from '../../model/module.ts';
import { makeVars, type Value, type Vars } from '../../model/value.ts';
import { complaintOf, fail } from './parts/outcome.ts';

interface Args {
  readonly database: string;
  readonly key: string | undefined;
  readonly service: string | undefined;
  readonly split: string | undefined;
  readonly fail_key: boolean;
}

const colonDatabases = ['passwd', 'shadow', 'group', 'gshadow'];

export default defineModule<Args>({
  name: 'getent',
  collection: 'ansible.builtin',
  summary: 'Looks entries of a database such as passwd or hosts up, as the fact `getent_DATABASE`.',
  args: {
    database: str({ required: true }),
    key: str(),
    service: str(),
    split: str(),
    fail_key: bool({ fallback: true }),
  },
  isLocal: true,
  inspect(args) {
    const { database, key, service } = args;
    const words = [
      ...(service === undefined ? [] : ['-s', service]),
      '--',
      database,
      ...(key === undefined ? [] : [key]),
    ];
    return ask({ entries: probeScript(sh`getent ${words}`) }, ({ entries }) =>
      judge(args, entries),
    );
  },
});

function judge({ database, key, split, fail_key }: Args, ran: Ran) {
  const name = `getent_${database}`;
  const separator = split ?? (colonDatabases.includes(database) ? ':' : undefined);
  if (ran.exitCode === 0)
    return done({ changed: false, facts: { [name]: readEntries(ran.stdout, separator) } });
  if (ran.exitCode === 2) {
    const msg = 'One or more supplied key could not be found in the database.';
    if (fail_key || key === undefined) return fail(msg);
    return done({ changed: false, msg, facts: { [name]: makeVars([[key, null]]) } });
  }
  if (ran.exitCode === 1) return fail('Missing arguments, or database unknown.');
  if (ran.exitCode === 3) return fail('Enumeration not supported on this database.');
  return fail(`getent did not work: ${complaintOf(ran)}`);
}

/** Entries by their first field; one that comes again has a list of lists, as in Ansible. */
function readEntries(text: string, separator: string | undefined): Vars {
  const entries = new Map<string, readonly string[][]>();
  for (const line of text.split('\n').filter(Boolean)) {
    const [first = '', ...rest] =
      separator === undefined ? line.trim().split(/\s+/) : line.split(separator);
    entries.set(first, [...(entries.get(first) ?? []), rest]);
  }
  return makeVars(
    Array.from(entries, ([key, found]): [string, Value] => [
      key,
      found.length === 1 ? (found[0] ?? []) : found,
    ]),
  );
}
