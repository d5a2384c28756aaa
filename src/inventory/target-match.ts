import type { Host } from '../model/host.ts';
import { expandNames, foldNames } from '../model/host-names.ts';
import { nearest } from '../model/nearest.ts';
import { isGlob, parseGlob } from './target-glob.ts';
import type { TargetIndex } from './target-index.ts';
import { parseRegex } from './target-regex.ts';
import type { Term } from './target-terms.ts';

/** The hosts a part of a pattern stands for, or why it stands for none. */
export type Matched =
  | { readonly hosts: readonly Host[] }
  | { readonly problem: string; readonly hint?: string };

const subscript = /^(.+)\[(?:(-?\d{1,9})|(\d{1,9}):(\d{0,9}))\]$/su;

/** Finds the hosts of one part: a host, a group, a subscript of a group, a range of names, wildcards or a regular expression. `guesses` looks for the name that was meant, which takes long in a large inventory. */
export function matchTerm(
  index: TargetIndex,
  { operator, text, written }: Term,
  guesses: boolean,
): Matched {
  if (text === '')
    return { problem: written === '' ? 'an empty part' : `nothing behind "${written}"` };
  const host = index.hosts.get(text);
  // Ansible looks for a host first where hosts are added, and for a group first where they are taken away.
  if (host && (operator === 'add' || !index.groups.has(text))) return { hosts: [host] };
  if (index.groups.has(text)) return matchGroup(index, text, operator);
  if (text.startsWith('~')) return matchRegex(index, text);
  if (isGlob(text)) return matchGlob(index, text);
  return text.includes('[') ? matchBrackets(index, text) : unknownName(index, text, guesses);
}

function matchGroup(index: TargetIndex, name: string, operator: Term['operator']): Matched {
  const hosts = index.membersOf(name);
  if (hosts.length > 0 || operator === 'not') return { hosts };
  return {
    problem: name === 'all' ? 'the inventory has no hosts' : `the group "${name}" has no hosts`,
  };
}

function matchRegex(index: TargetIndex, text: string): Matched {
  const test = parseRegex(text.slice(1));
  return 'problem' in test
    ? { problem: `"${text}": ${test.problem}` }
    : matchTest(index, text, test);
}

function matchGlob(index: TargetIndex, text: string): Matched {
  const [, base = text, single, first, last] = subscript.exec(text) ?? [];
  const isSubscript = isGlob(base) && base !== text;
  const pattern = isSubscript ? base : text;
  const matched = matchTest(index, pattern, parseGlob(pattern));
  if ('problem' in matched || !isSubscript) return matched;
  return pick(matched.hosts, text, single, first, last);
}

/** Groups that pass a test with all their hosts, then hosts that pass it. The groups that always exist never do: `a*` is not everything. */
function matchTest(index: TargetIndex, text: string, test: (name: string) => boolean): Matched {
  const hosts = new Set<Host>();
  for (const name of index.groups.keys())
    if (name !== 'all' && name !== 'ungrouped' && test(name))
      for (const host of index.membersOf(name)) hosts.add(host);
  for (const [name, host] of index.hosts) if (test(name)) hosts.add(host);
  return hosts.size > 0 ? { hosts: [...hosts] } : { problem: `"${text}" matches no host` };
}

/** `[..]` behind a group's name counts its hosts; elsewhere it is a range of host names. Where it could be either it is refused. */
function matchBrackets(index: TargetIndex, text: string): Matched {
  const [, base = '', single, first, last] = subscript.exec(text) ?? [];
  const isSubscript = index.groups.has(base);
  const expanded = expandNames(text);
  const names = expanded && 'names' in expanded ? expanded.names : [];
  const isRange = names.some((name) => index.hosts.has(name));
  if (isSubscript && isRange)
    return {
      problem: `"${text}" could be hosts named so, or hosts of the group "${base}" by their place`,
      hint: `write ${foldNames(names)} for the names, or use another group`,
    };
  if (isSubscript) return pick(index.membersOf(base), text, single, first, last);
  if (isRange) return matchNames(index, text, names);
  const matched = matchTest(index, text, parseGlob(text));
  if ('hosts' in matched) return matched;
  const reason = expanded && 'problem' in expanded ? expanded.problem : 'no host is named so';
  return {
    problem: `"${text}" matches no host: ${reason}`,
    hint: 'write a range of names as pc[01-24], or a place in a group as lab_a[0]',
  };
}

function matchNames(index: TargetIndex, text: string, names: readonly string[]): Matched {
  const missing = names.filter((name) => !index.hosts.has(name));
  if (missing.length > 0)
    return {
      problem: `"${text}" names hosts that do not exist: ${foldNames(missing)}`,
      hint: 'write the range without them',
    };
  return { hosts: names.flatMap((name) => index.hosts.get(name) ?? []) };
}

/** Hosts by their place, counted from 0; `[2:5]` includes both ends, `[-1]` is the last. */
function pick(
  hosts: readonly Host[],
  text: string,
  single: string | undefined,
  first: string | undefined,
  last: string | undefined,
): Matched {
  const end = last ? Number(last) + 1 : hosts.length;
  const host = single === undefined ? undefined : hosts.at(Number(single));
  const picked = single === undefined ? hosts.slice(Number(first), end) : host ? [host] : [];
  if (picked.length > 0) return { hosts: picked };
  const count = hosts.length === 1 ? 'only 1 host' : `${hosts.length} hosts`;
  return { problem: `"${text}" matches no host: there are ${count}, counted from 0` };
}

function unknownName(index: TargetIndex, text: string, guesses: boolean): Matched {
  const guess =
    !guesses || text.length > 100
      ? undefined
      : nearest(text, [...index.groups.keys(), ...index.hosts.keys()]);
  return {
    problem: `"${text}" is no host and no group`,
    ...(guess === undefined ? {} : { hint: `did you mean ${guess}?` }),
  };
}
