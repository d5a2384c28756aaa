import type { ImportField, ImportRow } from '../../model/import.ts';
import { importFields } from '../../model/import.ts';
import { LabError } from '../../model/lab-error.ts';
import type { Problem } from '../../model/problem.ts';
import type { Parse } from '../edit.ts';
import { lintInventory } from '../lint.ts';
import { mergeInventory } from '../merge.ts';
import type { InventoryFile, RawInventory } from '../raw.ts';
import { resolveInventory } from '../resolve.ts';
import { cellOf, type Refusal, type Wish } from './planned-row.ts';

/** Reads the inventory as it would be with the new texts, and answers for which rows it would have errors that it has not now. Throws LabError 'input' for new errors that belong to no row. */
export function checkOutcome(
  { raw }: { readonly raw: RawInventory },
  files: readonly { readonly path: string; readonly after: string }[],
  wishes: readonly Wish[],
  parse: Parse,
): ReadonlyMap<ImportRow, Refusal> {
  const refusals = new Map<ImportRow, Refusal>();
  if (files.length === 0) return refusals;
  const known = new Set(errorsOf(raw).map(keyOf));
  const added = errorsOf(readOutcome(raw, files, parse)).filter(
    (error) => !known.has(keyOf(error)),
  );
  const byHost = new Map(wishes.map((wish) => [wish.host, wish]));
  const strange = added.filter((error) => !attribute(error, byHost, refusals));
  if (strange.length > 0)
    throw new LabError(
      'input',
      'this import would bring errors into the inventory; nothing was written',
      '',
      { problems: strange },
    );
  return refusals;
}

/** The inventory as it would be with the new texts. */
export function readOutcome(
  raw: RawInventory,
  files: readonly { readonly path: string; readonly after: string }[],
  parse: Parse,
): RawInventory {
  const texts = new Map(files.map(({ path, after }) => [path, after]));
  return mergeInventory(raw.files.map((file) => reread(file, texts.get(file.path), parse)));
}

function reread(file: InventoryFile, text: string | undefined, parse: Parse): InventoryFile {
  if (text === undefined) return file;
  const { root: _, ...rest } = file;
  const isIni = file.role.kind === 'source' && file.role.format === 'ini';
  const root = isIni ? undefined : parse(text, file.path).root;
  return root === undefined ? { ...rest, text } : { ...rest, text, root };
}

function errorsOf(raw: RawInventory): Problem[] {
  const { inventory, problems } = resolveInventory(raw);
  const all = [...raw.problems, ...problems, ...lintInventory(raw, inventory)];
  return all.filter(({ severity }) => severity === 'error');
}

/** Lines move when hosts are added; a rule and its words stay, but for the places they name. */
function keyOf({ rule, message }: Problem): string {
  return `${rule} ${message.replaceAll(/:\d+(?::\d+)?/g, '')}`;
}

function attribute(
  { path, message, hint }: Problem,
  byHost: ReadonlyMap<string, Wish>,
  refusals: Map<ImportRow, Refusal>,
): boolean {
  const place = path.split('.hosts.').at(-1)?.split('.') ?? [];
  for (let end = place.length; end > 0; end -= 1) {
    const host = place.slice(0, end).join('.');
    const wish = byHost.get(host);
    if (!wish) continue;
    const field = fieldOf(place.slice(end));
    const reason = message.startsWith(`${host}: `) ? message.slice(host.length + 2) : message;
    const before = refusals.get(wish.row);
    refusals.set(
      wish.row,
      before
        ? { ...before, reason: `${before.reason}; ${reason}` }
        : { cell: cellOf(wish.row, field), reason, hint },
    );
    return true;
  }
  return false;
}

function fieldOf([variable = '', field = '']: readonly string[]): ImportField | undefined {
  return importFields.find((name) => name === variable || name === `${variable}.${field}`);
}
