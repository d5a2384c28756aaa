import { bool, int, str } from '../../model/arguments.ts';
import { type Command, sh } from '../../model/command.ts';
import {
  ask,
  defineModule,
  done,
  type GroupState,
  type Planned,
  probeGroup,
  probeScript,
} from '../../model/module.ts';
import type { Vars } from '../../model/value.ts';
import { alter } from './parts/outcome.ts';
import { script } from './parts/script-action.ts';

interface Args {
  readonly name: string;
  readonly gid: number | undefined;
  readonly state: string;
  readonly system: boolean;
  readonly local: boolean;
  readonly non_unique: boolean;
}

export default defineModule<Args>({
  name: 'group',
  collection: 'ansible.builtin',
  summary: 'Keeps a group there, with its number, or away.',
  args: {
    name: str({ required: true }),
    gid: int(),
    state: str({ fallback: 'present', choices: ['absent', 'present'] }),
    system: bool({ fallback: false }),
    local: bool({ fallback: false }),
    non_unique: bool({ fallback: false }),
  },
  check: ({ gid, non_unique }, isRendered) =>
    non_unique && gid === undefined && isRendered('gid') ? ['non_unique needs gid'] : [],
  isLocal: true,
  inspect(args) {
    const probes = { group: probeGroup(args.name) };
    if (!args.local) return ask(probes, ({ group }) => plan(args, group));
    // a group of the directory service is none of this host's own
    const own = probeScript(
      sh`name=${args.name}
while IFS= read -r line; do case $line in "$name":*) echo local && exit ;; esac; done </etc/group`,
    );
    return ask({ ...probes, own }, ({ group, own: found }) =>
      plan(args, group?.predicted || found.stdout.startsWith('local') ? group : undefined),
    );
  },
});

function plan(args: Args, group: GroupState | undefined): Planned {
  const { name, state } = args;
  if (state === 'absent') {
    if (group === undefined) return done({ changed: false, values: { name, state } });
    return alter({
      actions: [script(sh`groupdel -- ${name}`)],
      result: { changed: true, values: { name, state }, changes: [`removed group ${name}`] },
      predict: [{ group: name, state: undefined }],
    });
  }
  if (group === undefined) return create(args);
  const values = valuesOf(args, group.gid);
  if (args.gid === undefined || args.gid === group.gid) return done({ changed: false, values });
  const gid = args.gid;
  const unique = args.non_unique ? ['-o'] : [];
  return alter({
    actions: [script(sh`groupmod ${['-g', gid, ...unique, '--', name]}`)],
    result: {
      changed: true,
      values: valuesOf(args, gid),
      changes: [`gave group ${name} the number ${String(gid)}`],
    },
    predict: [{ group: name, state: { ...group, gid } }],
  });
}

function create(args: Args): Planned {
  const { name, gid, non_unique, system } = args;
  const words = [
    ...(gid === undefined ? [] : ['-g', gid]),
    ...(gid !== undefined && non_unique ? ['-o'] : []),
    ...(system ? ['-r'] : []),
    '--',
    name,
  ];
  const result = { changed: true, changes: [`added group ${name}`] };
  return alter({
    actions: [script(sh`groupadd ${words}`), script(tellGid(name))],
    result: { ...result, values: valuesOf(args, gid) },
    predict: [{ group: name, state: { name, gid: gid ?? -1, members: [] } }],
    // the host chose the number
    next: (ran) =>
      done({ ...result, values: valuesOf(args, gid ?? Number(ran[1]?.stdout.trim())) }),
  });
}

function tellGid(name: string): Command {
  return sh`name=${name}
while IFS=: read -r found _ gid _; do [ "$found" != "$name" ] || echo "$gid"; done </etc/group`;
}

function valuesOf({ name, state, system }: Args, gid: number | undefined): Vars {
  return { name, state, system, ...(gid !== undefined && { gid }) };
}
