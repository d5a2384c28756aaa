import { str } from '../../model/arguments.ts';
import { type Command, sh } from '../../model/command.ts';
import {
  type Action,
  ask,
  type Call,
  defineModule,
  done,
  type Planned,
  probeScript,
  type Ran,
} from '../../model/module.ts';
import {
  type ConfigFile,
  commentOut,
  isListed,
  optionsIn,
  printFiles,
  readFiles,
} from './parts/module-files.ts';
import { alter, complaintOf, fail } from './parts/outcome.ts';
import { script } from './parts/script-action.ts';
import { binaryOf, bytesOf } from './parts/text-lines.ts';
import { splitWords } from './parts/words.ts';

interface Args {
  readonly name: string;
  readonly state: string;
  readonly params: string;
  readonly persistent: string;
}

export default defineModule<Args>({
  name: 'modprobe',
  collection: 'community.general',
  summary: 'Loads a module of the kernel or unloads it, now and at each start.',
  args: {
    name: str({ required: true }),
    state: str({ fallback: 'present', choices: ['absent', 'present'] }),
    params: str({ fallback: '' }),
    persistent: str({ fallback: 'disabled', choices: ['disabled', 'present', 'absent'] }),
  },
  check({ name, params }) {
    const words = splitWords(params ?? '');
    return [
      ...(/[\s/]/.test(name ?? '') ? [`"${name}" is no name of a kernel module`] : []),
      ...('problem' in words ? [`params: ${words.problem}`] : []),
    ];
  },
  isLocal: true,
  inspect: (args, call) =>
    ask({ found: probeScript(look(args, call)) }, ({ found }) => plan(args, found)),
});

function wordsOf({ params }: Args): readonly string[] {
  const words = splitWords(params);
  return 'problem' in words ? [] : words;
}

// check mode asks modprobe what it would say, which changes nothing
function look(args: Args, call: Call): Command {
  const { name, state, persistent } = args;
  const tries = !call.checkMode
    ? sh`:`
    : state === 'present'
      ? sh`modprobe -n ${[name, ...wordsOf(args)]}`
      : sh`modprobe -n -r ${name}`;
  const files =
    persistent === 'disabled'
      ? ''
      : `${printFiles('/etc/modules-load.d')}\necho lab.options\n${printFiles('/etc/modprobe.d')}`;
  return sh`name=${name}
kernel=$(uname -r)
if grep -q "^$(printf %s "$name" | tr - _) " /proc/modules 2>/dev/null; then echo lab.loaded
elif grep -q "/$name\.ko" "/lib/modules/$kernel/modules.builtin" 2>/dev/null; then echo lab.loaded
else echo lab.missing; fi
${{ script: files }}
${tries}`;
}

function plan(args: Args, found: Ran): Planned {
  const { name, state, params, persistent } = args;
  const text = binaryOf(found.stdoutBytes);
  const isLoaded = text.startsWith('lab.loaded');
  const acts = (state === 'present') !== isLoaded;
  if (acts && found.exitCode !== 0) return fail(complaintOf(found), { name, params, state });
  const [modules = '', options = ''] = text.split(/^lab\.options$/m);
  const files = planFiles(args, readFiles(modules), readFiles(options));
  const changes = [
    ...(acts ? [`${state === 'present' ? 'loaded' : 'unloaded'} ${name}`] : []),
    ...(files.length === 0
      ? []
      : [`${persistent === 'present' ? 'loads' : 'no longer loads'} ${name} at the start`]),
  ];
  const result = { changed: changes.length > 0, values: { name, params, state }, changes };
  if (changes.length === 0) return done(result);
  const words = state === 'present' ? [name, ...wordsOf(args)] : ['-r', name];
  return alter({
    actions: [...(acts ? [script(sh`modprobe ${words}`)] : []), ...files.map(writeConfig)],
    result,
  });
}

function planFiles(
  { name, params, persistent }: Args,
  modules: readonly ConfigFile[],
  options: readonly ConfigFile[],
): readonly ConfigFile[] {
  const isThere = isListed(modules, name);
  const had = optionsIn(options, name);
  if (persistent === 'absent')
    return [...commentOut(modules, 'module', name), ...commentOut(options, 'options', name)];
  if (persistent !== 'present') return [];
  const wanted = params.split(/\s+/).filter(Boolean);
  const isSame = wanted.length === had.size && wanted.every((word) => had.has(word));
  const own = `/etc/modprobe.d/${name}.conf`;
  const lines = wanted.map((word) => `options ${name} ${word}\n`);
  return [
    ...(isThere ? [] : [{ path: `/etc/modules-load.d/${name}.conf`, text: `${name}\n` }]),
    ...(isSame
      ? []
      : [
          ...commentOut(options, 'options', name).filter(({ path }) => path !== own),
          { path: own, text: lines.join('') || '\n' },
        ]),
  ];
}

function writeConfig({ path, text }: ConfigFile): Action {
  return script(
    sh`umask 022; set -e
file=${path}
mkdir -p -- "$(dirname -- "$file")"
new=$(mktemp "$(dirname -- "$file")/.lab-XXXXXX")
cat >"$new"
chmod 644 "$new"
if [ -e "$file" ]; then chmod "$(stat -c %a -- "$file")" "$new"; chown "$(stat -c %u:%g -- "$file")" "$new"; fi
mv -f -- "$new" "$file"`,
    { stdin: bytesOf(text) },
  );
}
