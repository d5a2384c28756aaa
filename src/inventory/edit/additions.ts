import type { Located, LocatedMap } from '../../model/located.ts';
import type { Wanted } from './change.ts';
import { indentOf } from './host-entry.ts';
import { endOfLine, lineBreakOf, type Splice } from './splice.ts';
import { type Notation, writeKey, writeScalar } from './write-scalar.ts';

/** New keys of a mapping; fields of a mapping that is new as well are a tree below it. */
export type AdditionTree = Map<string, Wanted | AdditionTree>;

/** What is to be added to a mapping, or to an empty value that becomes one. */
export interface Additions {
  readonly tree: AdditionTree;
  /** Of the new keys, when the mapping has none yet; undefined: two deeper than `key`. */
  readonly indent: string | undefined;
  /** The key whose value the mapping is. */
  readonly key: Located | undefined;
  readonly isFlow: boolean;
}

/** Puts a value into the tree at the end of a way. */
export function addTo(tree: AdditionTree, path: readonly string[], wanted: Wanted): void {
  const [first = '', ...rest] = path;
  if (rest.length === 0) {
    tree.set(first, wanted);
    return;
  }
  const found = tree.get(first);
  const below: AdditionTree = found instanceof Map ? found : new Map();
  tree.set(first, below);
  addTo(below, rest, wanted);
}

/** Plans the pieces of text that add keys behind those a mapping has, in the way it is written. */
export function planAddition(node: Located, additions: Additions, notation: Notation): Splice[] {
  if (additions.isFlow) return [planFlow(node, additions, notation)];
  const last = node.kind === 'map' ? node.entries.at(-1) : undefined;
  const { text } = node.source;
  if (node.kind === 'map' && last) {
    const { indent, step } = styleOf(node, additions);
    return [insertLines(text, last.value, renderLines(additions.tree, indent, step, notation))];
  }
  const indent = additions.indent ?? `${additions.key ? indentOf(additions.key) : ''}  `;
  const lines = renderLines(additions.tree, indent, '  ', notation);
  const clear = node.end > node.start ? [{ start: node.start, end: node.end, text: '' }] : [];
  return [...clear, insertLines(text, node, lines)];
}

function styleOf(node: LocatedMap, { key }: Additions): { indent: string; step: string } {
  const first = node.entries[0]?.key ?? node;
  const indent = indentOf(first);
  const outer = key && key.kind === 'scalar' ? indentOf(key) : '';
  const step = indent.length > outer.length ? indent.slice(outer.length) : '  ';
  return { indent, step: step.length > 8 ? '  ' : step };
}

function insertLines(text: string, behind: Located, lines: readonly string[]): Splice {
  const lineBreak = lineBreakOf(text);
  // A text of several lines (| or >) already ends behind its line break.
  if (behind.end > behind.start && text[behind.end - 1] === '\n') {
    const block = lines.map((line) => line + lineBreak).join('');
    return { start: behind.end, end: behind.end, text: block };
  }
  const at = endOfLine(text, behind.end);
  return { start: at, end: at, text: lines.map((line) => lineBreak + line).join('') };
}

/** New keys as lines of a block mapping, without line breaks. */
export function renderLines(
  tree: AdditionTree,
  indent: string,
  step: string,
  notation: Notation,
): string[] {
  return [...tree].flatMap(([key, value]) =>
    value instanceof Map
      ? [
          `${indent}${writeKey(key, notation)}:`,
          ...renderLines(value, indent + step, step, notation),
        ]
      : [`${indent}${writeKey(key, notation)}: ${writeAdded(value, notation)}`],
  );
}

function writeAdded(wanted: Wanted, notation: Notation): string {
  return writeScalar(wanted, notation, wanted.isName ? '"' : '');
}

function planFlow(node: Located, { tree }: Additions, notation: Notation): Splice {
  const inside = renderFlow(tree, notation);
  const last = node.kind === 'map' ? node.entries.at(-1) : undefined;
  if (last) return { start: last.value.end, end: last.value.end, text: `, ${inside}` };
  if (node.kind === 'map') return { start: node.start + 1, end: node.start + 1, text: inside };
  return {
    start: node.start,
    end: node.end,
    text: `${node.start === node.end ? ' ' : ''}{${inside}}`,
  };
}

function renderFlow(tree: AdditionTree, notation: Notation): string {
  return [...tree]
    .map(([key, value]) => {
      const name = writeKey(key, notation);
      return value instanceof Map
        ? `${name}: {${renderFlow(value, notation)}}`
        : `${name}: ${writeAdded(value, notation)}`;
    })
    .join(', ');
}
