import { type Command, quoteSh } from '../model/command.ts';
import { decodeText } from '../model/display.ts';
import { LabError } from '../model/lab-error.ts';
import type { Plan } from '../model/plan.ts';
import { type CommandOptions, planCommand } from './plan-command.ts';

/** What `lab run --script` asks for: a local file's content, and the words that follow it. */
export interface ScriptOptions extends Omit<CommandOptions, 'command' | 'stdin'> {
  readonly shell: Command['shell'];
  /** The file's name, for people. */
  readonly name: string;
  readonly content: Uint8Array;
  readonly args: readonly string[];
}

/** Plans a local script on every host; for sh it travels by standard input, lands in a private temporary file and is gone afterwards. Throws LabError 'usage' when the shell cannot take it. */
export function planScript(options: ScriptOptions): Plan {
  const { shell, name, args, ...rest } = options;
  const title = `run script ${[name, ...args].join(' ')}`;
  const content = unixText(options.content);
  if (shell === 'sh')
    return planCommand({ ...rest, title, command: scriptCommand(content, args), stdin: content });
  if (args.length > 0)
    throw new LabError(
      'usage',
      `a ${shell} script takes no words after it`,
      'write them into the script',
    );
  const script = decodeText(options.content).text;
  return planCommand({ ...rest, title, command: { shell, script, shown: name } });
}

/** The command that receives the script on standard input and runs it. Its interpreter is named outright, so that a /tmp mounted noexec does not matter. */
function scriptCommand(content: Uint8Array, args: readonly string[]): Command {
  const interpreter = interpreterOf(content);
  const words = args.map(quoteSh).join(' ');
  const script = `labkit_file=$(mktemp) || exit 1
trap 'rm -f "$labkit_file"' EXIT
trap 'exit 129' HUP; trap 'exit 130' INT; trap 'exit 143' TERM
cat >"$labkit_file" || exit 1
${interpreter} "$labkit_file" ${words} </dev/null`;
  return { shell: 'sh', script, shown: script };
}

/** The words of the script's first line (execve(2): a program and at most one argument), else the plain shell. */
function interpreterOf(content: Uint8Array): string {
  const [first = ''] = decodeText(content.subarray(0, 256)).text.split('\n', 1);
  const found = /^#!\s*(\S+)(?:\s+(.*\S))?\s*$/.exec(first);
  const [, program, argument] = found ?? [];
  if (program === undefined) return 'sh';
  return argument === undefined ? quoteSh(program) : `${quoteSh(program)} ${quoteSh(argument)}`;
}

/** Takes what a Windows editor adds from a script: the byte-order mark, and carriage returns when the first line ends in one. */
function unixText(content: Uint8Array): Uint8Array {
  const marked = content[0] === 0xef && content[1] === 0xbb && content[2] === 0xbf;
  const plain = marked ? content.subarray(3) : content;
  const end = plain.indexOf(0x0a);
  if (end < 1 || plain[end - 1] !== 0x0d) return plain;
  return plain.filter((byte, index) => byte !== 0x0d || plain[index + 1] !== 0x0a);
}
