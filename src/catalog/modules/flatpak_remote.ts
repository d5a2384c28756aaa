import { bool, path, str } from '../../model/arguments.ts';
import { sh } from '../../model/command.ts';
import {
  ask,
  type Call,
  defineModule,
  done,
  type Planned,
  probeScript,
  type Ran,
} from '../../model/module.ts';
import { runFlatpak } from './parts/flatpaks.ts';
import { missingProgram } from './parts/missing-program.ts';
import { complaintOf, fail } from './parts/outcome.ts';

interface Args {
  name: string;
  state: string;
  flatpakrepo_url: string | undefined;
  method: string;
  enabled: boolean;
  executable: string;
}

export default defineModule<Args>({
  name: 'flatpak_remote',
  collection: 'community.general',
  summary: 'Adds and removes remotes that flatpaks come from.',
  args: {
    name: str({ required: true }),
    state: str({ fallback: 'present', choices: ['present', 'absent'] }),
    flatpakrepo_url: str(),
    method: str({ fallback: 'system', choices: ['system', 'user'] }),
    enabled: bool({ fallback: true }),
    executable: path({ fallback: 'flatpak' }),
  },
  isLocal: true,
  check: ({ state, flatpakrepo_url: url }, isRendered) =>
    state === 'present' && url === undefined && isRendered('flatpakrepo_url')
      ? ['state: present needs flatpakrepo_url']
      : [],
  inspect(args, call) {
    const look = sh`command -v ${args.executable} >/dev/null || exit 127
${args.executable} remotes ${`--${args.method}`} --show-disabled --columns=name,options`;
    return ask({ look: probeScript(look) }, ({ look: ran }) => plan(args, call, ran));
  },
});

function plan(args: Args, call: Call, look: Ran): Planned {
  if (look.exitCode === 127)
    return missingProgram(call, `Executable '${args.executable}' was not found on the system.`);
  if (look.exitCode !== 0) return fail(`flatpak remotes failed: ${complaintOf(look)}`);
  const rows = look.stdout.split('\n').map((line) => line.split('\t'));
  const row = rows.find(([name = '']) => name.trim() === args.name);
  const present = args.state === 'present';
  const method = `--${args.method}`;
  const calls: string[][] = [];
  if (present && row === undefined)
    calls.push(['remote-add', method, args.name, args.flatpakrepo_url ?? '']);
  if (!present && row !== undefined) calls.push(['remote-delete', method, '--force', args.name]);
  const isEnabled = !(row?.[1] ?? '')
    .split(',')
    .map((word) => word.trim())
    .includes('disabled');
  if (present && isEnabled !== args.enabled)
    calls.push(['remote-modify', method, args.enabled ? '--enable' : '--disable', args.name]);
  if (calls.length === 0) return done({ changed: false });
  return runFlatpak(args.executable, calls, {
    changes: calls.map((words) => words.join(' ')),
    predict: [{ thing: `flatpak-remote:${args.name}`, present }],
  });
}
