import { bool, path, str, texts } from '../../model/arguments.ts';
import { ask, defineModule, probeScript } from '../../model/module.ts';
import { type FlatpakArgs, flatpakLook, planFlatpaks } from './parts/flatpaks.ts';

export default defineModule<FlatpakArgs>({
  name: 'flatpak',
  collection: 'community.general',
  summary: 'Installs and removes flatpaks.',
  args: {
    name: texts({ required: true }),
    state: str({ fallback: 'present', choices: ['present', 'absent'] }),
    method: str({ fallback: 'system', choices: ['system', 'user'] }),
    remote: str({ fallback: 'flathub' }),
    no_dependencies: bool({ fallback: false }),
    executable: path({ fallback: 'flatpak' }),
  },
  isLocal: true,
  inspect: (args, call) =>
    ask({ look: probeScript(flatpakLook(args)) }, ({ look }) => planFlatpaks(args, call, look)),
});
