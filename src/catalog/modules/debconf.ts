import { bool, str } from '../../model/arguments.ts';
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
import { makeVars } from '../../model/value.ts';
import { alter, complaintOf, fail } from './parts/outcome.ts';
import { inputOf, script } from './parts/script-action.ts';

interface Args {
  name: string;
  question: string | undefined;
  value: string | undefined;
  vtype: string | undefined;
  unseen: boolean;
}

export default defineModule<Args>({
  name: 'debconf',
  collection: 'ansible.builtin',
  summary: 'Answers the questions of Debian packages beforehand, or says how they are answered.',
  args: {
    name: str({ required: true, aliases: ['pkg'] }),
    question: str({ aliases: ['selection', 'setting'] }),
    value: str({ aliases: ['answer'] }),
    vtype: str({
      choices: 'boolean error multiselect note password seen select string text title'.split(' '),
    }),
    unseen: bool({ fallback: false }),
  },
  isLocal: true,
  check: ({ question, value, vtype }, isRendered) =>
    question !== undefined &&
    ((value === undefined && isRendered('value')) || (vtype === undefined && isRendered('vtype')))
      ? ['a question needs a value and a vtype']
      : [],
  inspect: (args, call) =>
    ask({ look: probeScript(lookScript(args)) }, ({ look }) => plan(args, call, look)),
});

/**
 * Prints every answer of the package as debconf-show(1) does, and how the asked-for password compares: debconf-show hides passwords, so that
 * one is compared on the host with debconf-communicate(1) and never printed.
 */
function lookScript({ name, question, value, vtype }: Args) {
  const secret = vtype === 'password' && question !== undefined;
  return sh`command -v debconf-set-selections >/dev/null || { echo "debconf is not installed on this host" >&2; exit 127; }
debconf-show ${name} </dev/null || exit
[ -n ${secret ? 'yes' : ''} ] || exit 0
found=$(echo ${`GET ${question ?? ''}`} | debconf-communicate ${name} 2>/dev/null)
wanted=${{ secret: value ?? '' }}
[ "$found" = "0 $wanted" ] && echo @@same || echo @@other`;
}

/** Answers by question: `* shared/question: value`, with a star for those somebody has seen. */
function parseAnswers(stdout: string): Map<string, string> {
  const answers = new Map<string, string>();
  for (const line of stdout.split('\n')) {
    const [, question, value = ''] = /^[* ] ([^\s:]+):(?: (.*))?$/.exec(line) ?? [];
    if (question !== undefined) answers.set(question, value);
  }
  return answers;
}

function plan(args: Args, call: Call, look: Ran): Planned {
  if (look.exitCode !== 0) return fail(complaintOf(look));
  const answers = parseAnswers(look.stdout);
  const { question } = args;
  if (question === undefined)
    return done({ changed: false, msg: '', values: { current: makeVars(answers) } });
  if (args.value === undefined || args.vtype === undefined)
    return fail('when supplying a question you must supply a valid vtype and value');
  const isSecret = args.vtype === 'password';
  const value = args.vtype === 'boolean' ? args.value.toLowerCase() : args.value;
  const isRight = isSecret
    ? look.stdout.includes('@@same')
    : isSame(args.vtype, value, answers.get(question));
  const before = answers.get(question) ?? '';
  if (isRight) return done({ changed: false, msg: '', values: { current: makeVars(answers) } });
  const shown = isSecret ? '***' : value;
  const line = `${args.name} ${question} ${args.vtype} ${value}\n`;
  return alter({
    actions: [
      script(sh`debconf-set-selections ${args.unseen ? ['-u'] : []}`, { stdin: inputOf(line) }),
    ],
    result: {
      changed: true,
      msg: '',
      values: {
        current: makeVars([[question, shown]]),
        previous: makeVars(answers),
      },
      ...(call.diffMode && { diff: [diffOf(question, before, shown)] }),
      changes: [`answered ${question} of ${args.name}`],
    },
    failure: (ran) => `debconf-set-selections failed: ${complaintOf(ran)}`,
  });
}

function diffOf(question: string, before: string, after: string) {
  return {
    before: `${JSON.stringify({ [question]: before }, undefined, 4)}\n`,
    after: `${JSON.stringify({ [question]: after }, undefined, 4)}\n`,
    beforeHeader: 'before',
    afterHeader: 'after',
  };
}

function isSame(type: string, wanted: string, found: string | undefined): boolean {
  if (found === undefined) return false;
  if (type === 'boolean') return found.toLowerCase() === wanted;
  if (type !== 'multiselect') return found === wanted;
  const sorted = (text: string) => text.split(/,\s*/).sort().join('\n');
  return sorted(found) === sorted(wanted);
}
