import { bool, path, str } from '../../model/arguments.ts';
import { defineModule } from '../../model/module.ts';
import { editFile } from './parts/edit-file.ts';
import { editMatches, type ReplaceArgs } from './parts/edit-matches.ts';
import { attributeArgs } from './parts/path-attributes.ts';

export default defineModule<ReplaceArgs>({
  name: 'replace',
  collection: 'ansible.builtin',
  summary: 'Replaces every match of a pattern in a file.',
  args: {
    path: path({ required: true, aliases: ['dest', 'destfile', 'name'] }),
    regexp: str({ required: true }),
    replace: str({ fallback: '' }),
    after: str(),
    before: str(),
    backup: bool({ fallback: false }),
    validate: str(),
    encoding: str({ fallback: 'utf-8' }),
    unsafe_writes: bool({ fallback: false }),
    ...attributeArgs,
  },
  isLocal: true,
  inspect: (args, call) =>
    editFile({
      path: args.path,
      wish: args,
      call,
      create: false,
      backup: args.backup,
      validate: args.validate,
      unsafeWrites: args.unsafe_writes,
      edit: (text) => editMatches(text ?? '', args),
      values: (backup) => (backup === undefined ? {} : { backup_file: backup }),
      missing: (at) => ({
        changed: false,
        failed: true,
        msg: `Path ${at} does not exist !`,
        values: { rc: 257 },
      }),
    }),
});
