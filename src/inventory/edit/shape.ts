import type { Located } from '../../model/located.ts';
import { typeValue } from '../../model/yaml-value.ts';
import type { Wanted } from './change.ts';

/** A parsed file reduced to what it means, for comparing before and after: scalars keep text and type, places are gone. */
export type Shape = string | readonly Shape[] | ReadonlyMap<string, Shape>;

/** Reduces a value; an empty mapping and nothing at all mean the same in an inventory. */
export function shapeOf(node: Located | undefined): Shape {
  if (node === undefined) return nothing;
  if (node.kind === 'list') return node.items.map(shapeOf);
  if (node.kind === 'map')
    return node.entries.length === 0
      ? nothing
      : new Map(node.entries.map(({ key, value }) => [shapeOfKey(key), shapeOf(value)]));
  const value = typeValue(node);
  if (value === null) return nothing;
  return typeof value === 'string'
    ? leaf('string', value, node.tag)
    : leaf(typeof value, node.text, node.tag);
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
  if (Array.isArray(shape))
    return shape.map((item, index) =>
      index === Number(part) ? changeShape(item, rest, wanted, keep - 1) : item,
    );
  const map = shape instanceof Map ? (shape as Map<string, Shape>) : new Map<string, Shape>();
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
  if (typeof one === 'string' || typeof other === 'string') return one === other;
  const left = [...one.entries()];
  const right = [...other.entries()];
  return (
    left.length === right.length &&
    left.every(([key, value], index) => {
      const [otherKey, otherValue] = right[index] ?? [undefined, nothing];
      return key === otherKey && isSameShape(value, otherValue);
    })
  );
}
