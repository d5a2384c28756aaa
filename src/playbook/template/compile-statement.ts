import { compile, compileTruth } from './compile-expression.ts';
import { compileFor } from './compile-for.ts';
import { compileImport, compileInclude } from './compile-include.ts';
import { compileCallBlock, compileMacro } from './compile-macro.ts';
import { compileTarget } from './compile-target.ts';
import { type Frame, grow, innerFrame, spend } from './context.ts';
import { finishText, makeOut, type Out, writeText, writeValue } from './out.ts';
import type { Body, Expression, FilterExpression, Statement } from './syntax.ts';
import type { Py } from './values.ts';

/** A statement ready to be carried out: what it prints goes to `out`. */
export type Execute = (frame: Frame, out: Out) => void;

/** Turns statements into a function. */
export function compileBody(body: Body): Execute {
  const steps = body.map(compileStatement);
  const [only] = steps;
  if (steps.length === 1 && only) return only;
  return (frame, out) => {
    for (const step of steps) step(frame, out);
  };
}

type Compilers = {
  readonly [K in Statement['kind']]: (node: Extract<Statement, { kind: K }>) => Execute;
};

function compileStatement(node: Statement): Execute {
  const make = compilers[node.kind] as (node: Statement) => Execute;
  return make(node);
}

const compilers: Compilers = {
  text: ({ text }) => {
    return (frame, out) => {
      grow(frame.context.run, text.length);
      writeText(out, text);
    };
  },
  print: ({ value }) => {
    const evaluate = compile(value);
    return (frame, out) => {
      spend(frame.context.run);
      writeValue(out, evaluate(frame), frame.context.run);
    };
  },
  if: ({ branches, otherwise }) => {
    const choices = branches.map(
      ([test, body]) => [compileTruth(test), compileBody(body)] as const,
    );
    const last = otherwise && compileBody(otherwise);
    return (frame, out) => {
      spend(frame.context.run);
      const chosen = choices.find(([test]) => test(frame));
      (chosen?.[1] ?? last)?.(frame, out);
    };
  },
  for: (node) => compileFor(node, compileBody),
  set: ({ target, value }) => {
    const assign = compileTarget(target);
    const evaluate = compile(value);
    return (frame) => {
      spend(frame.context.run);
      assign(frame, evaluate(frame));
    };
  },
  'set-block': ({ target, filter, body }) => {
    const assign = compileTarget(target);
    const print = compileBody(body);
    const change = filter && compileFilterOn(filter);
    return (frame) => {
      const text = printed(print, innerFrame(frame));
      assign(frame, change ? change(frame, text) : text);
    };
  },
  macro: (node) => compileMacro(node, compileBody),
  'call-block': (node) => compileCallBlock(node, compileBody),
  'filter-block': ({ filter, body }) => {
    const print = compileBody(body);
    const change = compileFilterOn(filter);
    return (frame, out) =>
      writeValue(out, change(frame, printed(print, innerFrame(frame))), frame.context.run);
  },
  with: ({ pairs, body }) => {
    const values = pairs.map(([target, value]) => [compileTarget(target), compile(value)] as const);
    const run = compileBody(body);
    return (frame, out) => {
      const inner = innerFrame(frame);
      for (const [assign, value] of values) assign(inner, value(frame));
      run(inner, out);
    };
  },
  scope: ({ body }) => {
    const run = compileBody(body);
    return (frame, out) => run(innerFrame(frame), out);
  },
  include: compileInclude,
  import: compileImport,
};

function printed(print: Execute, frame: Frame): Py {
  const out = makeOut();
  print(frame, out);
  return finishText(out, frame.context);
}

const inputName = ' input';

/** A chain of filters whose innermost works on a text. */
function compileFilterOn(filter: FilterExpression): (frame: Frame, text: Py) => Py {
  const evaluate = compile(fillIn(filter));
  return (frame, text) => {
    const inner = innerFrame(frame);
    inner.vars.set(inputName, text);
    return evaluate(inner);
  };
}

function fillIn(filter: FilterExpression): FilterExpression {
  const object: Expression =
    filter.object?.kind === 'filter'
      ? fillIn(filter.object)
      : (filter.object ?? { kind: 'name', at: filter.at, name: inputName });
  return { ...filter, object };
}
