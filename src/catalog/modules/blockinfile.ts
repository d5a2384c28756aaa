import { bool, path, str } from '../../model/arguments.ts';
import { defineModule } from '../../model/module.ts';
import { type BlockArgs, editBlock } from './parts/edit-block.ts';
import { editFile } from './parts/edit-file.ts';
import { attributeArgs } from './parts/path-attributes.ts';

export default defineModule<BlockArgs>({
  name: 'blockinfile',
  collection: 'ansible.builtin',
  summary: 'Keeps a block of lines between two marker lines of a file, or away.',
  args: {
    path: path({ required: true, aliases: ['dest', 'destfile', 'name'] }),
    state: str({ fallback: 'present', choices: ['absent', 'present'] }),
    marker: str({ fallback: '# {mark} ANSIBLE MANAGED BLOCK' }),
    block: str({ fallback: '', aliases: ['content'] }),
    insertafter: str(),
    insertbefore: str(),
    create: bool({ fallback: false }),
    backup: bool({ fallback: false }),
    validate: str(),
    marker_begin: str({ fallback: 'BEGIN' }),
    marker_end: str({ fallback: 'END' }),
    unsafe_writes: bool({ fallback: false }),
    ...attributeArgs,
  },
  check: ({ insertafter, insertbefore, marker }) => [
    ...(insertafter !== undefined && insertbefore !== undefined
      ? ['insertbefore and insertafter are mutually exclusive']
      : []),
    ...(marker?.includes('\n')
      ? ['marker must be one line: a second run would not find it again']
      : []),
  ],
  isLocal: true,
  inspect: (args, call) =>
    editFile({
      path: args.path,
      wish: args,
      call,
      create: args.create && args.state === 'present',
      backup: args.backup,
      validate: args.validate,
      unsafeWrites: args.unsafe_writes,
      edit: (text) => editBlock(text, args),
      values: (backup) => (backup === undefined ? {} : { backup_file: backup }),
      missing: (at) =>
        args.state === 'absent' && args.create
          ? { changed: false, msg: `File ${at} not present` }
          : {
              changed: false,
              failed: true,
              msg: `Path ${at} does not exist !`,
              values: { rc: 257 },
            },
    }),
});
