import type { AnyCheck } from '../model/check.ts';
import { type Located, positionOf } from '../model/located.ts';
import { nearest } from '../model/nearest.ts';
import { readOptions } from '../model/options.ts';
import type { Problem } from '../model/problem.ts';
import { isMapping, makeVars, type Value, type Vars } from '../model/value.ts';

/** A named set of checks in the order they are told, each with the settings the suite writes for it (not yet combined with a host's own). */
export interface ResolvedSuite {
  readonly name: string;
  readonly title: string;
  readonly checks: readonly { readonly name: string; readonly settings: Vars }[];
}

/** Reads a suite as written: `{ name, title, checks: [ 'reach', { 'disk-free': { failPercent: 5 } } ] }`. Gives whatever could be read beside all problems. `name` is the file's name without `.yaml`. */
export function parseSuite(
  root: Located | undefined,
  name: string,
  catalog: readonly AnyCheck[],
): { suite: ResolvedSuite; problems: Problem[] } {
  const problems: Problem[] = [];
  const checks: { name: string; settings: Vars }[] = [];
  const report: Report = (node, path, message, hint) =>
    problems.push({
      severity: 'error',
      rule: 'bad-suite',
      ...positionOf(node),
      path,
      message,
      hint,
    });
  let title = name;
  if (root === undefined) return { suite: { name, title, checks }, problems };
  if (root.kind !== 'map') report(root, '', 'a suite is a mapping', 'write title: and checks:');
  for (const { key, value } of root.kind === 'map' ? root.entries : []) {
    if (key.text === 'title' && value.kind === 'scalar') title = value.text;
    else if (key.text === 'name' && value.kind === 'scalar') {
      if (value.text !== name)
        report(value, 'name', `"${value.text}" is not the file's name`, `write name: ${name}`);
    } else if (key.text === 'checks' && value.kind === 'list')
      for (const [index, item] of value.items.entries())
        readItem(item, { path: `checks[${index}]`, catalog, checks, report });
    else if (key.text === 'checks')
      report(value, 'checks', '"checks" must be a list', 'begin each check with "- "');
    else report(key, key.text, `unknown key "${key.text}"`, 'a suite has name, title and checks');
  }
  if (problems.length === 0 && checks.length === 0)
    report(root, 'checks', 'the suite has no checks', `known are ${namesOf(catalog)}`);
  return { suite: { name, title, checks }, problems };
}

type Report = (node: Located, path: string, message: string, hint: string) => void;

interface Item {
  readonly path: string;
  readonly catalog: readonly AnyCheck[];
  readonly checks: { name: string; settings: Vars }[];
  readonly report: Report;
}

function readItem(item: Located, { path, catalog, checks, report }: Item): void {
  const entry = item.kind === 'map' && item.entries.length === 1 ? item.entries[0] : undefined;
  const named = item.kind === 'scalar' ? item : entry?.key;
  if (named === undefined)
    return report(
      item,
      path,
      'not a check',
      'write a name, or one name with its settings as a mapping',
    );
  const check = catalog.find((one) => one.name === named.text);
  if (check === undefined)
    return report(
      named,
      path,
      `there is no check "${named.text}"`,
      hintFor(
        named.text,
        catalog.map((one) => one.name),
      ),
    );
  if (checks.some((one) => one.name === check.name))
    return report(named, path, `"${check.name}" is in the suite twice`, 'remove one of them');
  const written = entry === undefined ? makeVars() : plainValue(entry.value);
  if (written !== null && !isMapping(written))
    return report(
      entry?.value ?? item,
      `${path}.${check.name}`,
      'settings must be a mapping',
      'write name: value below it',
    );
  const settings = written ?? makeVars();
  checks.push({ name: check.name, settings });
  for (const { name, problem } of readOptions(check.options, settings).problems) {
    const at =
      entry?.value.kind === 'map'
        ? entry.value.entries.find((one) => one.key.text === name)
        : undefined;
    const known = Object.keys(check.options);
    if (known.includes(name))
      report(
        at?.value ?? item,
        `${path}.${check.name}.${name}`,
        `"${name}" is not understood`,
        problem,
      );
    else
      report(
        at?.key ?? item,
        `${path}.${check.name}.${name}`,
        `"${check.name}" has no setting "${name}"`,
        hintFor(name, known),
      );
  }
}

/** What was probably meant, else everything known. */
export function hintFor(typed: string, known: readonly string[]): string {
  const meant = nearest(typed, known);
  return meant === undefined
    ? `known are ${known.join(', ') || 'none'}`
    : `did you mean "${meant}"?`;
}

function namesOf(catalog: readonly AnyCheck[]): string {
  return catalog.map((check) => check.name).join(', ');
}

/** A YAML value with its scalars typed by the YAML 1.2 core schema (10.3.2). */
function plainValue(node: Located): Value {
  if (node.kind === 'list') return node.items.map(plainValue);
  if (node.kind === 'map')
    return makeVars(node.entries.map(({ key, value }) => [key.text, plainValue(value)]));
  if (!node.plain) return node.text;
  if (/^(?:~|null|Null|NULL|)$/.test(node.text)) return null;
  if (/^(?:true|True|TRUE|false|False|FALSE)$/.test(node.text)) return /^t/i.test(node.text);
  return /^[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?$/i.test(node.text)
    ? Number(node.text)
    : node.text;
}
