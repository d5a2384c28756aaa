import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { listEntries, loadEntry } from './catalog.ts';
import type { Command } from './define-command.ts';

/** A command as the overview shows it. */
export interface CommandLine {
  readonly syntax: string;
  readonly summary: string;
}

/** Reads every command's line from its file. */
export async function readCommandLines(programFolder: string): Promise<CommandLine[]> {
  const names = await listEntries(programFolder, 'cli/commands');
  const commands = await Promise.all(
    names.map((name) => loadEntry<Command>(programFolder, 'cli/commands', name)),
  );
  return commands.map(({ syntax, summary }) => ({ syntax, summary }));
}

/** Text of `lab --help`, or of `lab GROUP`. The built program keeps the lines in one file, so that no command is loaded for it. */
export async function renderOverview(programFolder: string, group: string): Promise<string> {
  const all = await loadCommandLines(programFolder);
  const lines = all.filter(({ syntax }) => group === '' || syntax.startsWith(`${group} `));
  const width = Math.max(...lines.map(({ syntax }) => syntax.length)) + 2;
  const rows = lines.map(({ syntax, summary }) => `  lab ${syntax.padEnd(width)}${summary}`);
  const head =
    group === ''
      ? ['Labkit looks after rooms full of PCs: one inventory in, everything out.', '']
      : [];
  return [
    ...head,
    `Usage: lab ${group === '' ? '<command>' : `${group} <command>`} [flags]`,
    '',
    ...rows,
    '',
    'lab <command> --help shows its flags and examples.',
    '',
  ].join('\n');
}

async function loadCommandLines(programFolder: string): Promise<readonly CommandLine[]> {
  try {
    return JSON.parse(await readFile(join(programFolder, 'cli', 'commands.json'), 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return readCommandLines(programFolder);
  }
}
