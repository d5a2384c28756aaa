import type { AnyCheck } from '../model/check.ts';
import { type Located, type LocatedMap, positionOf } from '../model/located.ts';
import { nearest } from '../model/nearest.ts';
import { readOptions } from '../model/options.ts';
import type { Problem } from '../model/problem.ts';
import { isMapping, makeVars, type Vars } from '../model/value.ts';
import { plainValue } from './plain-value.ts';

/** A named set of checks in the order they are told, each with the settings the suite writes for it (not yet combined with a host's own). */
export interface ResolvedSuite {
  readonly name: string;
  readonly title: string;
  readonly checks: readonly ChosenSettings[];
}

/** A check's name with its settings as written. */
export interface ChosenSettings {
  readonly name: string;
  readonly settings: Vars;
}

type Report = (node: Located, path: string, message: string, hint: string) => void;

/** Reads a suite as written: `{ name, title, checks: [ 'reach', { 'disk-free': { failPercent: 5 } } ] }`. Gives whatever could be read beside all problems (rule `bad-suite`). `name` is the file's name without `.yaml`. */
export function parseSuite(
  root: Located | undefined,
  name: string,
  catalog: readonly AnyCheck[],
): { suite: ResolvedSuite; problems: Problem[] } {
  const problems: Problem[] = [];
  const report: Report = (node, path, message, hint) => {
    const at = positionOf(node);
    problems.push({ severity: 'error', rule: 'bad-suite', ...at, path, message, hint });
  };
  const empty = { name, title: name, checks: [] };
  if (root === undefined) return { suite: empty, problems };
  if (root.kind !== 'map') {
    report(root, '', 'a suite is a mapping', 'write title: and checks:');
    return { suite: empty, problems };
  }
  const suite = readSuite(root, name, { catalog, report });
  if (problems.length === 0 && suite.checks.length === 0)
    report(root, 'checks', 'the suite has no checks', `known are ${namesOf(catalog).join(', ')}`);
  return { suite, problems };
}

interface Reading {
  readonly catalog: readonly AnyCheck[];
  readonly report: Report;
}

function readSuite(root: LocatedMap, name: string, reading: Reading): ResolvedSuite {
  const { report } = reading;
  const checks = new Map<string, ChosenSettings>();
  let title = name;
  for (const { key, value } of root.entries) {
    if (!['name', 'title', 'checks'].includes(key.text))
      report(key, key.text, `unknown key "${key.text}"`, 'a suite has name, title and checks');
    else if (key.text === 'checks') readChecks(value, checks, reading);
    else if (value.kind !== 'scalar') report(value, key.text, 'must be a text', 'write one line');
    else if (key.text === 'title') title = value.text;
    else if (value.text !== name)
      report(value, 'name', `"${value.text}" is not the file's name`, `write name: ${name}`);
  }
  return { name, title, checks: [...checks.values()] };
}

function readChecks(list: Located, checks: Map<string, ChosenSettings>, reading: Reading): void {
  if (list.kind !== 'list') {
    reading.report(list, 'checks', '"checks" must be a list', 'begin each check with "- "');
    return;
  }
  for (const [index, item] of list.items.entries()) {
    const path = `checks[${index}]`;
    const found = readItem(item, path, reading);
    if (found === undefined) continue;
    if (checks.has(found.name))
      reading.report(item, path, `"${found.name}" is in the suite twice`, 'remove one of them');
    else checks.set(found.name, found);
  }
}

function readItem(item: Located, path: string, reading: Reading): ChosenSettings | undefined {
  const { catalog, report } = reading;
  const entry = item.kind === 'map' && item.entries.length === 1 ? item.entries[0] : undefined;
  const named = item.kind === 'scalar' ? item : entry?.key;
  if (named === undefined) {
    report(item, path, 'not a check', 'write a name, or one name with its settings below it');
    return undefined;
  }
  const check = catalog.find((one) => one.name === named.text);
  if (check === undefined) {
    const hint = hintFor(named.text, namesOf(catalog));
    report(named, path, `there is no check "${named.text}"`, hint);
    return undefined;
  }
  const settings =
    entry === undefined ? makeVars() : readSettings(entry.value, check, path, report);
  return { name: check.name, settings };
}

function readSettings(node: Located, check: AnyCheck, path: string, report: Report): Vars {
  const written = plainValue(node) ?? makeVars();
  if (!isMapping(written)) {
    report(
      node,
      `${path}.${check.name}`,
      'settings must be a mapping',
      'write name: value below it',
    );
    return makeVars();
  }
  const known = Object.keys(check.options);
  for (const { name, problem } of readOptions(check.options, written).problems) {
    const entries = node.kind === 'map' ? node.entries : [];
    const at = entries.find((one) => one.key.text === name);
    const where = `${path}.${check.name}.${name}`;
    if (known.includes(name))
      report(at?.value ?? node, where, `"${name}" is not understood`, problem);
    else
      report(
        at?.key ?? node,
        where,
        `"${check.name}" has no setting "${name}"`,
        hintFor(name, known),
      );
  }
  return written;
}

/** What was probably meant, else everything known. */
export function hintFor(typed: string, known: readonly string[]): string {
  const meant = nearest(typed, known);
  if (meant !== undefined) return `did you mean "${meant}"?`;
  return known.length === 0 ? 'there are none' : `known are ${known.join(', ')}`;
}

function namesOf(catalog: readonly AnyCheck[]): string[] {
  return catalog.map((check) => check.name);
}
