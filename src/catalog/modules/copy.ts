import { textOfValue } from '../../model/arguments.ts';
import { defineModule, type Planned } from '../../model/module.ts';
import { sha1Hex } from '../../model/sha1.ts';
import type { Value } from '../../model/value.ts';
import { type CopyArgs, copyArgs } from './parts/copy-args.ts';
import { copyOnHost } from './parts/copy-on-host.ts';
import { copyTree } from './parts/copy-tree.ts';
import { modeText } from './parts/file-mode.ts';
import { fail } from './parts/outcome.ts';
import { baseOf } from './parts/paths.ts';
import { placeFile } from './parts/place-file.ts';
import { pythonJson } from './parts/python-json.ts';

export default defineModule<CopyArgs>({
  name: 'copy',
  collection: 'ansible.builtin',
  summary: 'Brings a file, a folder or given text to the host, or copies on the host itself.',
  args: copyArgs,
  check: ({ src, content, local_follow, remote_src }, isRendered) => [
    ...(src === undefined && content === undefined && isRendered('src') && isRendered('content')
      ? ['src (or content) is required']
      : []),
    ...(src !== undefined && content !== undefined
      ? ['src and content are mutually exclusive']
      : []),
    ...(!local_follow && !remote_src
      ? ['local_follow: false is not supported: links in a folder are always followed']
      : []),
  ],
  isLocal: true,
  sources: ({ src, content, remote_src, decrypt }) =>
    src === undefined || content !== undefined || remote_src
      ? {}
      : { src: { path: src, folder: 'files', tree: true, sealed: !decrypt } },
  inspect(args, call): Planned {
    const { src, content } = args;
    if (content !== undefined && content !== null) return placeFile(ofContent(args, content, call));
    if (src === undefined) return fail('src (or content) is required');
    if (args.remote_src) return copyOnHost({ ...args, src }, call);
    const source = call.sources['src'];
    if (source === undefined) return fail(`Could not find or access '${src}' on the controller`);
    if ('files' in source) return copyTree({ ...args, src }, source, call);
    if (args.checksum !== undefined && args.checksum !== source.sha1)
      return fail('Copied file does not match the expected checksum. Transfer failed.', {
        checksum: source.sha1,
        expected_checksum: args.checksum,
      });
    const preserved = args.mode === 'preserve' ? { mode: modeText(source.mode & 0o7777) } : {};
    return placeFile({
      ...common(args, call),
      name: baseOf(src),
      content: { source },
      sha1: source.sha1,
      from: source.path,
      wish: { ...wishOf(args), ...preserved },
    });
  },
});

type Settings = Pick<CopyArgs, 'dest' | 'force' | 'follow' | 'backup' | 'validate'>;

function common(args: CopyArgs, call: Parameters<typeof copyTree>[2]) {
  const { dest, force, follow, backup, validate }: Settings = args;
  return {
    ...{ dest, force, follow, backup, validate, call },
    directoryMode: args.directory_mode,
    unsafeWrites: args.unsafe_writes,
  };
}

function ofContent(args: CopyArgs, value: Value, call: Parameters<typeof copyTree>[2]) {
  const text = typeof value === 'object' ? pythonJson(value) : textOfValue(value);
  const bytes = new TextEncoder().encode(text);
  return {
    ...common(args, call),
    name: undefined,
    content: { bytes },
    sha1: sha1Hex(bytes),
    from: 'dynamically generated',
    wish: wishOf(args),
  };
}

function wishOf({ mode, owner, group }: CopyArgs) {
  return { mode: mode === 'preserve' ? undefined : mode, owner, group };
}
