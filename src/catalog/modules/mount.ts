import { bool, path, str } from '../../model/arguments.ts';
import { sh } from '../../model/command.ts';
import { ask, defineModule, probePath, probeScript } from '../../model/module.ts';
import type { MountArgs } from './parts/mount-args.ts';
import { planMount } from './parts/mount-plan.ts';
import { parseMounts } from './parts/mount-table.ts';

const states = [
  'absent',
  'absent_from_fstab',
  'mounted',
  'present',
  'unmounted',
  'remounted',
  'ephemeral',
];

export default defineModule<MountArgs>({
  name: 'mount',
  collection: 'ansible.posix',
  summary: 'Keeps a file system mounted, in fstab, or neither.',
  args: {
    path: path({ required: true, aliases: ['name'] }),
    src: path(),
    fstype: str(),
    opts: str(),
    dump: str({ fallback: '0' }),
    passno: str({ fallback: '0' }),
    fstab: str(),
    boot: bool({ fallback: true }),
    backup: bool({ fallback: false }),
    state: str({ required: true, choices: states }),
  },
  check: ({ state, src, fstype }, isRendered) =>
    ['mounted', 'present', 'ephemeral'].includes(state)
      ? [
          ...(src === undefined && isRendered('src') ? [`state ${state} needs src`] : []),
          ...(fstype === undefined && isRendered('fstype') ? [`state ${state} needs fstype`] : []),
        ]
      : [],
  isLocal: false,
  inspect: (args, call) =>
    ask(
      {
        fstab: probePath(args.fstab ?? '/etc/fstab', { contentUpTo: 1_048_576, follow: true }),
        point: probePath(args.path),
        mounts: probeScript(sh`cat /proc/self/mountinfo`),
      },
      ({ fstab, point, mounts }) =>
        planMount(/^[~$]/.test(args.path) ? { ...args, path: point.path } : args, call, {
          fstab,
          point,
          table: parseMounts(mounts.stdout),
        }),
    ),
});
