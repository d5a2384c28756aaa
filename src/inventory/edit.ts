import { LabError } from '../model/lab-error.ts';
import type { Located } from '../model/located.ts';
import type { Problem } from '../model/problem.ts';
import { isMapping, type Value } from '../model/value.ts';
import { type Change, parseChange } from './edit/change.ts';
import type { HostAddition } from './edit/host-addition.ts';
import { planIniEdit } from './edit/ini-edit.ts';
import { changeShape, isSameShape, shapeOf } from './edit/shape.ts';
import { applySplices } from './edit/splice.ts';
import { type HostEdit, planNewFile, planYamlEdit } from './edit/yaml-edit.ts';
import { mergeInventory } from './merge.ts';
import type { Assignment, InventoryFile, RawInventory } from './raw.ts';

/** Reads a text again, as `store` does. */
export type Parse = (
  text: string,
  file: string,
) => { readonly root: Located | undefined; readonly problems: readonly Problem[] };

/** The wanted values by key (`seat`, `owner.name`, `mac.0.addr`); null takes one away. */
export type Changes = ReadonlyMap<string, string | null>;

/** Makes the text of a file with a host's variables changed; all else stays byte for byte. The result is read again and compared: when more than the wanted values would differ, LabError 'refused' is thrown, as it is where a value belongs to several hosts; 'usage' for a value that cannot be meant. */
export function planEdit(
  file: InventoryFile,
  host: string,
  changes: Changes,
  parse: Parse,
): { readonly text: string } {
  const wanted = [...changes].map(([key, text]) => parseChange(key, text));
  const edits = [{ host, changes: wanted }];
  return { text: isIni(file) ? editIni(file, edits) : editYaml(file, edits, [], parse) };
}

/** A host that the inventory does not have yet; `values` as in `Changes`, at least one. */
export interface NewHost {
  readonly name: string;
  readonly group: string;
  readonly values: ReadonlyMap<string, string>;
}

/** Everything wanted of one file. */
export interface FileEdits {
  readonly changes: ReadonlyMap<string, Changes>;
  readonly added: readonly NewHost[];
}

/** Makes the text of a file with many hosts changed and added at once, read again and compared as `planEdit` does. Hosts for which it cannot be done are left out and come back with the reason. */
export function planEdits(
  file: InventoryFile,
  edits: FileEdits,
  parse: Parse,
): { readonly text: string; readonly refused: ReadonlyMap<string, LabError> } {
  const refused = new Map<string, LabError>();
  const changed: HostEdit[] = [];
  const added: HostAddition[] = [];
  const ini = isIni(file) ? mergeInventory([file]) : undefined;
  for (const [host, changes] of edits.changes)
    tryHost(refused, host, () => {
      const edit = { host, changes: parseChanges(changes) };
      if (ini) planIniEdit(file, host, edit.changes, ini);
      else if (!isNewFile(file)) planYamlEdit(file, [edit]);
      changed.push(edit);
    });
  for (const { name, group, values } of edits.added)
    tryHost(refused, name, () => {
      const addition = { host: name, group, changes: parseChanges(values) };
      planYamlEdit(file, [], [addition]);
      added.push(addition);
    });
  const text = ini ? editIni(file, changed) : editYaml(file, changed, added, parse);
  return { text, refused };
}

function parseChanges(changes: Changes): Change[] {
  return [...changes].map(([key, text]) => parseChange(key, text));
}

function tryHost(refused: Map<string, LabError>, host: string, plan: () => void): void {
  try {
    plan();
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    refused.set(host, error);
  }
}

function isIni({ role }: InventoryFile): boolean {
  return role.kind === 'source' && role.format === 'ini';
}

function isNewFile({ role, text }: InventoryFile): boolean {
  return role.kind === 'host_vars' && isBlank(text);
}

/** Which file each change belongs into: where the variable that is in effect was set for the host, else where the host is written. Throws LabError 'refused' for a variable to be taken away that the host has from a group, and for fields that would hide others. */
export function selectEdits(
  raw: RawInventory,
  host: string,
  changes: Changes,
): ReadonlyMap<string, Changes> {
  const written = raw.hosts.get(host);
  if (!written) throw new LabError('usage', `there is no host ${host}`, 'see `lab inventory list`');
  if (raw.groups.has(host))
    throw new LabError(
      'refused',
      `${host} is a host and also a group; what is written for one counts for the other`,
      'rename one of them first',
    );
  const byFile = new Map<string, Map<string, string | null>>();
  for (const [key, text] of changes) {
    const [variable = ''] = key.split('.');
    const effective = written.effective.get(variable);
    if (text === null && effective?.scope.kind === 'group')
      throw new LabError(
        'refused',
        `${host} has ${variable} from the group ${effective.scope.name}`,
        'change it for the group, or give the host a value of its own',
      );
    const isOwn = effective?.scope.kind === 'host';
    if (effective && !isOwn) refuseHiding(host, effective, key, changes);
    const path = isOwn ? effective.node.source.file : (written.mentions[0]?.at.file ?? '');
    byFile.set(path, (byFile.get(path) ?? new Map()).set(key, text));
  }
  return byFile;
}

/** A mapping of the host's own replaces the group's as a whole; a field that nobody named would be lost without a word. */
function refuseHiding(host: string, group: Assignment, key: string, changes: Changes): void {
  const { variable, value, scope } = group;
  if (!key.includes('.') || !isMapping(value)) return;
  const lost = Object.keys(value).filter((field) => !changes.has(`${variable}.${field}`));
  if (lost.length === 0) return;
  throw new LabError(
    'refused',
    `${host} has ${variable} as a whole from the group ${scope.name}; with ${key} of its own it would lose ${lost.join(', ')}`,
    `set these as well: ${lost.map((field) => `${variable}.${field}=...`).join(' ')}`,
  );
}

function editYaml(
  file: InventoryFile,
  edits: readonly HostEdit[],
  added: readonly HostAddition[],
  parse: Parse,
): string {
  const { splices, made } = isNewFile(file)
    ? planNewFile(
        file,
        edits.flatMap(({ changes }) => changes),
      )
    : planYamlEdit(file, edits, added);
  const text = applySplices(file.text, splices);
  const { root, problems } = parse(text, file.path);
  let expected = shapeOf(file.root);
  for (const { change, path, wanted } of made)
    expected = changeShape(expected, path, wanted, path.length - change.path.length);
  if (problems.length > 0 || !isSameShape(expected, shapeOf(root))) throw tooWide(file);
  return text;
}

/** Only comments, or nothing: a file that any key may begin. */
function isBlank(text: string): boolean {
  return /^\ufeff?(?:[ \t]*(?:#.*)?(?:\r?\n|$)|---[ \t]*(?:\r?\n|$))*$/.test(text);
}

/** Compares what every host has for itself before and after. */
function editIni(file: InventoryFile, edits: readonly HostEdit[]): string {
  const inventory = mergeInventory([file]);
  const text = applySplices(
    file.text,
    edits.flatMap(({ host, changes }) => planIniEdit(file, host, changes, inventory)),
  );
  const before = valuesOf(inventory);
  const after = valuesOf(mergeInventory([{ ...file, text }]));
  for (const { host, changes } of edits) {
    const own = new Map(before.get(host));
    for (const { key, wanted } of changes)
      if (wanted === null) own.delete(key);
      else own.set(key, wanted.isTyped ? JSON.parse(wanted.text) : wanted.text);
    before.set(host, own);
  }
  if (JSON.stringify(listed(before)) !== JSON.stringify(listed(after))) throw tooWide(file);
  return text;
}

function valuesOf(raw: RawInventory): Map<string, Map<string, Value>> {
  const valuesIn = (assignments: readonly Assignment[]) =>
    new Map(assignments.map(({ variable, value }) => [variable, value]));
  const hosts = [...raw.hosts.values()].map(
    (host) => [host.name, valuesIn(host.assignments)] as const,
  );
  const groups = [...raw.groups.values()].map(
    (group) => [`[${group.name}] ${group.hosts.join(' ')}`, valuesIn(group.assignments)] as const,
  );
  return new Map([...hosts, ...groups]);
}

function listed(values: Map<string, Map<string, Value>>): unknown {
  return [...values].map(([name, own]) => [name, [...own].sort(([a], [b]) => (a < b ? -1 : 1))]);
}

function tooWide(file: InventoryFile): LabError {
  return new LabError(
    'refused',
    `${file.path} is written in a way that cannot be edited safely here; nothing was changed`,
    'make this change in an editor, then run `lab inventory validate`',
  );
}
