import { str, texts } from '../../model/arguments.ts';
import { sh } from '../../model/command.ts';
import {
  ask,
  type Call,
  defineModule,
  done,
  type Planned,
  probeScript,
  type Ran,
} from '../../model/module.ts';
import { editLocaleGen, localeScript, parseLocales, sameLocale } from './parts/locales.ts';
import { missingProgram } from './parts/missing-program.ts';
import { alter, complaintOf, fail } from './parts/outcome.ts';
import { script } from './parts/script-action.ts';
import { writeSmallFile } from './parts/small-file.ts';

interface Args {
  name: readonly string[];
  state: string;
}

export default defineModule<Args>({
  name: 'locale_gen',
  collection: 'community.general',
  summary: 'Makes locales with locale-gen, or removes them.',
  args: {
    name: texts({ required: true }),
    state: str({ fallback: 'present', choices: ['present', 'absent'] }),
  },
  isLocal: true,
  inspect: (args, call) =>
    ask({ look: probeScript(localeScript()) }, ({ look }) => plan(args, call, look)),
});

function plan(args: Args, call: Call, look: Ran): Planned {
  const found = parseLocales(look.stdout);
  if (!found.hasGenerator)
    return missingProgram(
      call,
      'locale-gen is not installed on this host: install the package locales',
    );
  const unknown = args.name.filter(
    (name) => !found.supported.some((line) => sameLocale(line, name)),
  );
  if (unknown.length > 0 && found.supported.length > 0)
    return fail(`The locale ${unknown.join(', ')} is not available on this host`);
  const present = args.state === 'present';
  const isMade = (name: string) => found.made.some((made) => sameLocale(made, name));
  const wrong = args.name.filter((name) => isMade(name) !== present);
  if (wrong.length === 0) return done({ changed: false, values: { name: args.name } });
  const actions =
    found.style === 'ubuntu'
      ? ubuntuActions(wrong, present, found)
      : [
          script(
            writeSmallFile({
              path: '/etc/locale.gen',
              text: editLocaleGen(found.text, found.supported, wrong, present),
            }),
          ),
          script(sh`locale-gen`),
        ];
  return alter({
    actions,
    result: {
      changed: true,
      values: { name: args.name },
      changes: wrong.map((name) => `${present ? 'made' : 'removed'} locale ${name}`),
    },
    failure: (ran) => `locale-gen failed: ${complaintOf(ran)}`,
  });
}

/** Ubuntu's old locale-gen takes names and keeps them in files of its own. */
function ubuntuActions(
  names: readonly string[],
  present: boolean,
  found: ReturnType<typeof parseLocales>,
) {
  if (present) return [script(sh`locale-gen ${names}`)];
  const kept = found.local.filter((line) => !names.some((name) => sameLocale(line, name)));
  return [
    script(
      writeSmallFile({
        path: '/var/lib/locales/supported.d/local',
        text: kept.map((line) => `${line}\n`).join(''),
      }),
    ),
    script(sh`locale-gen --purge`),
  ];
}
