import type { Scope, Template } from '../../model/play-value.ts';
import type { Notation } from './delimiters.ts';
import type { TemplateEffects } from './effects.ts';
import type { Plugins } from './plugin.ts';
import type { Preparation } from './prepare.ts';
import { fail, makeUndefined, type Py } from './values.ts';

/** What all templates of a run share. */
export interface Engine {
  readonly effects: TemplateEffects;
  readonly filters: Plugins;
  readonly tests: { readonly [name: string]: Plugins[string] };
  readonly globals: Plugins;
  readonly lookups: Plugins;
  readonly preparation: Preparation;
  /** How many renderings are under way inside one another: `hostvars` render. */
  renders: number;
  /** Works out a template of a variable; what is undefined in it makes the value undefined. */
  evaluate(template: Template, scope: Scope, run: Run): Py;
  /** Renders a file as text (`include`, `lookup('template')`). */
  include(request: IncludeRequest, on: Context): string;
  /** The exported names of a file (`import`). */
  load(request: IncludeRequest, on: Context): ReadonlyMap<string, Py>;
}

/** A file that another template brings in. */
export interface IncludeRequest {
  readonly path: string;
  /** The frame whose names it sees; undefined: only variables and globals. */
  readonly frame: Frame | undefined;
  readonly notation?: Notation;
  /** Newlines at the file's end are kept, as for a template of its own. */
  readonly keepsNewlines?: true;
}

/** One rendering with its limits. `at` is the offset of what is being worked out, for messages. */
export interface Run {
  readonly engine: Engine;
  steps: number;
  bytes: number;
  deadlineMs: number;
  depth: number;
  readonly active: { readonly template: Template; readonly scope: Scope }[];
}

/** One template at work. */
export interface Context {
  readonly run: Run;
  readonly engine: Engine;
  readonly scope: Scope;
  /** Variables that were looked up before, so that a name has one value throughout a template. */
  readonly known: Map<string, Py>;
  /** The file's path, where the template is a file: includes are looked for beside it. */
  readonly file: string | undefined;
  /** The file that was rendered first: includes of includes are looked for beside it as well. */
  readonly root: string | undefined;
  at: number;
}

/** Names of a part of a template: of its top, a loop's round, a macro. */
export interface Frame {
  readonly vars: Map<string, Py>;
  readonly parent: Frame | undefined;
  readonly context: Context;
}

const maxSteps = 20_000_000;
const maxBytes = 64 * 1024 * 1024;
const maxMs = 1000;
const maxDepth = 100;
const stepsBetweenLooks = 2048;

export function makeRun(engine: Engine): Run {
  return { engine, steps: 0, bytes: 0, deadlineMs: 0, depth: 0, active: [] };
}

export function makeContext(run: Run, scope: Scope, file?: string, root = file): Context {
  return { run, engine: run.engine, scope, known: new Map(), file, root, at: 0 };
}

export function innerFrame(parent: Frame): Frame {
  return { vars: new Map(), parent, context: parent.context };
}

/** Counts work; a template that takes longer than a second is given up. */
export function spend(run: Run, steps = 1): void {
  const before = run.steps;
  run.steps += steps;
  if (Math.floor(before / stepsBetweenLooks) === Math.floor(run.steps / stepsBetweenLooks)) return;
  if (run.steps > maxSteps) fail('the template does too much: it was given up');
  const now = run.engine.effects.nowMs();
  if (run.deadlineMs === 0) run.deadlineMs = now + maxMs;
  else if (now > run.deadlineMs) fail('the template took longer than 1 second: it was given up');
}

/** Counts characters and list members that come into being. */
export function grow(run: Run, size: number): void {
  run.bytes += size;
  if (run.bytes > maxBytes) fail('the template makes more than 64 MiB of text: it was given up');
}

/** Works one level deeper: macros that call themselves, variables that refer to others. */
export function deeper<T>(run: Run, work: () => T): T {
  if (run.depth >= maxDepth) fail('recursive loop detected: too many levels are nested');
  run.depth++;
  try {
    return work();
  } finally {
    run.depth--;
  }
}

export function undefinedName(name: string): Py {
  return makeUndefined(`'${name}' is undefined`, name);
}
