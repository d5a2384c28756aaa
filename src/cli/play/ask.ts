import { LabError } from '../../model/lab-error.ts';
import type { Task, VarsPrompt } from '../../model/playbook.ts';
import type { Io } from '../io.ts';

const out = { output: process.stderr };

/** What may become of a call of which nobody knows the end. */
const inDoubtAnswers = ['redo', 'skip', 'fail'] as const;
export type InDoubt = (typeof inDoubtAnswers)[number];

/** Reads `--in-doubt`: one answer for all, or for single hosts (`redo,a03=skip`). Throws LabError 'usage'. */
export function readInDoubt(text: string): (host: string) => InDoubt | undefined {
  const answers = new Map(
    text.split(',').map((word) => {
      const [host = '', answer] = word.includes('=') ? word.split('=') : ['', word];
      const known = inDoubtAnswers.find((one) => one === answer?.trim());
      if (known !== undefined) return [host.trim(), known] as const;
      throw new LabError(
        'usage',
        `--in-doubt: "${word}" is no answer`,
        `write ${inDoubtAnswers.join(', ')}, or for one host such as a03=skip`,
      );
    }),
  );
  return (host) => answers.get(host) ?? answers.get('');
}

/** Asks what to do with a command of which nobody knows whether it came to its end; without a terminal it counts as failed. */
export async function askInDoubt(io: Io, host: string, task: Task): Promise<InDoubt> {
  if (!io.interactive) return 'fail';
  const { select } = await import('@inquirer/prompts');
  return select(
    {
      message: `${host}: ${nameOf(task)} was begun and cut off; nobody knows whether it came to its end`,
      choices: [
        { name: 'run it again', value: 'redo' as const },
        { name: 'leave it as it is and go on', value: 'skip' as const },
        { name: 'let it fail on this host', value: 'fail' as const },
      ],
    },
    out,
  );
}

function nameOf({ name, action, at }: Task): string {
  return `"${typeof name === 'string' ? name : action}" (${at.file}:${at.line})`;
}

/** Asks a question of `vars_prompt`; undefined where nobody can be asked. */
export async function askPrompt(io: Io, question: VarsPrompt): Promise<string | undefined> {
  if (!io.interactive) return undefined;
  const { input, password } = await import('@inquirer/prompts');
  const ask = (message: string): Promise<string> =>
    question.private ? password({ message, mask: '*' }, out) : input({ message }, out);
  const answer = await ask(question.prompt);
  if (question.confirm && (await ask(`confirm ${question.prompt}`)) !== answer)
    throw new LabError('usage', 'the two answers differ', 'nothing was done; start again');
  return answer === '' ? undefined : answer;
}

/** Waits for the person at the terminal (`pause`); undefined where there is none. */
export async function askPause(
  io: Io,
  message: string,
  echo: boolean,
): Promise<string | undefined> {
  if (!io.interactive) return undefined;
  const { input, password } = await import('@inquirer/prompts');
  return echo ? input({ message }, out) : password({ message }, out);
}

/** Asks before each task (`--step`). */
export async function chooseStep(io: Io, task: string): Promise<'yes' | 'no' | 'continue'> {
  if (!io.interactive)
    throw new LabError('usage', '--step asks before each task, and this is no terminal');
  const { select } = await import('@inquirer/prompts');
  return select(
    {
      message: `Perform task: ${task}`,
      choices: [
        { name: 'no', value: 'no' as const },
        { name: 'yes', value: 'yes' as const },
        { name: 'yes, and all that follow', value: 'continue' as const },
      ],
    },
    out,
  );
}
