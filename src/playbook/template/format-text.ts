import { type Context, grow } from './context.ts';
import { formatBySpec } from './format-spec.ts';
import { fieldOf, memberOf, missing } from './members.ts';
import { reprOf, textOf } from './text.ts';
import { type Args, fail, isThing, orElse, type Py } from './values.ts';

interface Formatting {
  readonly args: Args;
  readonly on: Context;
  automatic: number;
}

/** Python's `'{} {name[key]:>8}'.format(…)` (docs.python.org, "Format String Syntax"); only what an expression may reach is reached. */
export function formatText(template: string, args: Args, on: Context): string {
  const formatted = replaceFields(template, { args, on, automatic: 0 }, 0);
  grow(on.run, formatted.length);
  return formatted;
}

function replaceFields(template: string, state: Formatting, depth: number): string {
  if (depth > 2) fail('Max string recursion exceeded');
  let out = '';
  for (let at = 0; at < template.length; ) {
    const plain = /^[^{}]+|^\{\{|^\}\}/.exec(template.slice(at))?.[0];
    if (plain !== undefined) {
      out += plain.startsWith('{') || plain.startsWith('}') ? plain.charAt(0) : plain;
      at += plain.length;
    } else {
      if (template.charAt(at) === '}') fail("Single '}' encountered in format string");
      const end = closingBrace(template, at);
      out += formatField(template.slice(at + 1, end), state, depth);
      at = end + 1;
    }
  }
  return out;
}

function closingBrace(template: string, begin: number): number {
  let depth = 0;
  for (let at = begin; at < template.length; at++) {
    if (template.charAt(at) === '{') depth++;
    else if (template.charAt(at) === '}' && --depth === 0) return at;
  }
  return fail("expected '}' before end of string");
}

function formatField(field: string, state: Formatting, depth: number): string {
  const found = /^([^!:]*)(?:!([rsa]))?(?::([\s\S]*))?$/.exec(field);
  if (!found) return fail('expected a conversion of r, s or a after !');
  const [, name = '', conversion, spec = ''] = found;
  const value = argumentField(name, state);
  const converted =
    conversion === undefined ? value : conversion === 's' ? textOf(value) : reprOf(value);
  return formatBySpec(converted, replaceFields(spec, state, depth + 1));
}

function argumentField(name: string, state: Formatting): Py {
  const [, first = '', path = ''] = /^([^.[]*)([\s\S]*)$/.exec(name) ?? [];
  let value = argumentOf(first, state);
  for (const [whole, attribute, key] of path.matchAll(/\.([^.[]+)|\[([^\]]+)\]|[\s\S]/g)) {
    if (attribute !== undefined) value = fieldOf(value, attribute);
    else if (key !== undefined) value = memberAt(value, /^\d+$/.test(key) ? Number(key) : key);
    else fail(`Only '.' or '[' may follow ']' in format field specifier, got ${whole}`);
  }
  if (isThing(value) && !value.text) fail('such a field cannot be formatted');
  return value;
}

function argumentOf(name: string, state: Formatting): Py {
  const { positional, named } = state.args;
  if (name !== '' && !/^\d+$/.test(name))
    return orElse(named.get(name), () => fail(`KeyError: '${name}'`));
  const index = name === '' ? state.automatic++ : Number(name);
  const value = positional[index];
  return value === undefined
    ? fail(`Replacement index ${index} out of range for positional args tuple`)
    : value;
}

function memberAt(value: Py, key: Py): Py {
  return orElse(memberOf(value, key), () => missing(value, key));
}
