import { compileArguments } from './compile-arguments.ts';
import { compile, type Evaluate } from './compile-expression.ts';
import type { Execute } from './compile-statement.ts';
import { makeDict } from './dict.ts';
import { namesOfBody } from './names.ts';
import type { Body, MacroStatement, Parameter, Statement } from './syntax.ts';
import { fail, makeTuple, makeUndefined, orElse, type Py } from './values.ts';

type CompileBody = (body: Body) => Execute;

interface Macro {
  readonly name: string;
  readonly parameters: readonly {
    readonly name: string;
    readonly fallback: Evaluate | undefined;
  }[];
  readonly body: Execute;
  /** The special names that its body mentions. */
  readonly uses: ReadonlySet<string>;
}

function makeMacro(
  name: string,
  parameters: readonly Parameter[],
  body: Body,
  compileBody: CompileBody,
): Macro {
  return {
    name,
    parameters: parameters.map((parameter) => ({
      name: parameter.name,
      fallback: parameter.fallback && compile(parameter.fallback),
    })),
    body: compileBody(body),
    uses: namesOfBody(body),
  };
}

/** Turns `{% macro %}` into a function that defines it. */
export function compileMacro(node: MacroStatement, compileBody: CompileBody): Execute {
  const macro = makeMacro(node.name, node.parameters, node.body, compileBody);
  return (frame) => void frame.vars.set(node.name, bindMacro(macro, frame));
}

/** Turns `{% call %}` into a function that calls a macro with its body as `caller`. */
export function compileCallBlock(
  node: Extract<Statement, { kind: 'call-block' }>,
  compileBody: CompileBody,
): Execute {
  const _macro = makeMacro('caller', node.parameters, node.body, compileBody);
  const _callee = compile(node.call.callee);
  const args = compileArguments(node.call.args, compile);
  return (frame, _out) => {
    const given = orElseMissing(args.positional[index], named.get(parameter.name));
    named.delete(parameter.name);
    const value = orElseMissing(given, given === undefined ? parameter.fallback?.(frame) : given);
    frame.vars.set(
      parameter.name,
      orElse(value, () =>
        makeUndefined(`parameter '${parameter.name}' was not provided`, parameter.name),
      ),
    );
  };
  if (uses.has('caller') && !parameters.some((parameter) => parameter.name === 'caller')) {
    frame.vars.set(
      'caller',
      orElse(caller, () => makeUndefined('No caller defined', 'caller')),
    );
    named.delete('caller');
  }
  if (uses.has('kwargs')) frame.vars.set('kwargs', makeDict(named));
  else if (named.size > 0)
    fail(`macro '${name}' takes no keyword argument '${[...named.keys()][0] ?? ''}'`);
  if (uses.has('varargs'))
    frame.vars.set('varargs', makeTuple(args.positional.slice(parameters.length)));
  else if (args.positional.length > parameters.length)
    fail(`macro '${name}' takes not more than ${parameters.length} argument(s)`);
  return frame;
}

function orElseMissing(value: Py | undefined, other: Py | undefined): Py | undefined {
  return value === undefined ? other : value;
}
