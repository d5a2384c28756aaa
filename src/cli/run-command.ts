import { CommanderError, Option, Command as Parser } from 'commander';
import { LabError } from '../model/lab-error.ts';
import { loadEntry } from './catalog.ts';
import { openContext } from './context.ts';
import type { Command, CommandOptions, FlagFamily, FlagLine } from './define-command.ts';
import { type FlagSpec, type Flags, familyTitles, flagTable, narrowFamilies } from './flags.ts';
import type { Io } from './io.ts';

/** Loads one command, reads its flags and runs it; answers its exit code. */
export async function runCommand(
  found: { name: string; args: readonly string[] },
  io: Io,
): Promise<number> {
  const command = await loadEntry<Command>(io.programFolder, 'cli/commands', found.name);
  const parser = makeParser(command, io);
  try {
    parser.parse([...found.args], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return 0;
    throw new LabError(
      'usage',
      error.message.replace(/^error: /, ''),
      `lab ${wordsOf(command)} --help shows how`,
    );
  }
  const values = parser.opts<Flags & CommandOptions>();
  if (values.limit !== undefined && !hasTargets(command))
    throw new LabError(
      'usage',
      `--limit narrows nothing here`,
      `leave it out: lab ${wordsOf(command)} takes no pattern`,
    );
  return invokeCommand(command, { command: found.name, args: parser.processedArgs }, values, io);
}

/** Runs a command whose flags and arguments have been read. */
export async function invokeCommand(
  command: Command,
  asked: { readonly command: string; readonly args: readonly (string | string[] | undefined)[] },
  values: Flags & CommandOptions,
  io: Io,
): Promise<number> {
  const args = asked.args.map((arg) => arg ?? null);
  await using context = await openContext(values, io, { command: asked.command, args });
  return await command.run(context, asked.args, values);
}

function wordsOf(command: Command): string {
  return command.syntax.split(/ [<[-]/)[0] ?? command.syntax;
}

/** Whether there is a choice of hosts that `--limit` could narrow: a pattern of the command's own, or those of a playbook. */
function hasTargets({ syntax }: Command): boolean {
  return /[<[](?:pattern|playbook)[>\]]/.test(syntax);
}

function makeParser(command: Command, io: Io): Parser {
  const words = wordsOf(command);
  const parser = new Parser(`lab ${words}`)
    .description(
      command.description ? `${command.summary}\n\n${command.description}` : command.summary,
    )
    .exitOverride()
    .allowExcessArguments(false)
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: () => {},
      getOutHelpWidth: () => io.stdout.columns() ?? 100,
    });
  const operands = command.syntax.slice(words.length).trim();
  if (operands !== '') parser.arguments(operands);
  for (const [flags, summary, fallback] of command.options ?? [])
    parser.addOption(makeOwnOption(flags, summary, fallback));
  for (const [family, specs] of Object.entries(flagTable) as [FlagFamily, readonly FlagSpec[]][]) {
    if (narrowFamilies.has(family) && !command.families.includes(family)) continue;
    for (const spec of specs) {
      const isUseless = spec.flags.includes('--limit') && !hasTargets(command);
      const isHidden = isUseless || !command.families.includes(family);
      const option = makeOption(spec).hideHelp(isHidden);
      parser.addOption(option.helpGroup(familyTitles[family]));
    }
  }
  return parser.addHelpText(
    'after',
    `\nExamples:\n${command.examples.map((line) => `  lab ${line}`).join('\n')}`,
  );
}

function makeOwnOption(flags: string, summary: string, fallback: FlagLine[2]): Option {
  const option = new Option(flags, summary);
  if (typeof fallback === 'string') return option.default(fallback);
  if (fallback === undefined) return option;
  return option
    .argParser((value: string, before: readonly string[]) => [...before, value])
    .default(fallback, 'none');
}

function makeOption({ flags, summary, choices, fallback, repeatable }: FlagSpec): Option {
  const option = new Option(flags, summary);
  if (choices !== undefined) option.choices(choices);
  if (fallback !== undefined) option.default(fallback);
  if (repeatable !== undefined) {
    option
      .argParser((value: string, before: string[]) => [...before, value])
      .default([], repeatable);
  }
  return option;
}
