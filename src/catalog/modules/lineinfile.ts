import { bool, path, str } from '../../model/arguments.ts';
import { defineModule } from '../../model/module.ts';
import { editFile } from './parts/edit-file.ts';
import { editLines, type LineArgs } from './parts/edit-lines.ts';
import { attributeArgs } from './parts/path-attributes.ts';

export default defineModule<LineArgs>({
  name: 'lineinfile',
  collection: 'ansible.builtin',
  summary: 'Keeps one line in a file as described, or lines away.',
  args: {
    path: path({ required: true, aliases: ['dest', 'destfile', 'name'] }),
    state: str({ fallback: 'present', choices: ['absent', 'present'] }),
    regexp: str({ aliases: ['regex'] }),
    search_string: str(),
    line: str({ aliases: ['value'] }),
    insertafter: str(),
    insertbefore: str(),
    backrefs: bool({ fallback: false }),
    create: bool({ fallback: false }),
    backup: bool({ fallback: false }),
    firstmatch: bool({ fallback: false }),
    validate: str(),
    unsafe_writes: bool({ fallback: false }),
    ...attributeArgs,
  },
  check: (args, isRendered) => {
    const lacks = (name: 'line' | 'regexp' | 'search_string') =>
      args[name] === undefined && isRendered(name);
    const isPresent = args.state === 'present';
    return [
      ...(args.insertafter !== undefined && args.insertbefore !== undefined
        ? ['insertbefore and insertafter are mutually exclusive']
        : []),
      ...(args.regexp !== undefined && args.search_string !== undefined
        ? ['regexp and search_string are mutually exclusive']
        : []),
      ...(args.backrefs && args.search_string !== undefined
        ? ['backrefs and search_string are mutually exclusive']
        : []),
      ...(isPresent && args.backrefs && lacks('regexp')
        ? ['regexp is required with backrefs=true']
        : []),
      ...(isPresent && lacks('line') ? ['line is required with state=present'] : []),
      ...(!isPresent &&
      isRendered('state') &&
      lacks('line') &&
      lacks('regexp') &&
      lacks('search_string')
        ? ['one of line, search_string, or regexp is required with state=absent']
        : []),
    ];
  },
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
      edit: (text) => editLines(text ?? '', args),
      values: (backup) => ({ backup: backup ?? '' }),
      missing: (at) =>
        args.state === 'present'
          ? {
              changed: false,
              failed: true,
              msg: `Destination ${at} does not exist !`,
              values: { rc: 257 },
            }
          : { changed: false, msg: 'file not present' },
    }),
});
