import { LabError } from '../../model/lab-error.ts';
import type { Located, LocatedEntry, LocatedMap, LocatedScalar } from '../../model/located.ts';
import { typeValue } from '../../model/yaml-value.ts';
import type { InventoryFile } from '../raw.ts';
import { rulesOf } from '../vars-files.ts';
import {
  type Additions,
  type AdditionTree,
  addTo,
  planAddition,
  renderLines,
} from './additions.ts';
import type { Change, Wanted } from './change.ts';
import { type HostAddition, type MadeChange, planHostAddition } from './host-addition.ts';
import { type HostEntry, isFlow, selectHostEntry } from './host-entry.ts';
import { planRemovals, type Removals } from './removals.ts';
import { lineBreakOf, type Splice } from './splice.ts';
import { type Notation, writeScalar } from './write-scalar.ts';

/** What is to be done to a YAML file, mapping by mapping. */
interface Work {
  readonly notation: Notation;
  readonly splices: Splice[];
  /** By the mapping, or by the empty value that is to become one. */
  readonly additions: Map<Located, Additions>;
  readonly removals: Removals;
  readonly made: MadeChange[];
}

/** The pieces of text that make the changes, and where in the tree each of them is. */
export interface YamlEdit {
  readonly splices: readonly Splice[];
  readonly made: readonly MadeChange[];
}

/** Plans the first variables of a host_vars file that has none. */
export function planNewFile(file: InventoryFile, changes: readonly Change[]): YamlEdit {
  const tree: AdditionTree = new Map();
  for (const { path, wanted } of changes) if (wanted !== null) addTo(tree, path, wanted);
  const { text } = file;
  const lineBreak = lineBreakOf(text);
  const lines = renderLines(tree, '', '  ', 'yaml').map((line) => line + lineBreak);
  const isOpen = text !== '' && text !== '\ufeff' && !text.endsWith('\n');
  const added = (isOpen ? lineBreak : '') + lines.join('');
  return {
    splices: [{ start: text.length, end: text.length, text: added }],
    made: changes.map((change) => ({ change, path: change.path, wanted: change.wanted })),
  };
}

/** What is wanted of one host that is there already. */
export interface HostEdit {
  readonly host: string;
  readonly changes: readonly Change[];
}

/** Plans the splices that make the changes in a YAML or JSON file and add the new hosts, and the way from the root to each changed value. */
export function planYamlEdit(
  file: InventoryFile,
  edits: readonly HostEdit[],
  added: readonly HostAddition[] = [],
): YamlEdit {
  const work: Work = {
    notation: rulesOf(file) === 'json' ? 'json' : 'yaml',
    splices: [],
    additions: new Map(),
    removals: new Map(),
    made: [],
  };
  for (const { host, changes } of edits)
    for (const change of changes) {
      const entry = selectHostEntry(file, host, change.path[0] ?? '');
      refuseShared(entry.value, undefined, change);
      const wanted = follow(work, entry, change);
      work.made.push({ change, path: [...entry.path, ...change.path], wanted });
    }
  // Behind what is added to the hosts that are there: a new one follows the last of them.
  for (const addition of added) work.made.push(...planHostAddition(file, addition, work.additions));
  for (const [node, additions] of work.additions)
    work.splices.push(...planAddition(node, additions, work.notation));
  work.splices.push(...planRemovals(work.removals));
  return { splices: work.splices, made: work.made };
}

/** Goes down the way of a change as far as it is written, and notes what to do there; answers what will be written. */
function follow(work: Work, host: HostEntry, change: Change): Wanted | null {
  let node = host.value;
  let above: LocatedEntry | undefined;
  for (const [depth, part] of change.path.entries()) {
    const next = stepInto(node, part);
    if (!next) {
      addBelow(work, host, { node, above, rest: change.path.slice(depth), change });
      return change.wanted;
    }
    refuseShared(next.value, node.kind === 'map' ? next.key : undefined, change, node);
    if (depth === change.path.length - 1) return finish(work, { node, above, next, change });
    above = next;
    node = next.value;
  }
  return change.wanted;
}

function stepInto(node: Located, part: string): LocatedEntry | undefined {
  if (node.kind === 'map') return node.entries.find(({ key }) => key.text === part);
  const item = node.kind === 'list' && /^\d+$/.test(part) ? node.items[Number(part)] : undefined;
  if (!item) return undefined;
  const key: LocatedScalar = { ...item, kind: 'scalar', text: part, plain: true };
  return { key, value: item };
}

interface Missing {
  readonly node: Located;
  readonly above: LocatedEntry | undefined;
  readonly rest: readonly string[];
  readonly change: Change;
}

function addBelow(work: Work, host: HostEntry, { node, above, rest, change }: Missing): void {
  const { wanted } = change;
  if (wanted === null) return;
  const isEmpty = node.kind === 'scalar' && typeValue(node) === null && node.tag === undefined;
  if (node.kind !== 'map' && !isEmpty)
    throw new LabError(
      'refused',
      `${change.key}: ${change.path.slice(0, -rest.length).join('.')} is ${node.kind === 'list' ? 'a list' : 'a single text'}, not a mapping`,
      'change its form by hand first',
    );
  const known = work.additions.get(node) ?? {
    tree: new Map(),
    indent: above ? undefined : host.indent,
    key: above?.key ?? host.key,
    isFlow: host.isFlow || isFlow(node),
  };
  addTo(known.tree, rest, wanted);
  work.additions.set(node, known);
}

interface Reached {
  readonly node: Located;
  readonly above: LocatedEntry | undefined;
  readonly next: LocatedEntry;
  readonly change: Change;
}

function finish(work: Work, { node, above, next, change }: Reached): Wanted | null {
  const { wanted } = change;
  const { value } = next;
  if (wanted === null) {
    if (node.kind !== 'map')
      throw new LabError(
        'refused',
        `${change.key}: an item of a list cannot be taken out`,
        'edit the list by hand',
      );
    const removal = work.removals.get(node) ?? { entries: new Set(), above };
    removal.entries.add(next);
    work.removals.set(node, removal);
    return null;
  }
  if (wanted.list !== undefined && value.kind === 'list' && isFlow(value)) {
    const text = writeScalar(wanted, work.notation, '');
    work.splices.push({ start: value.start, end: value.end, text });
    return wanted;
  }
  if (value.kind !== 'scalar')
    throw new LabError(
      'refused',
      `${change.key} is ${value.kind === 'list' ? 'a list' : 'a mapping'}, not a single text`,
      `name the field to change, such as ${change.key}.${value.kind === 'list' ? '0.addr' : 'name'}=...`,
    );
  const typed = keepType(value, wanted);
  work.splices.push(replaceScalar(value, typed, work.notation));
  return typed;
}

function replaceScalar(value: LocatedScalar, wanted: Wanted, notation: Notation): Splice {
  const { source, start, end } = value;
  const written = source.text.slice(start, end);
  const first = written.charAt(0);
  const quote = first === '"' || first === "'" ? first : '';
  const text = writeScalar(wanted, notation, quote === '' ? defaultQuote(wanted) : quote);
  if (start === end) return { start, end, text: ` ${text}` };
  // A text of several lines (| or >) ends with its last line break, which must stay.
  const tail = /^[|>]/.test(written) ? (/(?:\r?\n)*$/.exec(written)?.[0] ?? '') : '';
  return { start, end, text: text + (tail === '' ? '' : (/\r?\n/.exec(tail)?.[0] ?? '')) };
}

/** Where a number or a truth stands already, another one stays one. */
function keepType(value: LocatedScalar, wanted: Wanted): Wanted {
  if (wanted.isTyped || !value.plain || value.tag !== undefined) return wanted;
  const now = typeValue(value);
  const isNumber = typeof now === 'number' && /^(?:0|[1-9]\d{0,8})$/.test(wanted.text);
  const isTruth = typeof now === 'boolean' && /^(?:true|false)$/.test(wanted.text);
  const isSameForm = isNumber && String(now) === value.text;
  return { ...wanted, isTyped: !wanted.isName && (isSameForm || isTruth) };
}

function defaultQuote(wanted: Wanted): '"' | '' {
  return wanted.isName ? '"' : '';
}

/** Values that stand in one place and count in several (an alias, a merged mapping, a vaulted text) are not for one host to change. */
function refuseShared(
  value: Located,
  key: LocatedScalar | undefined,
  change: Change,
  within?: LocatedMap | Located,
): void {
  const isAlias = value.start < value.end && value.source.text.charAt(value.start) === '*';
  const isMerged = key && within && (key.start < within.start || key.start >= within.end);
  if (isAlias || isMerged)
    throw new LabError(
      'refused',
      `${change.key} comes from an anchor that other values share`,
      'write the value out in this place first',
    );
  if (value.tag !== undefined && change.wanted !== null && value.kind === 'scalar')
    throw new LabError('refused', `${change.key} is tagged ${value.tag}`, 'edit it by hand');
}
