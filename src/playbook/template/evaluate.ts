import { type Scope, type Template, textOf as writtenText } from '../../model/play-value.ts';
import type { Position } from '../../model/problem.ts';
import { TemplateError } from '../../model/template-error.ts';
import {
  type Context,
  deeper,
  type Frame,
  type IncludeRequest,
  makeContext,
  type Run,
} from './context.ts';
import { ansibleNotation } from './delimiters.ts';
import { finishText, makeOut, type Out, textOfOut } from './out.ts';
import { placeIn } from './place.ts';
import type { Prepared } from './prepare.ts';
import { fail, isText, makeUndefined, nothing, type Py } from './values.ts';

/** Works a template of a playbook out: to the value of its only expression, else to text. */
export function evaluateTemplate(template: Template, scope: Scope, run: Run): Py {
  const text = writtenText(template);
  if (run.active.some((one) => one.template === template && one.scope === scope))
    throw new TemplateError(`recursive loop detected in template string: ${text}`, template.at);
  const prepared = run.engine.preparation.template(text, template.at);
  run.active.push({ template, scope });
  try {
    return deeper(run, () => runTemplate(prepared, scope, run, template.at));
  } finally {
    run.active.pop();
  }
}

function runTemplate(prepared: Prepared, scope: Scope, run: Run, at: Position | undefined): Py {
  const context = makeContext(run, scope);
  const out = runPrepared(prepared, makeFrame(context), at);
  return placed(prepared, at, context, () => {
    const [only] = out.parts;
    const value =
      only !== undefined && out.parts.length === 1 && out.texts === 0
        ? only
        : finishText(out, context);
    if (isText(value)) return withNewlines(value, prepared);
    if (value === nothing) return '';
    // `{{ none }}` prints nothing, but a variable that is None stays None (Ansible 2.14)
    if (value === null)
      return prepared.onlyName && scope.get(prepared.onlyName) === null ? null : '';
    return value;
  });
}

/** What a template of a variable comes to; what is undefined in it makes the variable undefined. */
export function evaluateVariable(template: Template, scope: Scope, run: Run): Py {
  try {
    return evaluateTemplate(template, scope, run);
  } catch (error) {
    if (!(error instanceof TemplateError) || error.undefinedName === undefined) throw error;
    return makeUndefined(`${writtenText(template)}: ${error.message}`, error.undefinedName);
  }
}

function makeFrame(context: Context, parent?: Frame): Frame {
  return { vars: new Map(), parent, context };
}

function runPrepared(prepared: Prepared, frame: Frame, at: Position | undefined): Out {
  const out = makeOut();
  placed(prepared, at, frame.context, () => prepared.run(frame, out));
  return out;
}

/** Adds the place to an error that has none yet. */
function placed<T>(prepared: Prepared, at: Position | undefined, on: Context, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof RangeError) fail('the template nests too deeply or makes too long a text');
    if (!(error instanceof TemplateError) || error.at || !at) throw error;
    const place = placeIn(prepared.source, on.at, at, prepared.lineOffset);
    throw new TemplateError(error.message, place, error.undefinedName);
  }
}

/** Jinja2 drops newlines at a template's end; Ansible puts as many back as were written. */
export function withNewlines(text: string, { endNewlines, notation }: Prepared): string {
  const present = text.length - text.replace(/\n+$/, '').length;
  return endNewlines > present
    ? text + notation.newlineSequence.repeat(endNewlines - present)
    : text;
}

/** Renders text of a file. */
export function renderText(prepared: Prepared, file: string, scope: Scope, run: Run): string {
  const context = makeContext(run, scope, file);
  const at = { file, line: 1, column: 1 };
  const out = runPrepared(prepared, makeFrame(context), at);
  return placed(prepared, at, context, () => withNewlines(textOfOut(out, context), prepared));
}

const noVariables = { get: () => undefined, names: () => [] };

function runFile(
  { path, frame, notation }: IncludeRequest,
  on: Context,
): { frame: Frame; out: Out; prepared: Prepared } {
  const text = on.engine.effects.readText(path);
  if (text === undefined) return fail(`the template ${path} cannot be read`);
  const prepared = on.engine.preparation.file(text, path, notation ?? ansibleNotation);
  // without context a file sees no variables at all, as in Jinja2
  const scope = frame ? on.scope : { ...noVariables, folders: on.scope.folders };
  const inner = makeFrame(makeContext(on.run, scope, path, on.root ?? path), frame);
  const out = runPrepared(prepared, inner, { file: path, line: 1, column: 1 });
  return { frame: inner, out, prepared };
}

/** What `{% include %}` puts in its place. */
export function includeFile(request: IncludeRequest, on: Context): string {
  const { frame, out, prepared } = runFile(request, on);
  const text = textOfOut(out, frame.context);
  return request.keepsNewlines ? withNewlines(text, prepared) : text;
}

/** What `{% import %}` gets: the names a file sets at its top, but for those with an underline. */
export function loadFile(request: IncludeRequest, on: Context): ReadonlyMap<string, Py> {
  const { frame } = runFile(request, on);
  return new Map([...frame.vars].filter(([name]) => !name.startsWith('_')));
}
