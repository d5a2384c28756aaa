import { isEqual } from './compare.ts';
import { compile, compileTruth } from './compile-expression.ts';
import type { Execute } from './compile-statement.ts';
import { compileTarget } from './compile-target.ts';
import { deeper, type Frame, innerFrame, spend } from './context.ts';
import { itemsOf } from './iterate.ts';
import { makeOut, type Out, textOfOut } from './out.ts';
import type { Body, ForStatement } from './syntax.ts';
import { fail, makeTuple, makeUndefined, orElse, type Py, type Thing } from './values.ts';

/** A `for` at work: its rounds, and what it remembers between them. */
interface Loop {
  readonly items: readonly Py[];
  readonly depth: number;
  index: number;
  changed: readonly Py[] | undefined;
  readonly again: ((items: Py, depth: number) => string) | undefined;
}

/** Turns a `for` into a function. */
export function compileFor(node: ForStatement, compileBody: (body: Body) => Execute): Execute {
  const over = compile(node.over);
  const assign = compileTarget(node.target);
  const only = node.only && compileTruth(node.only);
  const body = compileBody(node.body);
  const otherwise = node.otherwise && compileBody(node.otherwise);
  const run = (frame: Frame, list: Py, out: Out, depth: number): void => {
    const items = chosen(frame, itemsOf(list), assign, only);
    const again = (more: Py, level: number): string => {
      const inner = makeOut();
      deeper(frame.context.run, () => run(frame, more, inner, level));
      return textOfOut(inner, frame.context);
    };
    const loop: Loop = {
      items,
      depth,
      index: 0,
      changed: undefined,
      again: node.recursive ? again : undefined,
    };
    const info = describeLoop(loop);
    for (; loop.index < items.length; loop.index++) {
      spend(frame.context.run);
      const inner = innerFrame(frame);
      assign(inner, items[loop.index] ?? null);
      inner.vars.set('loop', info);
      body(inner, out);
    }
    if (items.length === 0) otherwise?.(innerFrame(frame), out);
  };
  return (frame, out) => run(frame, over(frame), out, 1);
}

function chosen(
  frame: Frame,
  items: readonly Py[],
  assign: (frame: Frame, value: Py) => void,
  only: ((frame: Frame) => boolean) | undefined,
): readonly Py[] {
  if (!only) return [...items];
  return items.filter((item) => {
    spend(frame.context.run);
    const inner = innerFrame(frame);
    assign(inner, item);
    return only(inner);
  });
}

function describeLoop(loop: Loop): Thing {
  const { items, depth } = loop;
  const fields: { readonly [name: string]: () => Py } = {
    index: () => loop.index + 1,
    index0: () => loop.index,
    revindex: () => items.length - loop.index,
    revindex0: () => items.length - loop.index - 1,
    first: () => loop.index === 0,
    last: () => loop.index === items.length - 1,
    length: () => items.length,
    depth: () => depth,
    depth0: () => depth - 1,
    previtem: () =>
      orElse(items[loop.index - 1], () => makeUndefined('there is no previous item', 'previtem')),
    nextitem: () =>
      orElse(items[loop.index + 1], () => makeUndefined('there is no next item', 'nextitem')),
    cycle: () =>
      method(({ positional }) =>
        positional.length === 0
          ? fail('no items for cycling given')
          : (positional[loop.index % positional.length] ?? null),
      ),
    changed: () =>
      method(({ positional }) => {
        const before = loop.changed;
        loop.changed = positional;
        return !before || !isEqual(makeTuple(before), makeTuple(positional));
      }),
  };
  return {
    kind: 'thing',
    type: 'LoopContext',
    get: (name) => (Object.hasOwn(fields, name) ? fields[name]?.() : undefined),
    call: ({ positional: [list] }) =>
      loop.again && list !== undefined
        ? loop.again(list, depth + 1)
        : fail("The loop must have the 'recursive' marker to be called recursively."),
  };
}

function method(call: NonNullable<Thing['call']>): Thing {
  return { kind: 'thing', type: 'method', call };
}
