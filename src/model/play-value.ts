import type { Position } from './problem.ts';
import { isMapping, type Value } from './value.ts';

/** Marks text that a person wrote as a template. Nothing else is ever rendered: what came from a host is data (docs/decisions/0009). */
const templateMark: unique symbol = Symbol('template');
const lazyMark: unique symbol = Symbol('lazy');
const floatMark: unique symbol = Symbol('float');

/** Text of a playbook, a variables file or the inventory that holds Jinja2, with its place. */
export interface Template {
  readonly [templateMark]: string;
  readonly at: Position | undefined;
}

/** A mapping whose values are made when they are asked for, such as `hostvars` and `vars`. */
export interface Lazy {
  readonly [lazyMark]: true;
  get(key: string): PlayValue | undefined;
  keys(): readonly string[];
}

/** A Python float with a whole value (`2.0`), which a JavaScript number cannot tell from an integer. Other floats are plain numbers. */
export interface WholeFloat {
  readonly [floatMark]: number;
}

/** A value of a playbook as written: plain data with templates in it. */
export type PlayValue =
  | null
  | boolean
  | number
  | string
  | Template
  | Lazy
  | WholeFloat
  | readonly PlayValue[]
  | { readonly [key: string]: PlayValue };

/** Variables as written, by name. */
export type PlayVars = { readonly [name: string]: PlayValue };

/** A condition as written under `when`, `changed_when`, `that` and the like: a bare expression, or a plain yes or no. */
export interface Condition {
  readonly expression: string | boolean;
  readonly at: Position | undefined;
}

/** Declares text to be a template; only for text of files that people write. */
export function makeTemplate(text: string, at?: Position): Template {
  return { [templateMark]: text, at };
}

export function isTemplate(value: unknown): value is Template {
  return typeof value === 'object' && value !== null && templateMark in value;
}

/** The text of a template as written. */
export function textOf(template: Template): string {
  return template[templateMark];
}

export function makeLazy(
  get: (key: string) => PlayValue | undefined,
  keys: () => readonly string[],
): Lazy {
  return { [lazyMark]: true, get, keys };
}

export function isLazy(value: unknown): value is Lazy {
  return typeof value === 'object' && value !== null && lazyMark in value;
}

/** A number as Python's float: whole ones are marked, others are as they are. */
export function makeFloat(value: number): number | WholeFloat {
  return Number.isInteger(value) ? { [floatMark]: value } : value;
}

export function isWholeFloat(value: unknown): value is WholeFloat {
  return typeof value === 'object' && value !== null && floatMark in value;
}

export function numberOf(value: WholeFloat): number {
  return value[floatMark];
}

/** True for a mapping of plain keys: neither list, template, lazy mapping nor float. */
export function isPlayMapping(value: unknown): value is { readonly [key: string]: PlayValue } {
  return isMapping(value) && !isTemplate(value) && !isLazy(value) && !isWholeFloat(value);
}

/** Whether text holds anything for Jinja2 to do. */
export function holdsJinja(text: string): boolean {
  return text.includes('{{') || text.includes('{%') || text.includes('{#');
}

/** Declares every text with Jinja2 in it, however deep, to be a template: for values that people wrote (inventories, extra variables). */
export function trustValue(value: Value, at?: Position): PlayValue {
  if (typeof value === 'string') return holdsJinja(value) ? makeTemplate(value, at) : value;
  if (Array.isArray(value)) return value.map((item: Value) => trustValue(item, at));
  if (!isMapping(value)) return value;
  const trusted: Record<string, PlayValue> = Object.create(null);
  for (const [key, item] of Object.entries(value)) trusted[key] = trustValue(item, at);
  return trusted;
}

/** Where names in templates are looked up. Values may hold templates, which the reader renders with the same scope. */
export interface Scope {
  /** The value as written; undefined when the name is not defined. */
  get(name: string): PlayValue | undefined;
  names(): Iterable<string>;
  /** Folders of the controller in which `lookup('file')`, includes and the like look, nearest first. */
  readonly folders: readonly string[];
}

/** A template, a condition or an expression that could not be worked out. `undefinedName` is set when the reason is an undefined variable. */
export interface TemplateTrouble {
  readonly message: string;
  readonly at: Position | undefined;
  readonly undefinedName?: string;
}

/** What renders templates; made once for a run by `playbook/template`. Troubles are thrown as `TemplateError`. */
export interface Templar {
  /** Renders every template inside a value, as native types; the result is plain data and never rendered again. */
  render(value: PlayValue, scope: Scope): Value;
  /** Judges a condition; a result that is no boolean is judged as Ansible 2.14 does. */
  judge(condition: Condition, scope: Scope): boolean;
  /** Renders a file of text, as the `template` module does: `trimBlocks` on, `lstripBlocks` off and the last newline kept unless told otherwise. */
  renderFile(
    source: { readonly text: string; readonly file: string },
    scope: Scope,
    settings?: FileRendering,
  ): string;
}

/** How the `template` module reads a file. */
export interface FileRendering {
  readonly trimBlocks?: boolean;
  readonly lstripBlocks?: boolean;
  readonly keepTrailingNewline?: boolean;
  readonly newlineSequence?: string;
  readonly variableStart?: string;
  readonly variableEnd?: string;
  readonly blockStart?: string;
  readonly blockEnd?: string;
  readonly commentStart?: string;
  readonly commentEnd?: string;
}
