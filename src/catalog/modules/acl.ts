import { bool, path, str } from '../../model/arguments.ts';
import { type Command, sh } from '../../model/command.ts';
import {
  ask,
  defineModule,
  done,
  type Planned,
  probePath,
  probeScript,
} from '../../model/module.ts';
import { type AclArgs, type AclEntry, checkAcl, entryText, readEntry } from './parts/acl-entry.ts';
import { alter, complaintOf, fail } from './parts/outcome.ts';
import { script } from './parts/script-action.ts';

export default defineModule<AclArgs>({
  name: 'acl',
  collection: 'ansible.posix',
  summary: 'Keeps an entry in the access control list of a path, or away; or tells the list.',
  args: {
    path: path({ required: true, aliases: ['name'] }),
    state: str({ fallback: 'query', choices: ['absent', 'present', 'query'] }),
    entry: str(),
    entity: str({ fallback: '' }),
    etype: str({ choices: ['group', 'mask', 'other', 'user'] }),
    permissions: str(),
    follow: bool({ fallback: true }),
    default: bool({ fallback: false }),
    recursive: bool({ fallback: false, aliases: ['recurse'] }),
    recalculate_mask: str({ fallback: 'default', choices: ['default', 'mask', 'no_mask'] }),
    use_nfsv4_acls: bool({ fallback: false, ignored: 'only FreeBSD has them' }),
  },
  check: checkAcl,
  isLocal: true,
  inspect: (args) =>
    ask({ found: probePath(args.path, { follow: true }) }, ({ found }) => {
      if (found.kind === 'absent') return fail('Path not found or not accessible.');
      const entry = readEntry(args);
      const tools = { tools: probeScript(toolsScript) };
      return ask(
        {
          ...tools,
          test: probeScript(testScript(args, entry)),
          list: probeScript(listScript(args, entry)),
        },
        (said) => {
          if (said.tools.exitCode !== 0)
            return fail(
              `Failed to find required executable "${said.tools.stdout.trim()}" in paths; the package acl has it`,
            );
          if (said.test.exitCode !== 0)
            return fail(complaintOf(said.test), { rc: said.test.exitCode });
          const differs = linesOf(said.test.stdout).some((line) => !line.endsWith('*,*'));
          return conclude(args, entry, differs, said.list.stdout);
        },
      );
    }),
});

const toolsScript = sh`for tool in setfacl getfacl; do
command -v "$tool" >/dev/null 2>&1 || { echo "$tool"; exit 1; }
done`;

function linesOf(stdout: string): string[] {
  const lines = stdout
    .replace(/\n$/, '')
    .split('\n')
    .filter((line) => !line.startsWith('#'));
  const trimmed = lines.map((line) => line.trim());
  return trimmed.at(-1) === '' ? trimmed.slice(0, -1) : trimmed;
}

function flagsOf({ recursive, recalculate_mask: mask, follow }: AclArgs): string[] {
  return [
    ...(recursive ? ['--recursive'] : []),
    ...(mask === 'mask' ? ['--mask'] : mask === 'no_mask' ? ['--no-mask'] : []),
    ...(follow ? [] : ['--physical']),
  ];
}

function setWords(args: AclArgs, entry: AclEntry): string[] {
  const action = args.state === 'present' ? '-m' : '-x';
  return [
    ...(entry.isDefault ? ['-d'] : []),
    action,
    entryText(args.state, entry),
    ...flagsOf(args),
    args.path,
  ];
}

function testScript(args: AclArgs, entry: AclEntry): Command {
  return args.state === 'query'
    ? sh`:`
    : sh`command -v setfacl >/dev/null 2>&1 || exit 0
setfacl --test ${setWords(args, entry)}`;
}

function listScript(args: AclArgs, entry: AclEntry): Command {
  const { recursive, follow } = args;
  const flags = [
    ...(entry.isDefault ? ['-d'] : []),
    ...['--omit-header', '--absolute-names'],
    ...(recursive ? ['--recursive'] : []),
    ...(follow ? [] : ['--physical']),
  ];
  return sh`getfacl ${flags} ${args.path}`;
}

function conclude(args: AclArgs, entry: AclEntry, differs: boolean, listed: string): Planned {
  const { state } = args;
  if (state === 'query')
    return done({ changed: false, msg: 'current acl', values: { acl: linesOf(listed) } });
  const text = entryText(state, entry);
  const msg = `${text} is ${state}`;
  if (!differs) return done({ changed: false, msg, values: { acl: linesOf(listed) } });
  return alter({
    actions: [
      script(sh`setfacl ${setWords(args, entry)} && ${{ script: listScript(args, entry).script }}`),
    ],
    result: {
      changed: true,
      msg,
      values: { acl: linesOf(listed) },
      changes: [`${args.path}: ${state === 'present' ? 'set' : 'remove'} the entry ${text}`],
    },
    next: (ran) =>
      done({
        changed: true,
        msg,
        values: { acl: linesOf(ran.at(-1)?.stdout ?? '') },
        changes: [`${args.path}: ${state === 'present' ? 'set' : 'remove'} the entry ${text}`],
      }),
  });
}
