import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { ConfiguredSource, ObservedSource } from '../model/discovery.ts';
import { decodeText, printable } from '../model/display.ts';
import type { AnyExport } from '../model/export.ts';
import type { Import, ImportRow } from '../model/import.ts';
import { LabError } from '../model/lab-error.ts';
import { readOptions } from '../model/options.ts';
import type { Problem } from '../model/problem.ts';
import { renderProblemLines, tellProblem } from '../report/problem-lines.ts';
import { pickEntry } from './catalog.ts';
import type { Context } from './context.ts';

/** A text to read, and which catalog entry reads it. */
export interface NamedSource {
  readonly name: string;
  readonly format: string;
  readonly bytes: Uint8Array;
}

/** Reads files named as `FORMAT:FILE`. */
export async function loadNamedFiles(
  { io }: Context,
  flag: string,
  words: readonly string[],
): Promise<NamedSource[]> {
  return Promise.all(
    words.map(async (word) => {
      const at = word.indexOf(':');
      const name = word.slice(at + 1);
      if (at < 1 || name === '')
        throw new LabError(
          'usage',
          `${flag} ${word} does not say the format`,
          `write ${flag} FORMAT:FILE, such as ${flag === '--from' ? 'arp:arp.txt' : 'dnsmasq:lab.conf'}`,
        );
      return {
        name,
        format: word.slice(0, at),
        bytes: await readBytes(resolve(io.cwd, name), name),
      };
    }),
  );
}

async function readBytes(path: string, name: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new LabError('usage', `cannot read ${name}: ${code}`, 'check the path', { cause: error });
  }
}

/** Reads texts of observed addresses. A text of another format is refused; lines that could not be used are told on stderr, unless it is read again and again. */
export async function readObserved(
  { io }: Context,
  sources: readonly NamedSource[],
  isWatching = false,
): Promise<(ObservedSource & { readonly format: string })[]> {
  const read: (ObservedSource & { readonly format: string })[] = [];
  const all: Problem[] = [];
  for (const { name, format, bytes } of sources) {
    const entry = await pickEntry<Import>(io.programFolder, 'catalog/imports', format, 'import');
    const { rows, problems } = entry.read({ file: name, bytes });
    all.push(...problems, ...rows.flatMap(refusedProblem));
    read.push({ name, format, rows: rows.filter(({ refused }) => refused === undefined) });
  }
  tellOrThrow(io.stderr, isWatching ? all.filter(({ severity }) => severity === 'error') : all);
  return read;
}

function refusedProblem({ file, row, refused }: ImportRow): Problem[] {
  if (!refused) return [];
  const { reason, hint } = refused;
  const place = { file, line: row, column: 1, path: '' };
  return [{ severity: 'warning', rule: 'unread-line', ...place, message: reason, hint }];
}

/** Reads configurations with what reads an export back. */
export async function readConfigured(
  { io }: Context,
  sources: readonly NamedSource[],
): Promise<(ConfiguredSource & { readonly format: string })[]> {
  const read: (ConfiguredSource & { readonly format: string })[] = [];
  for (const { name, format, bytes } of sources) {
    const entry = await pickEntry<AnyExport>(io.programFolder, 'catalog/exports', format, 'export');
    if (!entry.read)
      throw new LabError('usage', `lab cannot read ${format} back`, 'name another format');
    const { options } = readOptions(entry.options, {});
    const { bindings, unknown } = entry.read(decodeText(bytes).text, options);
    if (bindings.length === 0 && unknown.length > 0)
      throw new LabError(
        'input',
        `${name} has no line that ${format} writes: it begins "${printable(unknown[0]?.text.trim().slice(0, 60) ?? '')}"`,
        'name the format it has',
      );
    read.push({ name, format, bindings });
  }
  return read;
}

function tellOrThrow(stderr: Context['io']['stderr'], problems: readonly Problem[]): void {
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0)
    throw new LabError('input', 'a file is not of the format named', '', { problems: errors });
  if (problems.length > 0) stderr.write(renderProblemLines(problems.flatMap(tellProblem)));
}
