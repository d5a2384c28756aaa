import { resolve } from 'node:path';
import { type Located, type LocatedEntry, type LocatedMap, positionOf } from '../model/located.ts';
import { nearest } from '../model/nearest.ts';
import { readOptions } from '../model/options.ts';
import type { Problem } from '../model/problem.ts';
import type { AnyProfile } from '../model/profile.ts';
import { isMapping } from '../model/value.ts';
import { typeValue } from '../model/yaml-value.ts';
import {
  type AssetPin,
  type ProfileRule,
  type SelectorName,
  type SiteProfile,
  selectorNames,
} from './site-profile.ts';

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
type Report = (node: Located, path: string, message: string, hint: string) => void;

/** Reads `{ base, options, playbook, suite, assets, for }` as written. Gives all problems at once (rule `bad-profile`), and no profile where there are any. */
export function parseSiteProfile(
  root: Located | undefined,
  reading: SiteProfileReading,
): { profile: SiteProfile | undefined; problems: Problem[] } {
  const problems: Problem[] = [];
  const report: Report = (node, path, message, hint) => {
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
  report: Report,
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

function readWord(entry: LocatedEntry | undefined, report: Report): string {
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
  report: Report,
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
  report: Report,
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

function readPins(
  node: Located | undefined,
  { folder, base, options }: { folder: string; base: AnyProfile; options: unknown },
  report: Report,
): AssetPin[] {
  if (node === undefined) return [];
  if (node.kind !== 'map') {
    report(node, 'assets', 'assets must be a mapping', 'write NAME: { sha256: ..., file: ... }');
    return [];
  }
  const known = base.assets(options).map(({ name }) => name);
  return node.entries.flatMap(({ key, value }) => {
    const path = `assets.${key.text}`;
    if (!known.includes(key.text)) {
      report(key, path, `${base.name} needs no asset "${key.text}"`, hintFor(key.text, known));
      return [];
    }
    const pin = readPin(key.text, value, path, report);
    return [{ ...pin, path: pin.path === '' ? '' : resolve(folder, pin.path) }];
  });
}

function readPin(asset: string, node: Located, path: string, report: Report): AssetPin {
  const found = { sha256: '', url: '', file: '' };
  if (node.kind !== 'map')
    report(node, path, `"${asset}" must be a mapping`, 'write sha256:, and file: or url:');
  for (const { key, value } of node.kind === 'map' ? node.entries : []) {
    const name = (['sha256', 'url', 'file'] as const).find((one) => one === key.text);
    if (name === undefined || value.kind !== 'scalar')
      report(
        key,
        `${path}.${key.text}`,
        `"${key.text}" is not understood`,
        'write sha256, file or url',
      );
    else found[name] = value.text;
  }
  if (node.kind === 'map' && !/^[0-9a-f]{64}$/.test(found.sha256))
    report(
      node,
      `${path}.sha256`,
      `"${asset}" is pinned by no SHA-256`,
      'write the 64 hex digits that sha256sum prints',
    );
  if (found.url !== '' && !/^https?:\/\/[^\s]+$/.test(found.url))
    report(
      node,
      `${path}.url`,
      `"${found.url}" is no address to fetch from`,
      'write http:// or https://',
    );
  return { asset, sha256: found.sha256, url: found.url, path: found.file };
}

function readRules(node: Located | undefined, report: Report): ProfileRule[] {
  if (node === undefined) return [];
  if (node.kind !== 'list') {
    report(node, 'for', '"for" must be a list', 'begin each rule with "- ", such as - room: lab_a');
    return [];
  }
  return node.items.map((item, index) => readRule(item, `for[${index}]`, report));
}

function readRule(node: Located, path: string, report: Report): ProfileRule {
  const selectors = new Map<SelectorName, readonly string[]>();
  if (node.kind !== 'map' || node.entries.length === 0)
    report(
      node,
      path,
      'a rule says which hosts it is for',
      `write one of ${selectorNames.join(', ')}`,
    );
  for (const { key, value } of node.kind === 'map' ? node.entries : []) {
    const name = selectorNames.find((one) => one === key.text);
    const texts = readTexts(value);
    if (name === undefined)
      report(
        key,
        `${path}.${key.text}`,
        `hosts cannot be selected by "${key.text}"`,
        hintFor(key.text, selectorNames),
      );
    else if (texts === undefined)
      report(
        value,
        `${path}.${key.text}`,
        `"${key.text}" is not understood`,
        'write a text or a list of texts',
      );
    else selectors.set(name, texts);
  }
  return { selectors, at: positionOf(node) };
}

function readTexts(node: Located): readonly string[] | undefined {
  const items = node.kind === 'list' ? node.items : [node];
  const texts = items.map((item) => (item.kind === 'scalar' ? item.text : ''));
  return texts.length > 0 && texts.every((text) => text !== '') ? texts : undefined;
}

function hintFor(typed: string, known: readonly string[]): string {
  const meant = nearest(typed, known);
  if (meant !== undefined) return `did you mean "${meant}"?`;
  return known.length === 0 ? 'there are none' : `known are ${known.join(', ')}`;
}
