import type { Located } from '../../model/located.ts';
import { typeValue } from '../../model/yaml-value.ts';
import type { Wanted } from './change.ts';

/** A parsed file reduced to what it means, for comparing before and after: scalars keep text and type, places are gone. What nobody has looked into yet is still as it was read: of ten thousand hosts an edit concerns one. */
export type Shape = Reduced | Located;
type Reduced = string | readonly Shape[] | ReadonlyMap<string, Shape>;

/** The shape of a file; undefined for one without content. */
export function shapeOf(node: Located | undefined): Shape {
  return node ?? nothing;
}

function isNode(shape: Shape): shape is Located {
  return typeof shape === 'object' && 'kind' in shape;
}

/** Reduces one level; an empty mapping and nothing at all mean the same in an inventory. */
function reduce(shape: Shape): Reduced {
  if (!isNode(shape)) return shape;
  if (shape.kind === 'list') return shape.items;
  if (shape.kind === 'map')
    return shape.entries.length === 0
      ? nothing
      : new Map(shape.entries.map(({ key, value }) => [shapeOfKey(key), value]));
  const value = typeValue(shape);
  if (value === null) return nothing;
  return typeof value === 'string'
    ? leaf('string', value, shape.tag)
    : leaf(typeof value, shape.text, shape.tag);
}

const nothing = leaf('null', '');

function leaf(type: string, text: string, tag = ''): string {
  return [type, tag, text].join('\0');
}

function shapeOfKey(key: Located): string {
  return key.kind === 'scalar' ? key.text : '';
}

/** Makes one change in a shape the plain way, in place, and answers the shape as it is then. A mapping left empty below `keep` keys goes, too. */
export function changeShape(
  shape: Shape,
  path: readonly string[],
  wanted: Wanted | null,
  keep: number,
): Shape {
  const [part = '', ...rest] = path;
  if (path.length === 0) return wanted === null ? nothing : shapeOfWanted(wanted);
  const reduced = reduce(shape);
  if (Array.isArray(reduced))
    return reduced.map((item: Shape, index) =>
      index === Number(part) ? changeShape(item, rest, wanted, keep - 1) : item,
    );
  const map = reduced instanceof Map ? (reduced as Map<string, Shape>) : new Map<string, Shape>();
  const below = map.get(part);
  if (wanted === null && (below === undefined || rest.length === 0)) map.delete(part);
  else map.set(part, changeShape(below ?? nothing, rest, wanted, keep - 1));
  if (wanted === null && rest.length > 0 && keep <= 0 && map.get(part) === nothing)
    map.delete(part);
  return map.size === 0 ? nothing : map;
}

function shapeOfWanted({ text, isTyped, list }: Wanted): Shape {
  if (list !== undefined)
    return list.map(
      (fields) => new Map([...fields].map(([key, value]) => [key, shapeOfWanted(value)])),
    );
  if (!isTyped) return leaf('string', text);
  return leaf(text === 'true' || text === 'false' ? 'boolean' : 'number', text);
}

/** Whether two shapes are the same; the order of keys counts, but new keys may only come last. */
export function isSameShape(one: Shape, other: Shape): boolean {
  if (isNode(one) && isNode(other) && isWrittenAlike(one, other)) return true;
  const reduced = reduce(one);
  const otherReduced = reduce(other);
  if (typeof reduced === 'string' || typeof otherReduced === 'string')
    return reduced === otherReduced;
  const left = [...reduced.entries()];
  const right = [...otherReduced.entries()];
  return (
    left.length === right.length &&
    left.every(([key, value], index) => {
      const [otherKey, otherValue] = right[index] ?? [undefined, nothing];
      return key === otherKey && isSameShape(value, otherValue);
    })
  );
}

/** Whether two values are the same down to how they are written: then they need not be reduced. */
function isWrittenAlike(one: Located, other: Located): boolean {
  if (one.kind === 'scalar')
    return (
      other.kind === 'scalar' &&
      one.text === other.text &&
      one.plain === other.plain &&
      one.tag === other.tag
    );
  const values = valuesOf(one);
  const otherValues = valuesOf(other);
  return (
    one.kind === other.kind &&
    values.length === otherValues.length &&
    values.every((value, index) => {
      const otherValue = otherValues[index];
      return otherValue !== undefined && isWrittenAlike(value, otherValue);
    })
  );
}

/** Keys count as values here. */
function valuesOf(node: Located): readonly Located[] {
  if (node.kind === 'list') return node.items;
  return node.kind === 'map' ? node.entries.flatMap(({ key, value }) => [key, value]) : [];
}
