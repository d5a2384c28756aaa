import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { planCommand } from '../../engine/plan-command.ts';
import { planScript } from '../../engine/plan-script.ts';
import { type Command, quoteSh } from '../../model/command.ts';
import { LabError } from '../../model/lab-error.ts';
import { defineCommand } from '../define-command.ts';
import { executeRun } from '../execute-run.ts';
import { loadTargets } from '../load-hosts.ts';
import { makeActing } from '../make-acting.ts';
import { makeRunIdentity } from '../run-identity.ts';

export default defineCommand({
  syntax: 'run <pattern> [command...]',
  summary: 'Run a command on hosts, or a script with --script',
  description:
    'One word after -- is a line for the shell of the host; several words are passed on as they are, each as one argument.',
  options: [
    ['--script <file>', 'run this script file instead; words after -- are its arguments'],
    ['--shell <shell>', 'which shell reads it: sh', 'sh'],
    ['--gather', 'show hosts with the same output together'],
  ],
  families: ['inventory', 'output', 'connection', 'run', 'project'],
  examples: [
    'run lab_a -- uname -r',
    "run all --gather -- 'dpkg -l | grep -c ^ii'",
    'run lab_b -b --script tidy.sh -- --all',
  ],
  async run(context, [pattern, words], { script, shell, gather }) {
    if (shell !== 'sh')
      throw new LabError('usage', `--shell ${shell} is not supported yet`, 'write --shell sh');
    const args = (words ?? []) as string[];
    const content =
      typeof script === 'string' ? await readScript(script, context.io.cwd) : undefined;
    const command = content === undefined ? commandOf(args) : undefined;
    const { hosts } = await loadTargets(context, pattern as string);
    const identity = makeRunIdentity(context);
    const acting = makeActing(context, identity, hosts);
    const plan =
      command === undefined
        ? planScript({
            ...acting,
            shell,
            name: String(script),
            content: content ?? new Uint8Array(),
            args,
          })
        : planCommand({ ...acting, command });
    const report = { gather: gather === true };
    return (await executeRun(context, { identity, plan, kind: 'run', report })).exitCode;
  },
});

function commandOf(words: readonly string[]): Command {
  const [line] = words;
  if (line === undefined)
    throw new LabError('usage', 'there is no command', 'write it after --, or use --script FILE');
  const text = words.length === 1 ? line : words.map(quoteSh).join(' ');
  return { shell: 'sh', script: text, shown: text };
}

async function readScript(script: string, cwd: string): Promise<Uint8Array> {
  try {
    return await readFile(resolve(cwd, script));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new LabError('input', `cannot read the script ${script}: ${code}`, '', { cause: error });
  }
}
