import { bool, path, str } from '../../model/arguments.ts';
import { sh } from '../../model/command.ts';
import {
  ask,
  type Call,
  defineModule,
  type Planned,
  probePath,
  probeScript,
} from '../../model/module.ts';
import { sha1Hex } from '../../model/sha1.ts';
import { compileChoice, type Fragment, joinFragments } from './parts/assemble-fragments.ts';
import { fail } from './parts/outcome.ts';
import { type AttributeWish, attributeArgs } from './parts/path-attributes.ts';
import { joinPath } from './parts/paths.ts';
import { placeFile } from './parts/place-file.ts';
import { binaryOf, bytesOf } from './parts/text-lines.ts';

interface AssembleArgs extends AttributeWish {
  readonly src: string;
  readonly dest: string;
  readonly delimiter: string | undefined;
  readonly regexp: string | undefined;
  readonly ignore_hidden: boolean;
  readonly remote_src: boolean;
  readonly backup: boolean;
  readonly validate: string | undefined;
  readonly decrypt: boolean;
  readonly unsafe_writes: boolean;
}

const maxFragmentBytes = 8 * 1024 * 1024;

export default defineModule<AssembleArgs>({
  name: 'assemble',
  collection: 'ansible.builtin',
  summary: 'Puts the files of a folder together into one file.',
  args: {
    src: path({ required: true }),
    dest: path({ required: true }),
    delimiter: str(),
    regexp: str(),
    ignore_hidden: bool({ fallback: false }),
    remote_src: bool({ fallback: true }),
    backup: bool({ fallback: false }),
    validate: str(),
    decrypt: bool({ fallback: true }),
    unsafe_writes: bool({ fallback: false }),
    ...attributeArgs,
  },
  isLocal: true,
  sources: ({ src, remote_src }) =>
    remote_src ? {} : { src: { path: src, folder: 'files', tree: true } },
  inspect(args, call): Planned {
    const isChosen = compileChoice(args);
    if ('problem' in isChosen) return fail(isChosen.problem);
    if (args.remote_src) return assembleThere(args, call, isChosen);
    const source = call.sources['src'];
    if (!source || !('files' in source)) return fail(`Source (${args.src}) is not a directory`);
    const own = source.files.filter(
      ({ relative }) => !relative.includes('/') && isChosen(relative),
    );
    const large = own.find(({ content }) => content === undefined);
    if (large) return fail(`${large.path} is too large for a fragment`);
    const fragments = own.map(({ relative, content }) => ({
      name: relative,
      text: binaryOf(content ?? new Uint8Array()),
    }));
    return place(args, call, fragments);
  },
});

function assembleThere(
  args: AssembleArgs,
  call: Call,
  isChosen: (name: string) => boolean,
): Planned {
  return ask({ src: probePath(args.src, { follow: true }) }, ({ src }) => {
    if (src.kind === 'absent') return fail(`Source (${args.src}) does not exist`);
    if (src.kind !== 'directory') return fail(`Source (${args.src}) is not a directory`);
    const folder = src.path.replace(/\/+$/, '') || '/';
    return ask({ list: probeScript(listScript(folder)) }, ({ list }) => {
      const names = list.stdout.split('\0').filter((name) => name !== '' && isChosen(name));
      const probes = names.map(
        (name) =>
          [
            name,
            probePath(joinPath(folder, name), { follow: true, contentUpTo: maxFragmentBytes }),
          ] as const,
      );
      return ask(Object.fromEntries(probes), (found) => {
        const unread = names.find((name) => found[name]?.content === undefined);
        if (unread !== undefined)
          return fail(`${joinPath(folder, unread)} cannot be read as a fragment`);
        const fragments = names.map((name) => ({
          name,
          text: binaryOf(found[name]?.content ?? new Uint8Array()),
        }));
        return place(args, call, fragments);
      });
    });
  });
}

const listScript = (folder: string) =>
  sh`cd -- ${folder} && for name in * .*; do if [ -f "$name" ]; then printf '%s\0' "$name"; fi; done`;

function place(args: AssembleArgs, call: Call, fragments: readonly Fragment[]): Planned {
  const bytes = bytesOf(joinFragments(fragments, args.delimiter));
  return placeFile({
    dest: args.dest,
    name: undefined,
    content: { bytes },
    sha1: sha1Hex(bytes),
    from: args.src,
    wish: args,
    directoryMode: undefined,
    force: true,
    follow: false,
    backup: args.backup,
    validate: args.validate,
    unsafeWrites: args.unsafe_writes,
    call,
    msg: 'OK',
  });
}
