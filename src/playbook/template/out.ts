import { type Context, grow, type Run } from './context.ts';
import { readLiteral } from './read-literal.ts';
import { textOf } from './text.ts';
import { fail, isUndefined, kindOf, nothing, type Py, type View } from './values.ts';

/** What a template prints: values as they are until it is known whether there is only one. */
export interface Out {
  readonly parts: Py[];
  /** How many of the parts are text of the template itself. */
  texts: number;
}

export function makeOut(): Out {
  return { parts: [], texts: 0 };
}

export function writeText(out: Out, text: string): void {
  out.parts.push(text);
  out.texts++;
}

/** Prints a value: nothing for None, a list for what `range()` and the like give. Undefined fails. */
export function writeValue(out: Out, value: Py, run: Run): void {
  if (isUndefined(value) && value !== nothing) fail(value.message, value.name ?? '');
  if (Array.isArray(value))
    for (const item of value) if (isUndefined(item)) fail(item.message, item.name ?? '');
  if (typeof value === 'string') grow(run, value.length);
  out.parts.push(kindOf(value) === 'view' ? [...(value as View).items] : value);
}

/** All that was printed as text. */
export function textOfOut(out: Out, on: Context): string {
  const text = out.parts.map((part) => (part === null ? '' : textOf(part))).join('');
  grow(on.run, text.length);
  return text;
}

/**
 * What a macro, a block of `set` or a template with more than one part comes to: in playbooks, text that looks like a list, a mapping or a boolean of
 * Python is read as one, as Ansible 2.14 does.
 */
export function finishText(out: Out, on: Context): Py {
  const text = textOfOut(out, on);
  return on.file === undefined ? readLiteral(text) : text;
}
