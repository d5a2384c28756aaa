import { bool, path, str } from '../../model/arguments.ts';
import { sh } from '../../model/command.ts';
import {
  type Action,
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
import { andThen } from './parts/and-then.ts';
import { alter, complaintOf, fail } from './parts/outcome.ts';
import { script } from './parts/script-action.ts';
import { editSysctl, isSameValue, sysctlValue, valueIn } from './parts/sysctl-text.ts';
import { binaryOf, binaryText, bytesOf, shownText } from './parts/text-lines.ts';
import { writeFile } from './parts/write-file.ts';

interface Args {
  readonly name: string;
  readonly value: string | undefined;
  readonly state: string;
  readonly reload: boolean;
  readonly sysctl_set: boolean;
  readonly sysctl_file: string;
  readonly ignoreerrors: boolean;
}

export default defineModule<Args>({
  name: 'sysctl',
  collection: 'ansible.posix',
  summary: 'Sets a setting of the kernel, now and at the next start.',
  args: {
    name: str({ required: true, aliases: ['key'] }),
    value: str({ aliases: ['val'] }),
    state: str({ fallback: 'present', choices: ['present', 'absent'] }),
    reload: bool({ fallback: true }),
    sysctl_set: bool({ fallback: false }),
    sysctl_file: path({ fallback: '/etc/sysctl.conf' }),
    ignoreerrors: bool({ fallback: false }),
  },
  check: ({ name, value, state }, isRendered) => [
    ...(name === '' ? ['name cannot be blank'] : []),
    ...(state === 'present' && isRendered('value') && (value ?? '') === ''
      ? ['value cannot be blank']
      : []),
  ],
  isLocal: true,
  inspect(args, call) {
    const name = args.name.trim();
    return ask(
      {
        file: probePath(args.sysctl_file, { contentUpTo: 1_048_576, follow: true }),
        running: probeScript(sh`sysctl -e -n ${name}`),
      },
      ({ file, running }) => plan({ ...args, name }, call, file, running),
    );
  },
});

function plan(args: Args, call: Call, file: PathState, running: Ran): Planned {
  if (running.exitCode === 127) return fail('sysctl is missing on this host');
  const value = args.state === 'present' ? sysctlValue(args.value ?? '') : '';
  const text = file.content === undefined ? '' : binaryOf(file.content);
  const kept = valueIn(text, args.name);
  const rewrites = args.state === 'present' ? kept !== binaryText(value) : kept !== undefined;
  // a setting this kernel does not know can never be as wished
  const isUnknown = args.ignoreerrors && running.stdout.trim() === '';
  const differs = !isUnknown && (running.exitCode !== 0 || !isSameValue(running.stdout, value));
  const sets = args.state === 'present' && args.sysctl_set && differs;
  const reloads = args.state === 'present' && args.reload && differs;
  const changed = rewrites || sets || reloads;
  if (!changed) return done({ changed });
  const result = { changed, changes: changesOf(args, value, { rewrites, sets }) };
  const setting = sets ? setNow(args, value, result) : done(result);
  const writing = rewrites
    ? andThen(setting, () => write(args, call, file, { text, value, result }))
    : setting;
  return args.reload
    ? andThen(writing, (written) => reload({ ...args, sysctl_file: file.path }, written))
    : writing;
}

function changesOf(
  { name, state, sysctl_file }: Args,
  value: string,
  { rewrites, sets }: { readonly rewrites: boolean; readonly sets: boolean },
): string[] {
  if (state === 'absent') return [`took ${name} out of ${sysctl_file}`];
  return [
    ...(rewrites ? [`wrote ${name}=${value} to ${sysctl_file}`] : []),
    ...(sets ? [`set ${name} to ${value}`] : []),
    ...(rewrites || sets ? [] : [`loaded ${sysctl_file}`]),
  ];
}

function setNow({ name, ignoreerrors }: Args, value: string, result: ModuleResult): Planned {
  const words = [...(ignoreerrors ? ['-e'] : []), '-w', `${name}=${value}`];
  return runSysctl(words, result, `setting ${name} failed: `);
}

function reload({ sysctl_file, ignoreerrors }: Args, result: ModuleResult): Planned {
  const words = [...(ignoreerrors ? ['-e'] : []), '-p', sysctl_file];
  return runSysctl(words, result, 'Failed to reload sysctl: ');
}

// sysctl may fail to set a value and still exit with 0
function runSysctl(words: readonly string[], result: ModuleResult, trouble: string): Planned {
  const actions: Action[] = [script(sh`sysctl ${words}`)];
  const refused = /^sysctl: setting key "[^"]+".*: (Invalid argument|Read-only file system)$/m;
  return alter({
    actions,
    result,
    failure: (ran) => trouble + complaintOf(ran),
    next: ([ran]) =>
      ran !== undefined && refused.test(ran.stderr) && !words.includes('-e')
        ? fail(trouble + complaintOf(ran))
        : done(result),
  });
}

function write(
  args: Args,
  call: Call,
  file: PathState,
  { text, value, result }: { text: string; value: string; result: ModuleResult },
): Planned {
  const wished = args.state === 'present' ? binaryText(value) : undefined;
  const after = editSysctl(text, args.name, wished);
  const header = { beforeHeader: file.path, afterHeader: file.path };
  return writeFile({
    dest: file.kind === 'absent' ? file : { ...file, path: file.realPath || file.path },
    content: { bytes: bytesOf(after) },
    wish: {},
    ids: {},
    call,
    result: () => ({
      ...result,
      diff: [{ before: shownText(text), after: shownText(after), ...header }],
    }),
  });
}
