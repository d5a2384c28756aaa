import type {
  Located,
  LocatedEntry,
  LocatedList,
  LocatedMap,
  LocatedScalar,
  SourceText,
} from '../model/located.ts';
import type { Problem } from '../model/problem.ts';
import { mergeEntries } from './yaml-merge.ts';
import { loadYamlPackage } from './yaml-package.ts';
import { emptyScalar } from './yaml-plain-scalar.ts';
import { isFirst, type Reading, readAlias } from './yaml-reading.ts';
import { makeReport, maxDepth, parseDocument, reportDepth } from './yaml-syntax.ts';

const knownTags = new Set([
  '!',
  '!vault',
  '!vault-encrypted',
  '!unsafe',
  ...['str', 'int', 'float', 'bool', 'null', 'map', 'seq', 'timestamp'].map(
    (name) => `tag:yaml.org,2002:${name}`,
  ),
]);

/** Reads any YAML document through the yaml package, with every problem in it. */
export function readYamlDocument(source: SourceText): {
  root: Located | undefined;
  problems: Problem[];
} {
  const problems: Problem[] = [];
  const reading: Reading = {
    source,
    report: makeReport(source, problems),
    reported: new Set(),
    anchors: new Map(),
    sizes: new Map(),
    nodes: 0,
    aliased: 0,
  };
  const contents = parseDocument(source, reading.report);
  const root = contents === undefined ? undefined : readNode(reading, contents, 0);
  return { root: reading.reported.has('alias-bomb') ? undefined : root, problems };
}

function readNode(reading: Reading, node: unknown, depth: number): Located {
  if (loadYamlPackage().isAlias(node))
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
  const { isMap, isScalar } = loadYamlPackage();
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
    if (isFirst(reading, 'too-deep')) reportDepth(reading.report, start);
    return emptyScalar(reading.source, start);
  }
  const place = { ...tag, source: reading.source, start, end };
  return isMap(node) ? readMap(reading, node, place, depth) : readList(reading, node, place, depth);
}

function readTag(reading: Reading, tag: string | undefined, at: number): { tag?: string } {
  if (tag === undefined) return {};
  if (!knownTags.has(tag))
    reading.report(
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
  const { isPair } = loadYamlPackage();
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
  const entries = mergeEntries(written, reading.report);
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
    reading.report(
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
    loadYamlPackage().isScalar(node) &&
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
