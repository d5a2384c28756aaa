import { makeFloat } from '../../model/play-value.ts';
import { attributeOf, callMethod, callValue, itemOf, sliceOf } from './access.ts';
import { calculate, concatenate, sign } from './arithmetic.ts';
import { callFilter, callTest } from './calling.ts';
import { holds, isTrue } from './compare.ts';
import { type CompileArguments, compileArguments } from './compile-arguments.ts';
import { type Frame, spend, undefinedName } from './context.ts';
import { keyOf, makeDict } from './dict.ts';
import { lookUp } from './look-up.ts';
import type {
  CallExpression,
  CompareExpression,
  Expression,
  FilterExpression,
  SliceExpression,
  TestExpression,
} from './syntax.ts';
import { fail, type Key, makeTuple, nothing, orElse, type Py } from './values.ts';

/** An expression ready to be worked out in a frame. */
export type Evaluate = (frame: Frame) => Py;
export type EvaluateTruth = (frame: Frame) => boolean;

type Compilers = {
  readonly [K in Expression['kind']]: (node: Extract<Expression, { kind: K }>) => Evaluate;
};

/** Turns an expression into a function, once; what it does then costs no more looking at the tree. */
export function compile(node: Expression): Evaluate {
  const make = compilers[node.kind] as (node: Expression) => Evaluate;
  return make(node);
}

/** The same, judged as Python judges truth, or by another rule. */
export function compileTruth(
  node: Expression,
  judge: (value: Py) => boolean = isTrue,
): EvaluateTruth {
  switch (node.kind) {
    case 'not': {
      const value = compileTruth(node.value, judge);
      return (frame) => !value(frame);
    }
    case 'and':
    case 'or': {
      const left = compileTruth(node.left, judge);
      const right = compileTruth(node.right, judge);
      if (node.kind === 'and') return (frame) => left(frame) && right(frame);
      return (frame) => left(frame) || right(frame);
    }
    default: {
      const value = compile(node);
      return (frame) => judge(value(frame));
    }
  }
}

const compilers: Compilers = {
  const:
    ({ value }) =>
    () =>
      value,
  float: ({ value }) => {
    const float = makeFloat(value);
    return () => float;
  },
  name: ({ name, at }) => {
    return (frame) => {
      frame.context.at = at;
      return orElse(lookUp(frame, name), () => undefinedName(name));
    };
  },
  list: ({ items }) => {
    const members = items.map(compile);
    return (frame) => members.map((member) => member(frame));
  },
  tuple: ({ items }) => {
    const members = items.map(compile);
    return (frame) => makeTuple(members.map((member) => member(frame)));
  },
  dict: ({ pairs }) => {
    const entries = pairs.map(([key, value]) => [compile(key), compile(value)] as const);
    return (frame) =>
      makeDict(entries.map(([key, value]): [Key, Py] => [keyOf(key(frame)), value(frame)]));
  },
  attribute: ({ object, name, at }) => {
    const from = compile(object);
    return (frame) => {
      const value = from(frame);
      frame.context.at = at;
      return attributeOf(value, name, frame.context);
    };
  },
  item: ({ object, index, at }) => {
    const [from, key] = [compile(object), compile(index)];
    return (frame) => {
      const value = from(frame);
      const place = key(frame);
      frame.context.at = at;
      return itemOf(value, place, frame.context);
    };
  },
  slice: compileSlice,
  call: compileCall,
  filter: compileFilter,
  test: compileTest,
  not: (node) => compileTruth(node),
  and: ({ left, right }) => {
    const [first, second] = [compile(left), compile(right)];
    return (frame) => {
      const value = first(frame);
      return isTrue(value) ? second(frame) : value;
    };
  },
  or: ({ left, right }) => {
    const [first, second] = [compile(left), compile(right)];
    return (frame) => {
      const value = first(frame);
      return isTrue(value) ? value : second(frame);
    };
  },
  binary: ({ operator, left, right, at }) => {
    const [first, second] = [compile(left), compile(right)];
    return (frame) => {
      const a = first(frame);
      const b = second(frame);
      frame.context.at = at;
      return calculate(operator, a, b, frame.context);
    };
  },
  unary: ({ operator, value, at }) => {
    const operand = compile(value);
    return (frame) => {
      const number = operand(frame);
      frame.context.at = at;
      return sign(operator, number);
    };
  },
  compare: compileCompare,
  concat: ({ items }) => {
    const parts = items.map(compile);
    return (frame) =>
      concatenate(
        parts.map((part) => part(frame)),
        frame.context,
      );
  },
  choice: ({ test, yes, no }) => {
    const holdsTest = compileTruth(test);
    const first = compile(yes);
    const second = no ? compile(no) : () => nothing;
    return (frame) => (holdsTest(frame) ? first(frame) : second(frame));
  },
};

const args: CompileArguments = (node) => compileArguments(node, compile);

function compileSlice({ object, start, stop, step, at }: SliceExpression): Evaluate {
  const from = compile(object);
  const bounds = [start, stop, step].map((bound) => bound && compile(bound));
  return (frame) => {
    const value = from(frame);
    const places = bounds.map((bound) => bound?.(frame));
    frame.context.at = at;
    return sliceOf(value, places);
  };
}

function compileCall({ callee, args: written, at }: CallExpression): Evaluate {
  const given = args(written);
  if (callee.kind === 'attribute') {
    const { name } = callee;
    const object = compile(callee.object);
    return (frame) => {
      spend(frame.context.run);
      const value = object(frame);
      const called = given(frame);
      frame.context.at = at;
      return callMethod(value, name, called, frame.context);
    };
  }
  const called = compile(callee);
  return (frame) => {
    spend(frame.context.run);
    const value = called(frame);
    const passed = given(frame);
    frame.context.at = at;
    return callValue(value, passed);
  };
}

function compileFilter({ object, name, args: written, at }: FilterExpression): Evaluate {
  if (!object) return () => fail(`the filter ${name} has nothing to work on`);
  const value = compile(object);
  const given = args(written);
  return (frame) => {
    const input = value(frame);
    const passed = given(frame);
    frame.context.at = at;
    return callFilter(name, input, passed, frame.context);
  };
}

function compileTest({ object, name, args: written, at }: TestExpression): Evaluate {
  const value = compile(object);
  const given = args(written);
  return (frame) => {
    const input = value(frame);
    const passed = given(frame);
    frame.context.at = at;
    return callTest(name, input, passed, frame.context);
  };
}

function compileCompare({ first, rest, at }: CompareExpression): Evaluate {
  const begin = compile(first);
  const others = rest.map(([operator, node]) => [operator, compile(node)] as const);
  return (frame) => {
    let left = begin(frame);
    for (const [operator, next] of others) {
      const right = next(frame);
      frame.context.at = at;
      if (!holds(operator, left, right)) return false;
      left = right;
    }
    return true;
  };
}
