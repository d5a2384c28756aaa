import { callValue } from './access.ts';
import { compileArguments } from './compile-arguments.ts';
import { compile, type Evaluate } from './compile-expression.ts';
import type { Execute } from './compile-statement.ts';
import { deeper, type Frame, spend } from './context.ts';
import { makeDict } from './dict.ts';
import { namesOfBody } from './names.ts';
import { finishText, makeOut, writeValue } from './out.ts';
import type { Body, MacroStatement, Parameter, Statement } from './syntax.ts';
import {
  type Args,
  fail,
  makeTuple,
  makeUndefined,
  orElse,
  type Py,
  type Thing,
} from './values.ts';

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
  const macro = makeMacro('caller', node.parameters, node.body, compileBody);
  const callee = compile(node.call.callee);
  const args = compileArguments(node.call.args, compile);
  return (frame, out) => {
    const given = args(frame);
    const named = new Map(given.named).set('caller', bindMacro(macro, frame));
    writeValue(out, callValue(callee(frame), { ...given, named }), frame.context.run);
  };
}

/** A macro sees the names of the place where it is defined. */
function bindMacro(macro: Macro, definedIn: Frame): Thing {
  const fields: { readonly [name: string]: Py } = {
    name: macro.name,
    arguments: makeTuple(macro.parameters.map(({ name }) => name)),
    catch_varargs: macro.uses.has('varargs'),
    catch_kwargs: macro.uses.has('kwargs'),
    caller: macro.uses.has('caller'),
  };
  return {
    kind: 'thing',
    type: 'Macro',
    get: (name) => (Object.hasOwn(fields, name) ? fields[name] : undefined),
    call: (args) =>
      deeper(definedIn.context.run, () => {
        spend(definedIn.context.run);
        const out = makeOut();
        macro.body(bindArguments(macro, args, definedIn), out);
        return finishText(out, definedIn.context);
      }),
  };
}

function bindArguments({ name, parameters, uses }: Macro, args: Args, definedIn: Frame): Frame {
  const frame: Frame = { vars: new Map(), parent: definedIn, context: definedIn.context };
  const named = new Map(args.named);
  const caller = named.get('caller');
  for (const [index, parameter] of parameters.entries())
    frame.vars.set(parameter.name, bindOne(parameter, args.positional[index], named, frame));
  if (uses.has('caller') && !parameters.some((parameter) => parameter.name === 'caller')) {
    frame.vars.set(
      'caller',
      orElse(caller, () => makeUndefined('No caller defined', 'caller')),
    );
    named.delete('caller');
  }
  const more = args.positional.slice(parameters.length);
  if (uses.has('kwargs')) frame.vars.set('kwargs', makeDict(named));
  else if (named.size > 0)
    fail(`macro '${name}' takes no keyword argument '${[...named.keys()][0] ?? ''}'`);
  if (uses.has('varargs')) frame.vars.set('varargs', makeTuple(more));
  else if (more.length > 0)
    fail(`macro '${name}' takes not more than ${parameters.length} argument(s)`);
  return frame;
}

function bindOne(
  { name, fallback }: Macro['parameters'][number],
  positional: Py | undefined,
  named: Map<string, Py>,
  frame: Frame,
): Py {
  const given = positional === undefined ? named.get(name) : positional;
  named.delete(name);
  if (given !== undefined) return given;
  return fallback ? fallback(frame) : makeUndefined(`parameter '${name}' was not provided`, name);
}
