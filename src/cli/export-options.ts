import type { AnyExport } from '../model/export.ts';
import { LabError } from '../model/lab-error.ts';
import { nearest } from '../model/nearest.ts';
import { type Option, readOptions } from '../model/options.ts';
import { makeVars, type Value } from '../model/value.ts';

/** Reads `--set key=value,key=value` for an export; a piece without `=` goes on with the value before it, so lists need no brackets. Throws LabError 'usage' with all that is wrong and what is known. */
export function readExportOptions(entry: AnyExport, written: string | undefined): unknown {
  const table = entry.options as { readonly [name: string]: Option<unknown> };
  const pieces = splitSettings(written ?? '');
  const { options, problems } = readOptions(
    table,
    makeVars([...pieces].map(([name, values]) => [name, typed(table[name], values)])),
  );
  if (problems.length === 0) return options;
  const told = problems.map(({ name, problem }) => `${name}: ${problem}`).join('; ');
  const near = problems.flatMap(({ name }) =>
    name in table ? [] : (nearest(name, Object.keys(table)) ?? []),
  );
  const hint = near.length > 0 ? `did you mean ${near.join(', ')}?` : tellSettings(entry);
  throw new LabError('usage', `--set for ${entry.name}: ${told}`, hint);
}

/** The settings of an export in one line each, for people. */
export function tellSettings(entry: AnyExport): string {
  const table = entry.options as { readonly [name: string]: Option<unknown> };
  const each = Object.entries(table).map(([name, { summary }]) => `${name} (${summary})`);
  return each.length === 0 ? `${entry.name} has no settings` : `settings are ${each.join(', ')}`;
}

function splitSettings(written: string): Map<string, string[]> {
  const settings = new Map<string, string[]>();
  let last: string[] | undefined;
  for (const piece of written === '' ? [] : written.split(',')) {
    const at = piece.indexOf('=');
    const name = piece.slice(0, Math.max(at, 0)).trim();
    if (name !== '') {
      if (settings.has(name))
        throw new LabError('usage', `--set names ${name} twice`, 'write a list as KEY=ONE,TWO');
      last = [piece.slice(at + 1).trim()];
      settings.set(name, last);
    } else if (last !== undefined && at === -1) last.push(piece.trim());
    else throw new LabError('usage', `--set ${written} is not KEY=VALUE,KEY=VALUE`);
  }
  return settings;
}

/** Text as the setting's kind has it: true and false for yes or no, a list where one is taken. */
function typed(option: Option<unknown> | undefined, values: readonly string[]): Value {
  if (Array.isArray(option?.fallback)) return values.filter((value) => value !== '');
  const [only = ''] = values;
  if (values.length > 1) return values;
  if (typeof option?.fallback === 'boolean' && /^(?:true|false)$/.test(only))
    return only === 'true';
  return only;
}
