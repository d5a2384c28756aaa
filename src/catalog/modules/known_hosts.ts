import { bool, path, str } from '../../model/arguments.ts';
import { sh } from '../../model/command.ts';
import {
  ask,
  type Call,
  defineModule,
  done,
  type ModuleResult,
  type PathState,
  type Planned,
  probePath,
  probeScript,
  type Ran,
} from '../../model/module.ts';
import { type HostFound, hashHost, readSearch } from './parts/known-host-lines.ts';
import { alter, complaintOf, fail } from './parts/outcome.ts';
import { script } from './parts/script-action.ts';
import { binaryOf, binaryText, bytesOf, shownText, splitLines } from './parts/text-lines.ts';
import { writeFile } from './parts/write-file.ts';

interface Args {
  readonly name: string;
  readonly key: string | undefined;
  readonly path: string;
  readonly hash_host: boolean;
  readonly state: string;
}

export default defineModule<Args>({
  name: 'known_hosts',
  collection: 'ansible.builtin',
  summary: 'Keeps the key of an SSH server in a known_hosts file, or out of it.',
  args: {
    name: str({ required: true, aliases: ['host'] }),
    key: str(),
    path: path({ fallback: '~/.ssh/known_hosts' }),
    hash_host: bool({ fallback: false }),
    state: str({ fallback: 'present', choices: ['absent', 'present'] }),
  },
  check: ({ name, key, state }, isRendered) => [
    ...(state === 'present' && !key && isRendered('key')
      ? ['No key specified when adding a host']
      : []),
    ...(/\S+\s*,\s*/.test(name ?? '') && key !== undefined
      ? [
          'Comma separated list of names is not supported. Please pass a single name to lookup in the known_hosts file.',
        ]
      : []),
  ],
  isLocal: true,
  inspect: (args, call) =>
    ask({ file: probePath(args.path, { contentUpTo: 4_194_304, follow: true }) }, ({ file }) =>
      search(args, call, file),
    ),
});

// ssh-keygen knows best which lines are about a host: patterns, ports, hashed names
function search(args: Args, call: Call, file: PathState): Planned {
  const host = args.name.toLowerCase();
  const given = args.key === undefined ? '' : args.key.replace(/\n*$/, '\n');
  const found = file.kind !== 'absent';
  return ask(
    {
      key: probeScript(
        sh`[ -z ${given} ] || printf %s ${given} | ssh-keygen -F ${host} -f /dev/stdin`,
      ),
      lines: probeScript(sh`[ -z ${found ? 'yes' : ''} ] || ssh-keygen -F ${host} -f ${file.path}`),
    },
    ({ key, lines }) => {
      if (key.exitCode === 127) return fail('ssh-keygen is missing on this host');
      if (given !== '' && key.stdout === '')
        return fail('Host parameter does not match hashed host field in supplied key');
      // 1 says that the host is not in the file
      if (lines.exitCode > 1) return fail(`ssh-keygen failed: ${complaintOf(lines)}`);
      return plan({ ...args, name: host }, call, file, lines);
    },
  );
}

function plan(args: Args, call: Call, file: PathState, lines: Ran): Planned {
  const { name, hash_host, state } = args;
  const seed = `${call.nonce}:${name}:${String(call.nowMs())}`;
  const key =
    args.key !== undefined && hash_host ? hashHost(args.key, name, seed) : args.key?.trimEnd();
  const found = readSearch(lines.stdout, key);
  const values = {
    name: args.name,
    key: key === undefined ? null : `${key}\n`,
    path: file.path,
    hash_host,
    state,
  };
  if (state === 'absent' && found.line === undefined && key !== undefined)
    return done({ changed: false, values });
  const isPresent = state === 'present';
  if (!found.replaces && isPresent === found.found) return done({ changed: false, values });
  const result: ModuleResult = {
    changed: true,
    values,
    changes: [`${isPresent ? 'wrote the key of' : 'forgot'} ${name} in ${file.path}`],
  };
  if (key === undefined) return forgetHost(name, file, result);
  return write({ call, file, found, result, ...(isPresent && { key }) });
}

function forgetHost(host: string, file: PathState, result: ModuleResult): Planned {
  return alter({ actions: [script(sh`ssh-keygen -R ${host} -f ${file.path}`)], result });
}

interface Writing {
  readonly call: Call;
  readonly file: PathState;
  readonly found: HostFound;
  readonly key?: string;
  readonly result: ModuleResult;
}

function write({ call, file, found, key, result }: Writing): Planned {
  const before = file.content === undefined ? '' : binaryOf(file.content);
  const lines = splitLines(before).filter((_, at) => at + 1 !== found.line);
  const last = lines.at(-1);
  // a last line without its end would swallow the new one
  if (key !== undefined && last !== undefined && !last.endsWith('\n')) lines.push('\n');
  const after = lines.join('') + (key === undefined ? '' : binaryText(`${key}\n`));
  const diff = {
    before: shownText(before),
    after: shownText(after),
    beforeHeader: file.kind === 'absent' ? '/dev/null' : file.path,
    afterHeader: file.path,
  };
  return writeFile({
    dest: file.kind === 'absent' ? file : { ...file, path: file.realPath || file.path },
    content: { bytes: bytesOf(after) },
    wish: {},
    ids: {},
    call,
    result: () => ({ ...result, diff: [diff] }),
  });
}
