import type { Located, SourceText } from '../model/located.ts';
import { emptyScalar } from './yaml-plain-scalar.ts';
import type { ReportAt } from './yaml-syntax.ts';

/** Nodes that aliases may add to what was typed; beyond it lies a file made to exhaust memory. */
const maxAliasedNodes = 1_000_000;

/** A document on its way from the package's nodes to ours. */
export interface Reading {
  readonly source: SourceText;
  readonly report: ReportAt;
  /** Rules that are told once. */
  readonly reported: Set<string>;
  /** Anchors by name; undefined while the anchored node itself is being read. */
  readonly anchors: Map<string, Located | undefined>;
  /** Nodes under each anchored node, aliases counted as what they stand for. */
  readonly sizes: Map<Located, number>;
  nodes: number;
  aliased: number;
}

/** True the first time: what would be said again at every further node is said once. */
export function isFirst({ reported }: Reading, rule: string): boolean {
  return reported.size < reported.add(rule).size;
}

/** Reads an alias as what its anchor names, at the alias's own place; reports unknown ones, circles and alias bombs. */
export function readAlias(reading: Reading, name: string, start: number, end: number): Located {
  const target = reading.anchors.get(name);
  if (!target) {
    const isInside = reading.anchors.has(name);
    reading.report(
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
    if (isFirst(reading, 'alias-bomb'))
      reading.report(
        'alias-bomb',
        start,
        `aliases blow this file up to more than ${maxAliasedNodes} values`,
        'write the values out, or put them on a group',
      );
    return emptyScalar(reading.source, start);
  }
  return { ...target, source: reading.source, start, end };
}
