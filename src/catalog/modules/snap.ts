import { bool, str, texts } from '../../model/arguments.ts';
import { ask, defineModule, probeScript } from '../../model/module.ts';
import { planSnaps, type SnapArgs, snapLook } from './parts/snaps.ts';

export default defineModule<SnapArgs>({
  name: 'snap',
  collection: 'community.general',
  summary: 'Installs, removes, enables and disables snaps, and sets their options.',
  args: {
    name: texts({ required: true }),
    state: str({ fallback: 'present', choices: ['present', 'absent', 'enabled', 'disabled'] }),
    classic: bool({ fallback: false }),
    channel: str({ fallback: 'stable' }),
    options: texts(),
  },
  isLocal: true,
  check: ({ options }, isRendered) =>
    isRendered('options')
      ? (options ?? [])
          .filter((option) => !/^(?:[^\s:=]+:)?[^\s:=]+=/s.test(option))
          .map((option) => `"${option}" is no option: write key=value or snap:key=value`)
      : [],
  inspect: (args, call) =>
    ask({ look: probeScript(snapLook(args)) }, ({ look }) => planSnaps(args, call, look)),
});
