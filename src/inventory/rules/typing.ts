import { type Located, type LocatedScalar, positionOf } from '../../model/located.ts';
import { parseMac } from '../../model/mac.ts';
import { typePlain } from '../../model/yaml-value.ts';
import { hostVariables, macFields, ownerFields } from '../host-variables.ts';
import { allAssignments, type Finding, type LintContext, type Rule } from './rule.ts';

/** Rules about values that are safe with Labkit, but that other YAML tools read as something else. */
export const typingRules: readonly Rule[] = [
  {
    name: 'unquoted-mac',
    severity: 'warning',
    summary: 'A MAC address without quotes is a number to other YAML tools.',
    *find(context) {
      for (const { node, path } of writtenTexts(context, isMacField)) {
        const misread = misreadingOf(node);
        if (misread !== undefined && 'mac' in parseMac(node.text))
          yield quoteFinding(node, path, misread);
      }
    },
  },
  {
    name: 'unquoted-number',
    severity: 'warning',
    summary: 'A staff, serial, asset or telephone number without quotes is changed by other tools.',
    *find(context) {
      for (const { node, path } of writtenTexts(context, isNumberField)) {
        const misread = misreadingOf(node);
        if (misread !== undefined) yield quoteFinding(node, path, misread);
      }
    },
  },
  {
    name: 'unquoted-word',
    severity: 'warning',
    summary: 'A name such as No or on without quotes is true or false to other tools.',
    *find(context) {
      for (const { node, path } of writtenTexts(context, isWordField))
        if (node.plain && typeof typePlain(node.text) === 'boolean')
          yield quoteFinding(node, path, String(typePlain(node.text)));
    },
  },
];

interface WrittenText {
  readonly node: LocatedScalar;
  readonly path: string;
}

const quotedVariables = namesOf(hostVariables);
const quotedOwnerFields = namesOf(ownerFields);

function namesOf(fields: typeof hostVariables): ReadonlySet<string> {
  return new Set(fields.filter(({ quoted }) => quoted).map(({ name }) => name));
}

function isMacField(variable: string, field: string): boolean {
  return variable === 'mac' && (field === '' || field === macFields[0]?.name);
}

function isNumberField(variable: string, field: string): boolean {
  if (variable === 'owner') return quotedOwnerFields.has(field);
  return variable !== 'mac' && field === '' && quotedVariables.has(variable);
}

function isWordField(variable: string, field: string): boolean {
  if (variable === 'owner') return field === '' || field === 'name' || field === 'department';
  if (variable === 'room') return field === 'title' || field === 'maintainer';
  return field === '' && ['seat', 'model', 'profile', 'switch_port'].includes(variable);
}

/** Every scalar of the wanted fields, wherever it is written. INI has its own typing rules, which quotes do not change. */
function* writtenTexts(
  context: LintContext,
  isWanted: (variable: string, field: string) => boolean,
): Iterable<WrittenText> {
  const iniFiles = new Set(
    context.raw.files
      .filter(({ role }) => role.kind === 'source' && role.format === 'ini')
      .map(({ path }) => path),
  );
  for (const { variable, node, path } of allAssignments(context)) {
    if (!interesting.has(variable) || iniFiles.has(node.source.file)) continue;
    for (const part of partsOf(node))
      if (isWanted(variable, part.field))
        yield { node: part.node, path: part.field === '' ? path : `${path}.${part.field}` };
  }
}

const interesting = new Set([...hostVariables.map(({ name }) => name), 'room']);

function* partsOf(node: Located): Iterable<{ field: string; node: LocatedScalar }> {
  if (node.kind === 'scalar') yield { field: '', node };
  else if (node.kind === 'list') for (const item of node.items) yield* partsOf(item);
  else
    for (const { key, value } of node.entries)
      if (value.kind === 'scalar') yield { field: key.text, node: value };
}

/** What another tool makes of a plain scalar, or undefined when it keeps the text: by YAML 1.1 (Ansible), or by the core schema of YAML 1.2. */
function misreadingOf({ plain, tag, text }: LocatedScalar): string | undefined {
  if (!plain || tag !== undefined || text === '') return undefined;
  const old = typePlain(text);
  if (typeof old !== 'string' && String(old) !== text) return String(old);
  const isCoreNumber = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/.test(text);
  if (isCoreNumber && String(Number(text)) !== text) return String(Number(text));
  return undefined;
}

function quoteFinding(node: LocatedScalar, path: string, misread: string): Finding {
  return {
    at: positionOf(node),
    path,
    message: `${node.text} without quotes is ${misread} to Ansible or other YAML tools`,
    hint: `write "${node.text}" in quotes`,
  };
}
