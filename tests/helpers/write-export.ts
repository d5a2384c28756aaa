import type { AnyExport } from '../../src/model/export.ts';
import { type OptionTable, readOptions } from '../../src/model/options.ts';
import type { Vars } from '../../src/model/value.ts';
import { makeFile, resolveTexts } from '../inventory/load-raw.ts';

/** What an export writes of a YAML inventory, with settings as `--set` gives them. Throws what the export throws. */
export function writeExport(entry: AnyExport, text: string, settings: Vars = {}): string {
  const { inventory } = resolveTexts(makeFile(text));
  const { options, problems } = readOptions(entry.options as OptionTable<unknown>, settings);
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  return entry.write(inventory.hosts, options, { inventory, at: '' }) as string;
}
