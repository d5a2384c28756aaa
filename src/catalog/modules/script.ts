import { bool, path, str } from '../../model/arguments.ts';
import { quoteSh } from '../../model/command.ts';
import { renderPath } from '../../model/host-path.ts';
import {
  defineModule,
  done,
  type ModuleResult,
  type Ran,
  type SourceFile,
} from '../../model/module.ts';
import { askGuard } from './parts/command-guard.ts';
import { outputValues } from './parts/command-result.ts';
import { loginLocale } from './parts/command-words.ts';
import { fail } from './parts/outcome.ts';
import { script } from './parts/script-action.ts';
import { readScriptLine, startWords } from './parts/script-line.ts';

interface ScriptArgs {
  cmd: string;
  chdir: string | undefined;
  creates: string | undefined;
  removes: string | undefined;
  executable: string | undefined;
  decrypt: boolean;
}

export default defineModule<ScriptArgs>({
  name: 'script',
  collection: 'ansible.builtin',
  summary: 'Brings a script of the controller to the host and runs it there.',
  args: {
    cmd: str({ required: true }),
    chdir: path(),
    creates: path(),
    removes: path(),
    executable: str(),
    decrypt: bool({ fallback: true }),
  },
  freeForm: 'cmd',
  isLocal: false,
  repeats: false,
  check({ cmd, chdir }, isRendered) {
    const line = isRendered('cmd') ? readScriptLine(cmd) : undefined;
    return [
      ...(line && 'problem' in line ? [line.problem] : []),
      ...(isRendered('chdir') && chdir !== undefined && !/^[/~$]/.test(chdir)
        ? [`chdir ${chdir} must be an absolute path for a Unix-aware remote node`]
        : []),
    ];
  },
  sources({ cmd }) {
    const line = readScriptLine(cmd);
    return 'problem' in line ? {} : { script: { path: line.file, folder: 'files' } };
  },
  inspect(args, call) {
    const { creates, removes } = args;
    const source = call.sources['script'];
    if (source === undefined || 'files' in source)
      return fail(`Could not find or access '${args.cmd}'`);
    if (call.checkMode && creates === undefined && removes === undefined)
      return done({
        changed: false,
        skipped: true,
        msg: 'Check mode is not supported for this task.',
      });
    return askGuard({ ...args, chdir: undefined, isPlain: true }, (held) => {
      if (held === undefined) return runScript(args, source);
      const why =
        held.by === 'creates' ? 'exists, matching creates' : 'does not exist, matching removes';
      return done({ changed: false, skipped: true, msg: `${held.path} ${why} option` });
    });
  },
});

function runScript({ cmd, chdir, executable }: ScriptArgs, source: SourceFile) {
  const line = readScriptLine(cmd);
  if ('problem' in line) return fail(line.problem);
  const start = startWords(source, executable);
  const text = [
    loginLocale,
    'chmod 700 "$lab_script"',
    ...(chdir === undefined
      ? []
      : [`lab_folder=${renderPath(chdir, {})}; cd "$lab_folder" || exit`]),
    `exec /bin/sh -c ${quoteSh(start + line.rest)}`,
  ].join('\n');
  return {
    kind: 'act' as const,
    actions: [
      { kind: 'upload' as const, variable: 'lab_script', content: { source } },
      script({ shell: 'sh', script: text, shown: cmd }, { mayFail: true }),
    ],
    expected: { changed: true, changes: [cmd] },
    read(ran: readonly Ran[]) {
      const [came, left] = ran;
      if (came !== undefined && came.exitCode !== 0)
        return fail(`the script could not be sent: ${came.stderr.trim()}`);
      return left === undefined
        ? fail('the host did not say what became of the script')
        : done(readScript(left, cmd));
    },
  };
}

function readScript(ran: Ran, cmd: string): ModuleResult {
  const isFailed = ran.exitCode !== 0;
  return {
    changed: true,
    ...(isFailed && { failed: true, msg: 'non-zero return code' }),
    values: { rc: ran.exitCode, ...outputValues(ran.stdout, ran.stderr) },
    changes: [cmd],
  };
}
