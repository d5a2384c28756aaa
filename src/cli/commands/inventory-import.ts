import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type ImportPlan, planImport } from '../../inventory/plan-import.ts';
import { printable } from '../../model/display.ts';
import type { Import } from '../../model/import.ts';
import { exitCodes, LabError } from '../../model/lab-error.ts';
import type { Problem } from '../../model/problem.ts';
import { type ImportedRow, reportImport } from '../../report/import-report.ts';
import { renderProblemLines, tellProblem } from '../../report/problem-lines.ts';
import { parseYaml } from '../../store/yaml.ts';
import { applyImport } from '../apply-import.ts';
import { pickEntry } from '../catalog.ts';
import type { Context } from '../context.ts';
import { type CommandOptions, defineCommand } from '../define-command.ts';
import { brokenInventory, type LoadedInventory, loadInventory } from '../load-hosts.ts';
import { holdRegistry } from '../open-registry.ts';
import { showReport } from '../show-report.ts';

export default defineCommand({
  syntax: 'inventory import <format> <file>',
  summary: 'Take PCs and their owners over from a spreadsheet, leases, another tool or a switch',
  description:
    'Without --apply it only says what it would do: each row accepted, accepted with a note, or refused, with its cell. ' +
    'One refused row keeps all others from being written, unless --partial leaves it out. Empty cells change nothing.',
  options: [
    ['--room <room>', 'the room of rows that name none: its group or its title'],
    ['--sheet <name>', 'the sheet of a workbook; else the first that is not empty'],
    ['--apply', 'write it into the inventory and the ledger'],
    ['--partial', 'leave refused rows out and take the others'],
    ['--reason <text>', 'why, for the ledger'],
  ],
  families: ['inventory', 'output', 'project'],
  examples: [
    'inventory import xlsx 登记表.xlsx',
    'inventory import csv roster.csv --room lab_a --apply',
    'inventory import xlsx all.xlsx --sheet 三楼 --apply --partial',
  ],
  async run(context, [format, file], options) {
    const entry = await pickEntry<Import>(
      context.io.programFolder,
      'catalog/imports',
      String(format),
      'import format',
    );
    const { rows, problems } = await readSource(
      context,
      entry,
      String(file),
      textOf(options, 'sheet'),
    );
    const registry = options['apply'] === true ? await holdRegistry(context) : undefined;
    const loaded = registry?.loaded ?? (await loadUnbroken(context));
    const room = textOf(options, 'room');
    const plan = planImport(
      rows,
      { ...loaded, ...(room === undefined ? {} : { room }) },
      parseYaml,
    );
    const refused = plan.rows.some(({ action }) => action === 'refuse');
    const isApplied = registry !== undefined && (!refused || options['partial'] === true);
    if (isApplied)
      await applyImport(registry, plan, textOf(options, 'reason') ?? `imported from ${file}`);
    await showEnd(context, plan, {
      file: String(file),
      format: entry.name,
      wanted: registry !== undefined,
      applied: isApplied,
      problems,
    });
    return refused && options['partial'] !== true ? exitCodes.input : 0;
  },
});

function textOf(options: CommandOptions, name: string): string | undefined {
  const value = options[name];
  return typeof value === 'string' ? value : undefined;
}

/** Larger files are no register of PCs. */
const maxSizeMiB = 64;

async function readSource(
  context: Context,
  entry: Import,
  file: string,
  sheet: string | undefined,
) {
  const bytes = await readBytes(resolve(context.io.cwd, file), file);
  const read = entry.read({ file, bytes, ...(sheet === undefined ? {} : { sheet }) });
  const errors = read.problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0)
    throw new LabError('input', `${file} cannot be imported`, '', { problems: read.problems });
  context.io.stderr.write(renderProblemLines(read.problems.flatMap(tellProblem)));
  return read;
}

async function readBytes(path: string, shown: string): Promise<Uint8Array> {
  try {
    if ((await stat(path)).size > maxSizeMiB * 1024 ** 2)
      throw new LabError(
        'input',
        `${shown} is larger than ${maxSizeMiB} MiB`,
        'import it in parts',
      );
    return await readFile(path);
  } catch (error) {
    if (error instanceof LabError) throw error;
    throw new LabError('usage', `cannot read ${printable(shown)}`, 'check the path', {
      cause: error,
    });
  }
}

async function loadUnbroken(context: Context): Promise<LoadedInventory> {
  const loaded = await loadInventory(context);
  const errors = loaded.problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw brokenInventory(errors);
  return loaded;
}

interface End {
  readonly file: string;
  readonly format: string;
  readonly wanted: boolean;
  readonly applied: boolean;
  readonly problems: readonly Problem[];
}

async function showEnd(context: Context, plan: ImportPlan, end: End): Promise<void> {
  const { lang } = context.settings;
  const rows = plan.rows.map(({ row, ...planned }): ImportedRow => ({ ...planned, row: row.row }));
  const at = new Date(context.io.now()).toISOString();
  await showReport(context, reportImport(rows, { ...end, at }, lang));
}
