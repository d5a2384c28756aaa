import { bool, path, str, texts } from '../../model/arguments.ts';
import { defineModule } from '../../model/module.ts';
import { editFile } from './parts/edit-file.ts';
import { editIni, type IniArgs } from './parts/edit-ini.ts';
import { attributeArgs } from './parts/path-attributes.ts';

export default defineModule<IniArgs>({
  name: 'ini_file',
  collection: 'community.general',
  summary: 'Keeps an option in a section of an INI file as described, or away.',
  args: {
    path: path({ required: true, aliases: ['dest'] }),
    section: str(),
    option: str(),
    value: str(),
    values: texts(),
    state: str({ fallback: 'present', choices: ['absent', 'present'] }),
    exclusive: bool({ fallback: true }),
    no_extra_spaces: bool({ fallback: false }),
    allow_no_value: bool({ fallback: false }),
    create: bool({ fallback: true }),
    backup: bool({ fallback: false }),
    unsafe_writes: bool({ fallback: false }),
    ...attributeArgs,
  },
  check: (args, isRendered) => [
    ...(args.value !== undefined && args.values !== undefined
      ? ['value and values are mutually exclusive']
      : []),
    ...(args.state === 'present' &&
    !args.allow_no_value &&
    args.value === undefined &&
    isRendered('value') &&
    isRendered('values') &&
    (args.values ?? []).length === 0
      ? ["Parameter 'value(s)' must be defined if state=present and allow_no_value=False."]
      : []),
    ...(args.state === 'absent' &&
    !args.section &&
    isRendered('section') &&
    args.option === undefined &&
    isRendered('option')
      ? ['state=absent needs a section or an option']
      : []),
  ],
  isLocal: true,
  inspect: (args, call) =>
    editFile({
      path: args.path,
      wish: args,
      call,
      create: args.create,
      backup: args.backup,
      validate: undefined,
      unsafeWrites: args.unsafe_writes,
      quiet: true,
      edit: (text) => editIni(text ?? '', args),
      values: (backup) => ({
        path: args.path,
        ...(backup !== undefined && { backup_file: backup }),
      }),
      missing: (at) => ({
        changed: false,
        failed: true,
        msg: `Destination ${at} does not exist!`,
        values: { rc: 257 },
      }),
    }),
});
