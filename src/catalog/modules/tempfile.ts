import { path, str } from '../../model/arguments.ts';
import { type Script, sh } from '../../model/command.ts';
import { defineModule, done } from '../../model/module.ts';
import { makeVars } from '../../model/value.ts';
import { pathValues, printFacts, readFacts } from './parts/file-result.ts';
import { alter, fail } from './parts/outcome.ts';
import { saidBy } from './parts/path-attributes.ts';
import { script } from './parts/script-action.ts';

interface TempArgs {
  readonly state: string;
  readonly path: string | undefined;
  readonly prefix: string;
  readonly suffix: string;
}

// "set -C" and mkdir make what was not there and nothing else; eight letters are tried until a name is free
const makeScript: Script = {
  script: String.raw`n=0
while [ "$n" -lt 100 ]; do
n=$((n + 1))
word=$(LC_ALL=C tr -dc a-z0-9_ </dev/urandom 2>/dev/null | head -c 8)
lab_path=$folder/$prefix$word$suffix
if [ "$state" = directory ]; then (umask 077; mkdir -- "$lab_path" 2>/dev/null) && break
else (umask 077; set -C; : >"$lab_path") 2>/dev/null && break; fi
[ -d "$folder" ] && [ -w "$folder" ] || { echo "$folder is no folder that can be written" >&2; exit 1; }
done
[ "$n" -lt 100 ] || exit 1
printf 'made:%s\n' "$lab_path"`,
};

export default defineModule<TempArgs>({
  name: 'tempfile',
  collection: 'ansible.builtin',
  summary: 'Makes a temporary file or folder that nobody else can read.',
  args: {
    state: str({ fallback: 'file', choices: ['file', 'directory'] }),
    path: path(),
    prefix: str({ fallback: 'ansible.' }),
    suffix: str({ fallback: '' }),
  },
  isLocal: true,
  inspect: ({ state, path: at, prefix, suffix }) =>
    alter({
      actions: [
        script(sh`state=${state} prefix=${prefix} suffix=${suffix} folder=${at ?? ''}
[ -n "$folder" ] || folder=$TMPDIR
[ -n "$folder" ] || folder=/tmp
${makeScript}
${printFacts}`),
      ],
      result: { changed: true },
      failure: (ran) => `could not make a temporary ${state}: ${saidBy(ran)}`,
      failureValues: () => ({}),
      next: (ran) => {
        const stdout = ran.at(-1)?.stdout ?? '';
        const made = /^made:(.*)$/m.exec(stdout)?.[1];
        const facts = readFacts(stdout);
        if (made === undefined || !facts) return fail('the host did not say what it made');
        const values = makeVars([['path', made], ...Object.entries(pathValues(facts))]);
        return done({ changed: true, values, changes: [`make ${made}`] });
      },
    }),
});
