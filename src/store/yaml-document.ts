import {
  Composer,
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  Lexer,
  Parser,
  type YAMLError,
} from 'yaml';
import type {
  Located,
  LocatedEntry,
  LocatedList,
  LocatedMap,
  LocatedScalar,
  SourceText,
} from '../model/located.ts';
import { positionAt } from '../model/located.ts';
import type { Problem } from '../model/problem.ts';
import { mergeEntries } from './yaml-merge.ts';
import { emptyScalar } from './yaml-plain-scalar.ts';

/** Collections nested deeper than this are refused. */
const maxDepth = 64;
/** Nodes that aliases may add to what was typed; beyond it lies a file made to exhaust memory. */
const maxAliasedNodes = 1_000_000;
/** Syntax errors shown of one file; a slip early on can make hundreds. */
const maxSyntaxErrors = 20;

const knownTags = new Set([
  '!',
  '!vault',
  '!vault-encrypted',
  '!unsafe',
  ...['str', 'int', 'float', 'bool', 'null', 'map', 'seq', 'timestamp'].map(
    (name) => `tag:yaml.org,2002:${name}`,
  ),
]);

/** A document on its way from the package's nodes to ours. */
interface Reading {
  readonly source: SourceText;
  readonly problems: Problem[];
  /** Anchors by name; undefined while the anchored node itself is being read. */
  readonly anchors: Map<string, Located | undefined>;
  /** Nodes under each anchored node, aliases counted as what they stand for. */
  readonly sizes: Map<Located, number>;
  nodes: number;
  aliased: number;
}

/** Reads any YAML document through the yaml package, with every problem in it. */
export function readYamlDocument(source: SourceText): {
  root: Located | undefined;
  problems: Problem[];
} {
  const reading: Reading = {
    source,
    problems: [],
    anchors: new Map(),
    sizes: new Map(),
    nodes: 0,
    aliased: 0,
  };
  const contents = openDocument(reading);
  const root = contents === undefined ? undefined : readNode(reading, contents, 0);
  const isBroken = reading.problems.some(({ rule }) => rule === 'alias-bomb');
  return { root: isBroken ? undefined : root, problems: reading.problems };
}

function openDocument(reading: Reading): unknown {
  const documents = composeDocuments(reading);
  const [first, second] = documents;
  const errors = documents.flatMap((document) => document.errors);
  for (const error of errors.slice(0, maxSyntaxErrors))
    report(reading, 'yaml-syntax', error.pos[0], ...wordsOf(error));
  if (second && reading.problems.length === 0)
    report(
      reading,
      'several-documents',
      second.range[0],
      'a second YAML document begins here; only one is read',
      'write it to a file of its own, or delete the line with ---',
    );
  return reading.problems.length > 0 ? undefined : (first?.contents ?? undefined);
}

/** As the package's `parseAllDocuments`, but stopped before nesting exhausts its call stack. */
function composeDocuments(reading: Reading): Document.Parsed[] {
  const parser = new Parser();
  const composer = new Composer({
    schema: 'failsafe',
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
  });
  const documents: Document.Parsed[] = [];
  // The package counts a byte order mark as indentation; an empty line in its place keeps all offsets.
  const text = reading.source.text.replace(/^\ufeff/, '\n');
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) documents.push(...composer.next(token));
    if (parser.stack.length <= 2 * maxDepth) continue;
    reportDepth(reading, parser.offset);
    return [];
  }
  for (const token of parser.end()) documents.push(...composer.next(token));
  documents.push(...composer.end());
  return documents;
}

function wordsOf(error: YAMLError): [message: string, hint: string] {
  return [error.message.replace(/\.$/, ''), hints[error.code] ?? defaultHint];
}

const defaultHint = 'compare the indentation and quotes with the lines above';
const hints: { readonly [code: string]: string | undefined } = {
  TAB_AS_INDENT: 'indent with spaces; YAML takes no tabs there',
  BAD_INDENT: 'give all entries of one mapping or list the same indentation',
  BLOCK_AS_IMPLICIT_KEY: 'put a value that contains ": " in quotes',
  MULTILINE_IMPLICIT_KEY: 'a colon is missing after a key, or a quote is not closed',
  MISSING_CHAR: 'close the quote or bracket, and put a space after colons and before #',
  BAD_DQ_ESCAPE: 'use single quotes, in which a backslash is only a backslash',
  BAD_SCALAR_START: 'put the value in quotes',
  UNEXPECTED_TOKEN: 'put the value in quotes, or check the indentation of this line',
};

function report(reading: Reading, rule: string, at: number, message: string, hint: string): void {
  const position = positionAt(reading.source, at);
  reading.problems.push({ ...position, severity: 'error', rule, path: '', message, hint });
}

function reportDepth(reading: Reading, at: number): void {
  if (reading.problems.some(({ rule }) => rule === 'too-deep')) return;
  report(
    reading,
    'too-deep',
    at,
    `values are nested more than ${maxDepth} deep`,
    'write the inventory flatter',
  );
}

function readNode(reading: Reading, node: unknown, depth: number): Located {
  if (isAlias(node))
    return readAlias(reading, node.source, node.range?.[0] ?? 0, node.range?.[1] ?? 0);
  const typed = node as PackageNode;
  const { anchor } = typed;
  if (anchor) reading.anchors.set(anchor, undefined);
  const before = reading.nodes + reading.aliased;
  reading.nodes++;
  const located = readTyped(reading, typed, depth);
  if (anchor) {
    reading.anchors.set(anchor, located);
    reading.sizes.set(located, reading.nodes + reading.aliased - before);
  }
  return located;
}

/** What is read of the package's scalars and collections. */
interface PackageNode {
  readonly anchor?: string;
  readonly tag?: string;
  readonly flow?: boolean;
  readonly type?: string;
  readonly value?: unknown;
  readonly items?: readonly unknown[];
  readonly range?: readonly [number, number, number] | null;
}

function readTyped(reading: Reading, node: PackageNode, depth: number): Located {
  const [start, end] = node.range ?? [0, 0];
  const tag = readTag(reading, node.tag, start);
  if (isScalar(node)) {
    const text = typeof node.value === 'string' ? node.value : '';
    const scalar = {
      kind: 'scalar',
      text,
      plain: node.type === 'PLAIN',
      ...tag,
      start,
      end,
    } as const;
    return { ...scalar, source: reading.source };
  }
  if (depth >= maxDepth) {
    reportDepth(reading, start);
    return emptyScalar(reading.source, start);
  }
  const place = { ...tag, source: reading.source, start, end };
  return isMap(node) ? readMap(reading, node, place, depth) : readList(reading, node, place, depth);
}

function readTag(reading: Reading, tag: string | undefined, at: number): { tag?: string } {
  if (tag === undefined) return {};
  if (!knownTags.has(tag))
    report(
      reading,
      'yaml-tag',
      at,
      `the tag ${tag} is not one that Ansible reads here`,
      'delete it; !vault and !unsafe are the ones Ansible adds to YAML',
    );
  return { tag };
}

type Place = Pick<LocatedMap, 'source' | 'start' | 'end'> & { readonly tag?: string };

function readList(reading: Reading, node: PackageNode, place: Place, depth: number): LocatedList {
  const items = (node.items ?? []).map((item) => readNode(reading, item, depth + 1));
  const end = node.flow ? place.end : (items.at(-1)?.end ?? place.end);
  return { kind: 'list', items, ...place, end };
}

function readMap(reading: Reading, node: PackageNode, place: Place, depth: number): LocatedMap {
  const written: LocatedEntry[] = [];
  for (const pair of node.items ?? []) {
    const entry = isPair(pair) ? readEntry(reading, pair.key, pair.value, depth) : undefined;
    if (entry) written.push(entry);
  }
  const span = node.flow
    ? place
    : {
        ...place,
        start: written[0]?.key.start ?? place.start,
        end: written.at(-1)?.value.end ?? place.end,
      };
  const entries = mergeEntries(written, (rule, at, message, hint) =>
    report(reading, rule, at, message, hint),
  );
  return { kind: 'map', ...span, entries };
}

function readEntry(
  reading: Reading,
  keyNode: unknown,
  valueNode: unknown,
  depth: number,
): LocatedEntry | undefined {
  const key = readNode(reading, keyNode, depth + 1);
  if (key.kind !== 'scalar') {
    report(
      reading,
      'complex-key',
      key.start,
      'a key must be a single word or text, not a list or mapping',
      'put it in quotes, for example when it begins with { or [',
    );
    return undefined;
  }
  if (isEmptyPlace(valueNode)) return { key, value: emptyScalar(reading.source, afterColon(key)) };
  return { key, value: readNode(reading, valueNode, depth + 1) };
}

function isEmptyPlace(node: unknown): boolean {
  if (node === null || node === undefined) return true;
  return (
    isScalar(node) &&
    node.type === 'PLAIN' &&
    node.source === '' &&
    node.tag === undefined &&
    node.anchor === undefined
  );
}

/** The package places an empty value after comments or at the end of the text; people look for it behind the colon. */
function afterColon(key: LocatedScalar): number {
  let at = key.end;
  while (/[ \t\r\n]/.test(key.source.text.charAt(at))) at++;
  return key.source.text.charAt(at) === ':' ? at + 1 : key.end;
}

function readAlias(reading: Reading, name: string, start: number, end: number): Located {
  const target = reading.anchors.get(name);
  if (!target) {
    const isInside = reading.anchors.has(name);
    report(
      reading,
      'yaml-alias',
      start,
      isInside
        ? `*${name} stands inside what &${name} names`
        : `nothing is named &${name} before *${name}`,
      isInside
        ? 'write the values out'
        : 'put the anchor before its aliases, or quote a text that begins with *',
    );
    return emptyScalar(reading.source, start);
  }
  reading.aliased += reading.sizes.get(target) ?? 1;
  if (reading.aliased > maxAliasedNodes) {
    if (!reading.problems.some(({ rule }) => rule === 'alias-bomb'))
      report(
        reading,
        'alias-bomb',
        start,
        `aliases blow this file up to more than ${maxAliasedNodes} values`,
        'write the values out, or put them on a group',
      );
    return emptyScalar(reading.source, start);
  }
  return { ...target, source: reading.source, start, end };
}
