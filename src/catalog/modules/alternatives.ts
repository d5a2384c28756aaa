import { int, list, path, str } from '../../model/arguments.ts';
import { ask, defineModule, probeScript } from '../../model/module.ts';
import {
  type AlternativeArgs,
  alternativesLook,
  parseAlternatives,
  readSubcommands,
} from './parts/alternatives.ts';
import { planAlternative } from './parts/alternatives-plan.ts';
import { fail } from './parts/outcome.ts';

export default defineModule<AlternativeArgs>({
  name: 'alternatives',
  collection: 'community.general',
  summary: 'Chooses which program a generic name stands for (update-alternatives).',
  args: {
    name: str({ required: true }),
    path: path({ required: true }),
    link: path(),
    priority: int(),
    state: str({ fallback: 'selected', choices: ['present', 'selected', 'auto', 'absent'] }),
    subcommands: list({ aliases: ['slaves'] }),
  },
  isLocal: true,
  check({ subcommands }, isRendered) {
    if (!isRendered('subcommands')) return [];
    const read = readSubcommands(subcommands);
    return 'problem' in read ? [read.problem] : [];
  },
  inspect(args, call) {
    const subcommands = readSubcommands(args.subcommands);
    if ('problem' in subcommands) return fail(subcommands.problem);
    return ask({ look: probeScript(alternativesLook(args.name, args.path)) }, ({ look }) =>
      look.exitCode === 0
        ? planAlternative(
            args,
            subcommands.list,
            parseAlternatives(look.stdout),
            call.checkMode && call.predictsAny('package:'),
          )
        : fail(look.stderr.trim() || 'update-alternatives does not answer on this host'),
    );
  },
});
