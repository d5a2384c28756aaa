import { bool, path, str } from '../../model/arguments.ts';
import { type Script, sh } from '../../model/command.ts';
import {
  ask,
  defineModule,
  done,
  type PathState,
  type Planned,
  probePath,
  probeScript,
} from '../../model/module.ts';
import { makeVars, type Value } from '../../model/value.ts';
import { readAnswers } from './parts/answers.ts';
import { fail } from './parts/outcome.ts';
import { bitFields, chooseForm, readStatFields } from './parts/stat-fields.ts';

interface StatArgs {
  readonly path: string;
  readonly follow: boolean;
  readonly get_checksum: boolean;
  readonly checksum_algorithm: string;
  readonly get_mime: boolean;
  readonly get_attributes: boolean;
}

const algorithms = ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'] as const;

export default defineModule<StatArgs>({
  name: 'stat',
  collection: 'ansible.builtin',
  summary: 'Tells what is at a path.',
  args: {
    path: path({ required: true, aliases: ['dest', 'name'] }),
    follow: bool({ fallback: false }),
    get_checksum: bool({ fallback: true }),
    checksum_algorithm: str({
      fallback: 'sha1',
      choices: [...algorithms],
      aliases: ['checksum', 'checksum_algo'],
    }),
    get_mime: bool({ fallback: true, aliases: ['mime', 'mime_type', 'mime-type'] }),
    get_attributes: bool({ fallback: true, aliases: ['attr', 'attributes'] }),
  },
  isLocal: true,
  inspect(args, call): Planned {
    const checksum = algorithms.find((each) => each === args.checksum_algorithm) ?? 'sha1';
    const { follow } = args;
    const state = probePath(args.path, { follow, ...(args.get_checksum && { checksum }) });
    return ask({ state }, ({ state: found }) => {
      if (found.kind === 'absent')
        return done({ changed: false, values: { stat: { exists: false } } });
      if (found.predicted && call.checkMode) return done(predicted(found));
      return ask({ more: probeScript(moreScript(found.path, args)) }, ({ more }) => {
        const [line = '', ...rest] = more.stdout.split('\n');
        const fields = readStatFields(line);
        if (!fields) return fail(more.stderr.trim() || `${found.path} could not be looked at`);
        const answers = readAnswers(rest.join('\n'));
        return done(resultOf(found, { ...fields, ...furtherFields(args, found, answers) }));
      });
    });
  },
});

function moreScript(at: string, { follow, get_mime, get_attributes }: StatArgs) {
  const look: Script = { script: follow ? '-L' : '' };
  const mime: Script = {
    script: get_mime
      ? String.raw`if command -v file >/dev/null 2>&1; then printf 'mime=%s\n' "$(file -b --mime-type --mime-encoding -- "$path" 2>/dev/null)"; fi`
      : '',
  };
  const attributes: Script = {
    script: get_attributes
      ? String.raw`if command -v lsattr >/dev/null 2>&1; then printf 'attributes=%s\n' "$(lsattr -vd -- "$path" 2>/dev/null)"; fi`
      : '',
  };
  return sh`path=${at}
${{ script: chooseForm.script }}
stat ${look} -c "$form" -- "$path"
[ ! -r "$path" ] || echo readable=yes
[ ! -w "$path" ] || echo writeable=yes
[ ! -x "$path" ] || echo executable=yes
${mime}
${attributes}
:`;
}

type Answers = ReadonlyMap<string, string>;
type Fields = { readonly [name: string]: Value };

function furtherFields(args: StatArgs, found: PathState, answers: Answers): Fields {
  return {
    readable: answers.has('readable'),
    writeable: answers.has('writeable'),
    executable: answers.has('executable'),
    ...(args.get_mime && mimeFields(answers.get('mime') ?? '')),
    ...(args.get_attributes && attributeFields(answers.get('attributes') ?? '')),
    ...(found.kind === 'link' && {
      lnk_source: found.realPath || found.target,
      lnk_target: found.target,
    }),
  };
}

function mimeFields(said: string): Fields {
  const [, mimetype = 'unknown', charset = 'unknown'] = /^(\S+); charset=(\S+)$/.exec(said) ?? [];
  return { mimetype, charset };
}

const attributeNames: { readonly [letter: string]: string } = {
  A: 'noatime',
  a: 'append',
  c: 'compressed',
  C: 'nocow',
  d: 'nodump',
  D: 'dirsync',
  e: 'extents',
  E: 'encrypted',
  h: 'blocksize',
  i: 'immutable',
  I: 'indexed',
  j: 'journalled',
  N: 'inline',
  s: 'zero',
  S: 'synchronous',
  t: 'notail',
  T: 'blockroot',
  u: 'undelete',
  X: 'compressedraw',
  Z: 'compresseddirty',
};

function attributeFields(said: string): Fields {
  const [, version, letters = ''] = /^\s*(\d+)\s+([-A-Za-z]+)/.exec(said) ?? [];
  const flags = letters.replaceAll('-', '');
  return {
    version: version ?? null,
    attributes: Array.from(flags, (letter) => attributeNames[letter]).filter(
      (name) => name !== undefined,
    ),
    attr_flags: flags,
  };
}

function resultOf(found: PathState, fields: Fields) {
  const entries = Object.entries({ exists: true, path: found.path, ...fields }).filter(
    ([name, value]) => !(value === '' && (name === 'pw_name' || name === 'gr_name')),
  );
  if (found.checksum !== '') entries.push(['checksum', found.checksum]);
  return { changed: false, values: { stat: makeVars(entries) } };
}

const typeBits: { readonly [kind: string]: number } = {
  ...{ file: 0o10, hard: 0o10, directory: 0o4, link: 0o12 },
  ...{ fifo: 0o1, socket: 0o14, char: 0o2, block: 0o6 },
};

// what check mode knows of a path that nobody made
function predicted(found: PathState) {
  const { uid, gid, size, owner, group } = found;
  const bits = bitFields(((typeBits[found.kind] ?? 0o10) << 12) | found.mode);
  const link = found.kind === 'link' && { lnk_source: found.realPath, lnk_target: found.target };
  return resultOf(found, {
    ...bits,
    uid,
    gid,
    size,
    pw_name: owner,
    gr_name: group,
    ...link,
  });
}
