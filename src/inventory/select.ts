import type { Host, Inventory } from '../model/host.ts';
import { LabError } from '../model/lab-error.ts';
import { indexTargets, type TargetIndex } from './target-index.ts';
import { type Matched, matchTerm } from './target-match.ts';
import { splitTerms, type Term } from './target-terms.ts';

/** Longest pattern, in characters. Files of names (`@file`) may be longer. */
const maxPatternLength = 100_000;
/** Faults told at once; more would hide the first ones. */
const maxFaults = 10;

/** How `@file` is read; without it such patterns are refused. */
export interface SelectOptions {
  readonly readFile?: (path: string) => string;
}

/** What is put together while a pattern is read. */
interface Selecting {
  readonly index: TargetIndex;
  readonly options: SelectOptions;
  readonly faults: { problem: string; hint?: string }[];
}

/** Hosts that are added, kept or taken away. */
interface Operation {
  readonly operator: Term['operator'];
  readonly hosts: readonly Host[];
}

/**
 * Chooses hosts by an Ansible pattern: unions in the order written, then every `&`, then every `!`. Beyond Ansible, `pc[01-24]` and `pc[01:24]` are ranges of
 * host names. Throws LabError 'usage' naming every part that matches nothing, and when no host is left.
 */
export function selectHosts(
  inventory: Inventory,
  pattern: string,
  options: SelectOptions = {},
): Host[] {
  if (pattern.length > maxPatternLength)
    throw new LabError(
      'usage',
      'the pattern is too long',
      'put the names into a file and write @file',
    );
  const selecting: Selecting = { index: indexTargets(inventory), options, faults: [] };
  const operations = readTerms(selecting, pattern).flatMap((term) => operationsOf(selecting, term));
  if (selecting.faults.length > 0) throw refuse(selecting.faults);
  const hosts = combine(selecting.index, operations);
  if (hosts.length > 0) return hosts;
  throw new LabError(
    'usage',
    `the pattern "${shorten(pattern)}" leaves no host`,
    'nothing was done',
  );
}

function readTerms({ index }: Selecting, text: string): Term[] {
  return splitTerms(text, (name) => index.hosts.has(name) || index.groups.has(name));
}

function operationsOf(selecting: Selecting, term: Term): Operation[] {
  const { operator, text } = term;
  if (!text.startsWith('@')) return [{ operator, hosts: match(selecting, term) }];
  const terms = readNames(selecting, term);
  // In a file of its own, as in Ansible, each line counts as if it stood in the pattern.
  if (operator === 'add')
    return terms.map((line) => ({ operator: line.operator, hosts: match(selecting, line) }));
  return [{ operator, hosts: terms.flatMap((line) => match(selecting, line)) }];
}

function match({ index, faults }: Selecting, term: Term): readonly Host[] {
  const found: Matched = matchTerm(index, term, faults.length < maxFaults);
  if ('hosts' in found) return found.hosts;
  faults.push(found);
  return [];
}

/** The terms of a file with one pattern a line; empty lines and `#` comments are left out. */
function readNames(selecting: Selecting, { operator, text, written }: Term): Term[] {
  const { options, faults } = selecting;
  const path = text.slice(1);
  let content = '';
  try {
    if (!options.readFile || path === '') throw new Error('no file can be read here');
    content = options.readFile(path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    faults.push({ problem: `"${shorten(written)}" cannot be read: ${reason}` });
    return [];
  }
  const lines = content.split(/\r?\n/).map((line) => line.trim());
  const terms = lines
    .filter((line) => line !== '' && !line.startsWith('#'))
    .flatMap((line) => readTerms(selecting, line));
  const isPlain = terms.every((term) => term.operator === 'add');
  if (terms.length === 0) faults.push({ problem: `"${shorten(written)}" names no host` });
  if (terms.some((term) => term.text.startsWith('@')) || (operator !== 'add' && !isPlain)) {
    faults.push({ problem: `"${shorten(written)}" holds more than names: !, & or @` });
    return [];
  }
  return terms;
}

function combine(index: TargetIndex, operations: readonly Operation[]): Host[] {
  const hostsOf = (operator: Term['operator']) =>
    operations.filter((operation) => operation.operator === operator);
  const added = hostsOf('add');
  const chosen = new Set(
    added.length > 0 ? added.flatMap(({ hosts }) => hosts) : index.membersOf('all'),
  );
  const kept = hostsOf('and').map(({ hosts }) => new Set(hosts));
  const removed = new Set(hostsOf('not').flatMap(({ hosts }) => hosts));
  return [...chosen].filter((host) => kept.every((hosts) => hosts.has(host)) && !removed.has(host));
}

function refuse(faults: readonly { problem: string; hint?: string }[]): LabError {
  const shown = faults.slice(0, maxFaults).map(({ problem }) => shorten(problem));
  const more = faults.length > maxFaults ? [`and ${faults.length - maxFaults} more`] : [];
  const hints = new Set(faults.slice(0, maxFaults).flatMap(({ hint }) => hint ?? []));
  const hint = [...hints].join('; ') || 'lab inventory list shows all hosts, graph all groups';
  return new LabError('usage', [...shown, ...more].join('; '), hint);
}

function shorten(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
