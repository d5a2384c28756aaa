import {
  ask,
  type Call,
  defineModule,
  done,
  type PathState,
  type Planned,
  probePath,
} from '../../model/module.ts';
import { parseIniSections, renderIniSections } from './parts/ini-sections.ts';
import { alter, fail } from './parts/outcome.ts';
import { script } from './parts/script-action.ts';
import { removeSmallFile, writeSmallFile } from './parts/small-file.ts';
import { type YumArgs, yumArgs, yumOptions } from './parts/yum-args.ts';

export default defineModule<YumArgs>({
  name: 'yum_repository',
  collection: 'ansible.builtin',
  summary: 'Keeps a repository of dnf or yum in a file below /etc/yum.repos.d.',
  args: yumArgs,
  isLocal: true,
  check(args, isRendered) {
    if (args.state !== 'present') return [];
    const sources = ['baseurl', 'metalink', 'mirrorlist'];
    return [
      ...(args.description === undefined && isRendered('description')
        ? ['state: present needs description']
        : []),
      ...(sources.every((name) => args[name] === undefined && isRendered(name))
        ? ['state: present needs baseurl, metalink or mirrorlist']
        : []),
    ];
  },
  inspect(args, call) {
    const file = `${args.reposdir}/${args.file ?? args.name}.repo`;
    return ask(
      {
        folder: probePath(args.reposdir, { follow: true }),
        file: probePath(file, { contentUpTo: 1_048_576 }),
      },
      ({ folder, file: state }) =>
        folder.kind === 'directory'
          ? plan(args, call, state)
          : fail(`Repo directory '${args.reposdir}' does not exist.`),
    );
  },
});

type Sections = ReturnType<typeof parseIniSections>;

/** The file with everything sorted: what Ansible compares and shows. */
function sortedText(sections: Sections): string {
  const sorted = [...sections].sort(([a], [b]) => (a < b ? -1 : 1));
  return renderIniSections(
    new Map(
      sorted.map(([title, values]) => [
        title,
        new Map([...values].sort(([a], [b]) => (a < b ? -1 : 1))),
      ]),
    ),
  ).replaceAll('\n\t', '\n');
}

function plan(args: YumArgs, call: Call, file: PathState): Planned {
  const sections = parseIniSections(new TextDecoder().decode(file.content ?? new Uint8Array()));
  const before = sortedText(sections);
  sections.delete(args.name);
  if (args.state === 'present') sections.set(args.name, yumOptions(args));
  const after = sortedText(sections);
  const values = { repo: args.name, state: args.state };
  const wanted =
    args.mode !== undefined && /^[0-7]+$/.test(args.mode)
      ? Number.parseInt(args.mode, 8)
      : file.mode;
  const isModeRight = file.kind === 'absent' || file.mode === wanted;
  const isForeseen =
    file.predicted === true && args.state === 'present' && file.content === undefined;
  if ((before === after && isModeRight) || isForeseen) return done({ changed: false, values });
  const isGone = sections.size === 0;
  const write = {
    path: file.path,
    text: renderIniSections(sections),
    mode: args.mode,
    keepsMode: args.mode === undefined,
  };
  return alter({
    actions: [script(isGone ? removeSmallFile(file.path) : writeSmallFile(write))],
    result: {
      changed: true,
      values,
      ...(call.diffMode && {
        diff: [{ before, after, beforeHeader: file.path, afterHeader: file.path }],
      }),
      changes: [`${args.state === 'present' ? 'wrote' : 'removed'} repository ${args.name}`],
    },
    predict: [{ path: file.path, state: { kind: isGone ? 'absent' : 'file' } }],
  });
}
