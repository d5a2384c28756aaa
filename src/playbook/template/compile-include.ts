import { compile } from './compile-expression.ts';
import type { Execute } from './compile-statement.ts';
import { deeper, type Frame } from './context.ts';
import { findTemplate } from './find-file.ts';
import { itemsOf } from './iterate.ts';
import { writeText } from './out.ts';
import type { ImportStatement, IncludeStatement } from './syntax.ts';
import { fail, isText, makeUndefined, orElse, type Py, type Thing, typeName } from './values.ts';

function namesOf(value: Py): string[] {
  const names = isText(value) ? [value] : itemsOf(value);
  return names.map((name) =>
    isText(name) ? name : fail(`a template's name is text, not ${typeName(name)}`),
  );
}

function pathOf(names: readonly string[], frame: Frame): string | undefined {
  for (const name of names) {
    const path = findTemplate(name, frame.context);
    if (path !== undefined) return path;
  }
  return undefined;
}

function noTemplate(names: readonly string[]): never {
  return fail(
    names.length === 1
      ? `the template ${names[0] ?? ''} is not there`
      : `none of the templates given were found: ${names.join(', ')}`,
  );
}

/** Turns `{% include %}` into a function. */
export function compileInclude(node: IncludeStatement): Execute {
  const template = compile(node.template);
  return (frame, out) => {
    const names = namesOf(template(frame));
    const path = pathOf(names, frame);
    if (path === undefined) {
      if (!node.ignoreMissing) noTemplate(names);
      return;
    }
    const { context } = frame;
    const text = deeper(context.run, () =>
      context.engine.include({ path, frame: node.withContext ? frame : undefined }, context),
    );
    writeText(out, text);
  };
}

/** Turns `{% import %}` and `{% from … import %}` into a function. */
export function compileImport(node: ImportStatement): Execute {
  const template = compile(node.template);
  return (frame) => {
    const names = namesOf(template(frame));
    const path = pathOf(names, frame) ?? noTemplate(names);
    const { context } = frame;
    const exported = deeper(context.run, () =>
      context.engine.load({ path, frame: node.withContext ? frame : undefined }, context),
    );
    if (node.as !== undefined) frame.vars.set(node.as, makeModule(path, exported));
    for (const [name, as] of node.names)
      frame.vars.set(
        as,
        orElse(exported.get(name), () =>
          makeUndefined(`the template ${path} does not export the requested name '${name}'`, name),
        ),
      );
  };
}

function makeModule(path: string, exported: ReadonlyMap<string, Py>): Thing {
  return {
    kind: 'thing',
    type: `module ${path}`,
    get: (name) => exported.get(name),
    item: (name) => (isText(name) ? exported.get(name) : undefined),
  };
}
