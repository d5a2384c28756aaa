import { access, constants } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { LabError } from '../model/lab-error.ts';
import type { Format, Report } from '../model/report.ts';
import { pickEntry } from './catalog.ts';
import type { Context } from './context.ts';
import type { Out } from './io.ts';

/** How a report was asked to look; kept with a run, so that it can be printed again alike. */
export interface Display {
  readonly output: string;
  /** 0 when unbounded. */
  readonly columns: number;
  readonly lang: 'en' | 'zh-CN';
}

/** The display the flags and the terminal ask for. */
export function displayOf({ flags, io, settings }: Context): Display {
  const columns = io.stdout.columns() ?? Number.parseInt(io.env['COLUMNS'] ?? '', 10);
  return {
    output: flags.output ?? 'table',
    columns: Number.isNaN(columns) ? 0 : columns,
    lang: settings.lang,
  };
}

/** Whether a stream gets colours: the flag, else NO_COLOR (no-color.org), else whether it is a terminal. */
export function wantsColor({ flags, io }: Context, out: Out): boolean {
  if (flags.color !== 'auto') return flags.color === 'always';
  return out.isTTY && !io.env['NO_COLOR'] && io.env['TERM'] !== 'dumb';
}

/** Loads the asked format early, so that a misspelt name, or a workbook meant for a terminal, costs nothing. */
export async function loadFormat({ flags, io }: Context, name: string): Promise<Format> {
  const format = await pickEntry<Format>(
    io.programFolder,
    'catalog/formats',
    name,
    'output format',
  );
  if (format.isBinary === true && flags.outputFile === undefined && io.stdout.isTTY)
    throw new LabError(
      'usage',
      `${name} is nothing a terminal can show`,
      `add --output-file report.${format.extension}`,
    );
  return format;
}

/** Refuses a place for the report that is not there, before anything is done whose report would be lost; throws LabError 'environment'. */
export async function requireReportFolder({ flags, io }: Context): Promise<void> {
  if (flags.outputFile === undefined) return;
  const folder = dirname(resolve(io.cwd, flags.outputFile));
  try {
    await access(folder, constants.W_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'the folder does not exist' : `${code}`;
    throw new LabError(
      'environment',
      `cannot write ${flags.outputFile}: ${why}; nothing was done`,
      'make the folder first, or name another --output-file',
    );
  }
}

/** Prints a report to stdout, or to `--output-file`, whole. */
export async function showReport(
  context: Context,
  report: Report,
  display = displayOf(context),
): Promise<void> {
  const { flags, io } = context;
  const format = await loadFormat(context, display.output);
  const color = flags.outputFile === undefined && wantsColor(context, io.stdout);
  const columns = display.columns === 0 ? Number.POSITIVE_INFINITY : display.columns;
  const content = format.write(report, { columns, color, lang: display.lang });
  if (flags.outputFile === undefined) {
    io.stdout.write(content);
    return;
  }
  const { writeFileWhole } = await import('../store/write-file.ts');
  await writeFileWhole(resolve(io.cwd, flags.outputFile), content, {
    ...(report.carriesOwners === true ? { mode: 0o600 } : {}),
  });
  io.stderr.write(`report written to ${flags.outputFile}\n`);
}
