import { type Located, type LocatedEntry, type LocatedMap, positionOf } from '../model/located.ts';
import { readOptions } from '../model/options.ts';
import type { Problem } from '../model/problem.ts';
import type { AnyProfile } from '../model/profile.ts';
import { isMapping } from '../model/value.ts';
import { typeValue } from '../model/yaml-value.ts';
import { hintFor, type ReportProblem } from './profile-problem.ts';
import { readPins } from './read-pins.ts';
import { readRules } from './read-rules.ts';
import type { SiteProfile } from './site-profile.ts';

/** What a site's profile is read with. */
export interface SiteProfileReading {
  /** As it is shown in problems. */
  readonly file: string;
  /** The file's name without `.yaml`. */
  readonly name: string;
  /** The file's folder, absolute: paths in it count from there. */
  readonly folder: string;
  readonly entries: readonly AnyProfile[];
}

const keys = ['name', 'base', 'options', 'playbook', 'suite', 'assets', 'for'] as const;

/** Reads `{ base, options, playbook, suite, assets, for }` as written. Gives all problems at once (rule `bad-profile`), and no profile where there are any. */
export function parseSiteProfile(
  root: Located | undefined,
  reading: SiteProfileReading,
): { profile: SiteProfile | undefined; problems: Problem[] } {
  const problems: Problem[] = [];
  const report: ReportProblem = (node, path, message, hint) => {
    const at = positionOf(node);
    problems.push({ severity: 'error', rule: 'bad-profile', ...at, path, message, hint });
  };
  if (root === undefined) {
    const at = { file: reading.file, line: 1, column: 1, path: '' };
    const message = 'there is no profile in it';
    const hint = 'write base: and the name of a profile';
    problems.push({ severity: 'error', rule: 'bad-profile', ...at, message, hint });
    return { profile: undefined, problems };
  }
  if (root.kind !== 'map') {
    report(root, '', 'a profile is a mapping', 'write base: and the name of a profile');
    return { profile: undefined, problems };
  }
  const profile = readProfile(root, reading, report);
  return { profile: problems.length === 0 ? profile : undefined, problems };
}

function readProfile(
  root: LocatedMap,
  { name, folder, entries }: SiteProfileReading,
  report: ReportProblem,
): SiteProfile | undefined {
  for (const { key } of root.entries)
    if (!(keys as readonly string[]).includes(key.text))
      report(key, key.text, `unknown key "${key.text}"`, hintFor(key.text, keys));
  const written = (key: (typeof keys)[number]): LocatedEntry | undefined =>
    root.entries.find((entry) => entry.key.text === key);
  const own = readWord(written('name'), report);
  if (own !== '' && own !== name)
    report(root, 'name', `"${own}" is not the file's name`, `write name: ${name}`);
  const base = readBase(root, written('base'), entries, report);
  const rules = readRules(written('for')?.value, report);
  const playbook = readWord(written('playbook'), report);
  const suite = readWord(written('suite'), report);
  if (base === undefined) return undefined;
  const options = readSettings(root, written('options')?.value, base, report);
  const pins = readPins(written('assets')?.value, { folder, base, options }, report);
  return { name, base, options, playbook, suite, rules, pins, at: positionOf(root) };
}

function readWord(entry: LocatedEntry | undefined, report: ReportProblem): string {
  if (entry === undefined) return '';
  const { key, value } = entry;
  if (value.kind === 'scalar' && value.text.trim() !== '') return value.text;
  report(value, key.text, `"${key.text}" must be a text`, 'write one word, or leave it out');
  return '';
}

function readBase(
  root: LocatedMap,
  entry: LocatedEntry | undefined,
  entries: readonly AnyProfile[],
  report: ReportProblem,
): AnyProfile | undefined {
  const names = entries.map((one) => one.name);
  if (entry === undefined) {
    report(root, 'base', 'the profile names no base', `write base: and one of ${names.join(', ')}`);
    return undefined;
  }
  const name = readWord(entry, report);
  const base = entries.find((one) => one.name === name);
  if (base === undefined && name !== '')
    report(entry.value, 'base', `there is no profile "${name}"`, hintFor(name, names));
  return base;
}

function readSettings(
  root: LocatedMap,
  node: Located | undefined,
  base: AnyProfile,
  report: ReportProblem,
): unknown {
  const lines = node?.kind === 'map' ? node.entries : [];
  if (node !== undefined && node.kind !== 'map' && typeValue(node) !== null)
    report(node, 'options', 'options must be a mapping', 'write name: value below it');
  const written = node?.kind === 'map' ? typeValue(node) : null;
  const { options, problems } = readOptions(base.options, isMapping(written) ? written : {});
  const known = Object.keys(base.options);
  for (const { name, problem } of problems) {
    const at = lines.find((one) => one.key.text === name);
    const path = `options.${name}`;
    if (known.includes(name))
      report(at?.value ?? root, path, `"${name}" is not understood`, problem);
    else
      report(at?.key ?? root, path, `${base.name} has no setting "${name}"`, hintFor(name, known));
  }
  // What cannot be right together is said only of settings that each are.
  const together = problems.length === 0 ? (base.check?.(options) ?? []) : [];
  for (const { message, hint } of together) report(node ?? root, 'options', message, hint);
  return options;
}
