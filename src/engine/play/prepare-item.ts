import type {
  AnyModule,
  ControllerModule,
  HostModule,
  PerformingModule,
  Source,
  SourceWish,
} from '../../model/module.ts';
import { PendingValue } from '../../model/play-scope.ts';
import type { Condition } from '../../model/play-value.ts';
import { makeTemplate, type PlayValue, type PlayVars, type Scope } from '../../model/play-value.ts';
import type { Task } from '../../model/playbook.ts';
import { readArguments } from '../../model/read-arguments.ts';
import { TemplateError } from '../../model/template-error.ts';
import { isMapping, makeVars, type Value, type Vars } from '../../model/value.ts';
import type { ReadyCall } from './hands.ts';
import { makeImplicitHost } from './implicit-host.ts';
import { type HostRun, type PlayRun, playOf } from './play-run.ts';
import { failure, fieldFailure, type Result, skippedResult, troubled } from './result-shape.ts';
import { isPlainPath, isWrittenIn } from './trusted-text.ts';
import { findWayIn, isYes, type WayIn } from './way-in.ts';

/** Keywords of one item, rendered. */
export interface Fields {
  readonly noLog: boolean;
  readonly checkMode: boolean;
  readonly diffMode: boolean;
  readonly ignoreErrors: boolean;
  readonly ignoreUnreachable: boolean;
  readonly delegateTo: string | undefined;
  readonly delegateFacts: boolean;
  readonly notify: readonly string[];
}

/** One item of a task on one host (or the task itself, where it has no loop), as far as the controller can prepare it. */
export type PreparedItem = { readonly fields: Fields } & (
  | {
      readonly kind: 'end';
      readonly result: Result;
      /** It could not even be prepared: that ends a whole loop. */
      readonly isTrouble?: true;
    }
  | { readonly kind: 'include'; readonly rendered: { readonly [name: string]: string } }
  | {
      readonly kind: 'wants';
      readonly wishes: readonly SourceWish[];
      readonly folders: readonly string[];
    }
  | {
      readonly kind: 'decide';
      readonly module: ControllerModule;
      readonly ready: ReadyCall;
      readonly extra: Vars;
      readonly scope: () => Scope;
      readonly written: PlayVars;
    }
  | {
      readonly kind: 'call';
      readonly ready: ReadyCall;
      readonly way: WayIn;
      readonly background: Background | undefined;
    }
);

/** An item that needs no more files. */
export type ReadyItem = Exclude<PreparedItem, { kind: 'wants' }>;

/** `async` of a task: the longest it may take, and whether it is left alone meanwhile (`poll: 0`). */
export interface Background {
  readonly seconds: number;
  readonly isLeftAlone: boolean;
}

/** What is asked: a task on a host, with the variables of the loop. `pending` names what unfinished tasks before it will set. */
export interface ItemWish {
  readonly host: HostRun;
  readonly task: Task;
  readonly local: PlayVars;
  readonly pending?: ReadonlySet<string>;
  /** Why the loop could not be worked out; matters only when the condition holds. */
  readonly loopTrouble?: Result;
}

export const plainFields: Fields = {
  noLog: false,
  checkMode: false,
  diffMode: false,
  ignoreErrors: false,
  ignoreUnreachable: false,
  delegateTo: undefined,
  delegateFacts: false,
  notify: [],
};

/** The scope of a task on a host. */
export function scopeOf(run: PlayRun, { host, task, local, pending }: ItemWish): Scope {
  const { rim, state } = run;
  return rim.makeScope({
    run: state,
    host: host.memory,
    play: playOf(run, host),
    task,
    local,
    ...(pending && { pending }),
  });
}

/** Judges the condition and renders everything; has no effects. Throws PendingValue when it needs what an unfinished task will set. */
export function prepareItem(run: PlayRun, wish: ItemWish): PreparedItem {
  const scope = scopeOf(run, wish);
  const { task } = wish;
  let fields = plainFields;
  try {
    // known before the condition, so that a hidden task stays hidden when the condition fails
    fields = { ...fields, noLog: readFlag(run, scope, task.keywords.noLog) };
    const end = judgeWhen(run, task.keywords.when, scope);
    if (end?.['skipped'] === true) return { kind: 'end', fields, result: end };
    if (wish.loopTrouble)
      return {
        kind: 'end',
        fields: lenient(run, scope, task, fields),
        result: wish.loopTrouble,
        isTrouble: true,
      };
    fields = lenient(run, scope, task, fields);
    if (end) return { kind: 'end', fields, result: end, isTrouble: true };
    fields = readFields(run, scope, task);
    return prepareWork(run, wish, scope, fields);
  } catch (error) {
    if (error instanceof PendingValue) throw error;
    if (error instanceof TemplateError)
      return { kind: 'end', fields, result: fieldFailure(error), isTrouble: true };
    throw error;
  }
}

function judgeWhen(run: PlayRun, when: readonly Condition[], scope: Scope): Result | undefined {
  for (const condition of when) {
    try {
      if (!run.rim.templar.judge(condition, scope)) return skippedResult();
    } catch (error) {
      if (error instanceof TemplateError) return troubled(error.message);
      throw error;
    }
  }
  return undefined;
}

// ignore_errors holds for conditions that fail as well
function lenient(run: PlayRun, scope: Scope, task: Task, fields: Fields): Fields {
  return { ...fields, ignoreErrors: readFlag(run, scope, task.keywords.ignoreErrors) };
}

function readFlag(
  run: PlayRun,
  scope: Scope,
  value: PlayValue | undefined,
  fallback = false,
): boolean {
  if (value === undefined || value === null) return fallback;
  return typeof value === 'boolean' ? value : isYes(run.rim.templar.render(value, scope));
}

function readFields(run: PlayRun, scope: Scope, task: Task): Fields {
  const { keywords } = task;
  const { templar } = run.rim;
  const flag = (value: PlayValue | undefined, fallback = false) =>
    readFlag(run, scope, value, fallback);
  const delegate =
    keywords.delegateTo === undefined ? null : templar.render(keywords.delegateTo, scope);
  const isOmitted = delegate === null || delegate === '' || delegate === run.state.omit;
  return {
    noLog: flag(keywords.noLog),
    checkMode: flag(keywords.checkMode, run.state.checkMode),
    diffMode: flag(keywords.diff, run.state.diffMode),
    ignoreErrors: flag(keywords.ignoreErrors),
    ignoreUnreachable: flag(keywords.ignoreUnreachable),
    delegateTo: isOmitted ? undefined : String(delegate),
    delegateFacts: flag(keywords.delegateFacts),
    notify: task.notify.flatMap((name) => textsOf(templar.render(name, scope))),
  };
}

function textsOf(value: Value): string[] {
  return Array.isArray(value) ? value.map(String) : [String(value)];
}

function prepareWork(run: PlayRun, wish: ItemWish, scope: Scope, fields: Fields): PreparedItem {
  const { does } = wish.task;
  if (does.kind === 'module') return prepareModule(run, wish, scope, fields);
  if (does.kind === 'meta') return { kind: 'end', fields, result: makeVars([['changed', false]]) };
  const { kind: _, apply: _apply, ...words } = does;
  const rendered = Object.entries(words).flatMap(([name, value]) =>
    value === undefined || typeof value === 'boolean'
      ? []
      : [[name, String(run.rim.templar.render(value, scope))] as const],
  );
  return { kind: 'include', fields, rendered: Object.fromEntries(rendered) };
}

function prepareModule(run: PlayRun, wish: ItemWish, scope: Scope, fields: Fields): PreparedItem {
  const { does } = wish.task;
  if (does.kind !== 'module') throw new Error('not a module');
  const { module } = does;
  const written = writtenArgs(run, wish.task, scope);
  const read = readArguments(module, written);
  if ('problems' in read) return { kind: 'end', fields, result: failure(read.problems.join('; ')) };
  const wishes = module.sources?.(read.args) ?? {};
  const sources = findSources(run, wishes, scope.folders);
  if (sources === undefined)
    return { kind: 'wants', fields, wishes: Object.values(wishes), folders: scope.folders };
  const missing = missingSource(wishes, sources, wish.task.action);
  if (missing) return { kind: 'end', fields, result: missing };
  const isHere = 'decide' in module;
  const way = isHere ? undefined : wayOf(run, wish, fields, scope);
  const ready = makeReady(run, wish, {
    scope,
    fields,
    args: read.args,
    secrets: read.secrets,
    sources,
    way,
    module,
  });
  return isHere
    ? {
        kind: 'decide',
        fields,
        module: module as ControllerModule,
        ready,
        extra: read.extra,
        scope: () => scopeOf(run, wish),
        written: does.args,
      }
    : {
        kind: 'call',
        fields,
        ready,
        way: way as WayIn,
        background: backgroundOf(run, scope, wish.task),
      };
}

/** Arguments rendered: module defaults below the dictionary of `args:` below what is written; what was omitted is left out. */
function writtenArgs(run: PlayRun, task: Task, scope: Scope): Vars {
  const { does } = task;
  if (does.kind !== 'module') return makeVars();
  const full = `${does.module.collection}.${does.module.name}`;
  const render = (vars: PlayValue | undefined): readonly (readonly [string, Value])[] => {
    const found = vars === undefined ? null : run.rim.templar.render(vars, scope);
    return isMapping(found) ? Object.entries(found) : [];
  };
  const { freeForm } = does.module;
  const layers = [task.keywords.moduleDefaults.get(full), does.argsTemplate, does.args];
  const given = makeVars(layers.flatMap((vars) => render(vars)));
  const kept = Object.entries(given).filter(([, value]) => value !== run.state.omit);
  return makeVars(
    kept.map(([name, value]) => [
      name,
      name === freeForm ? value : withoutOmitted(value, run.state.omit),
    ]),
  );
}

function withoutOmitted(value: Value, omit: string): Value {
  if (Array.isArray(value))
    return value
      .filter((item: Value) => item !== omit)
      .map((item: Value) => withoutOmitted(item, omit));
  if (!isMapping(value)) return value;
  const kept = Object.entries(value).filter(([, item]) => item !== omit);
  return makeVars(kept.map(([name, item]) => [name, withoutOmitted(item, omit)]));
}

function findSources(
  run: PlayRun,
  wishes: { readonly [name: string]: SourceWish },
  folders: readonly string[],
): { readonly [name: string]: Source | undefined } | undefined {
  const found: Record<string, Source | undefined> = Object.create(null);
  for (const [name, wish] of Object.entries(wishes)) {
    const key = sourceKey(wish, folders);
    if (!run.found.has(key)) return undefined;
    found[name] = run.found.get(key);
  }
  return found;
}

function sourceKey(wish: SourceWish, folders: readonly string[]): string {
  return JSON.stringify([wish.folder, wish.path, wish.tree ?? false, wish.sealed ?? false, ...folders]);
}

/** Loads the files an item wants, once for all hosts. */
export async function loadSources(
  run: PlayRun,
  {
    wishes,
    folders,
  }: { readonly wishes: readonly SourceWish[]; readonly folders: readonly string[] },
): Promise<void> {
  await Promise.all(
    wishes.map(async (wish) => {
      const key = sourceKey(wish, folders);
      const loading = run.sources.get(key) ?? run.rim.loadSource(wish, folders);
      run.sources.set(key, loading);
      run.found.set(key, await loading);
    }),
  );
}

function missingSource(
  wishes: { readonly [name: string]: SourceWish },
  sources: { readonly [name: string]: Source | undefined },
  action: string,
): Result | undefined {
  const name = Object.keys(wishes).find(
    (wish) => !wishes[wish]?.optional && sources[wish] === undefined,
  );
  if (name === undefined) return undefined;
  const short = action.slice(action.lastIndexOf('.') + 1);
  const said =
    'If you are using a module and expect the file to exist on the remote, see the remote_src option';
  return failure(
    `Could not find or access '${wishes[name]?.path ?? ''}' on the Ansible Controller.${short === 'copy' || short === 'unarchive' ? `\n${said}` : ''}`,
  );
}

function wayOf(run: PlayRun, wish: ItemWish, { delegateTo }: Fields, scope: Scope): WayIn {
  const { keywords } = wish.task;
  if (delegateTo === undefined) return findWayIn(run, wish.host.memory.host, keywords, scope);
  const memory = run.state.hosts.get(delegateTo) ?? {
    host: makeImplicitHost(delegateTo),
    facts: makeVars(),
    setFacts: makeVars(),
    includedVars: makeVars(),
  };
  const own = run.rim.makeScope({
    run: run.state,
    host: memory,
    play: run.memory,
    task: wish.task,
    local: wish.local,
  });
  return findWayIn(run, memory.host, keywords, own);
}

interface ReadyParts {
  readonly scope: Scope;
  readonly fields: Fields;
  readonly args: unknown;
  readonly secrets: readonly string[];
  readonly sources: { readonly [name: string]: Source | undefined };
  readonly way: WayIn | undefined;
  readonly module: AnyModule;
}

function makeReady(run: PlayRun, wish: ItemWish, parts: ReadyParts): ReadyCall {
  const { host, task } = wish;
  const { scope, fields, way } = parts;
  const { templar } = run.rim;
  const background = backgroundOf(run, scope, task);
  const timeout = secondsOf(run, scope, task.keywords.timeout) ?? background?.seconds;
  return {
    module: parts.module as HostModule | PerformingModule,
    args: parts.args,
    becomeUser: way?.becomeUser,
    secrets: parts.secrets,
    ...(timeout !== undefined && { timeoutSeconds: timeout }),
    call: {
      host: host.name,
      checkMode: fields.checkMode,
      diffMode: fields.diffMode,
      user: way?.becomeUser ?? way?.host.connection.user,
      sources: parts.sources,
      // a call may be prepared long before its turn: what it looks up then is looked up afresh
      renderFile: (source, settings) =>
        templar.renderFile(source, withNames(scopeOf(run, wish), source.names), settings),
      // the runner knows what check mode predicts on its host
      predicted: () => undefined,
      predictsAny: () => false,
      variable: (name) => lookUp(run, scopeOf(run, wish), name, task),
      nonce: run.rim.nonce(),
      nowMs: () => run.rim.nowMs(),
      environment: environmentOf(run, task, scope),
    },
  };
}

function withNames(scope: Scope, names: { readonly [name: string]: string } = {}): Scope {
  return {
    folders: scope.folders,
    get: (name) => (Object.hasOwn(names, name) ? names[name] : scope.get(name)),
    names: () => new Set([...Object.keys(names), ...scope.names()]),
  };
}

function backgroundOf(run: PlayRun, scope: Scope, task: Task): Background | undefined {
  const seconds = secondsOf(run, scope, task.async);
  if (seconds === undefined) return undefined;
  const isLeftAlone =
    task.poll !== undefined && Number(run.rim.templar.render(task.poll, scope)) === 0;
  return { seconds, isLeftAlone };
}

function secondsOf(run: PlayRun, scope: Scope, value: PlayValue | undefined): number | undefined {
  if (value === undefined || value === null) return undefined;
  const seconds = Number(run.rim.templar.render(value, scope));
  return Number.isFinite(seconds) && seconds > 0 ? seconds : undefined;
}

function lookUp(run: PlayRun, scope: Scope, name: string, { does }: Task): Value | undefined {
  const isWritten = does.kind === 'module' && isWrittenIn(does.args, name);
  if (!isPlainPath(name) && !isWritten) return undefined;
  try {
    if (!/^[A-Za-z_]\w*$/.test(name))
      return run.rim.templar.render(makeTemplate(`{{ ${name} }}`), scope);
    const value = scope.get(name);
    return value === undefined ? undefined : run.rim.templar.render(value, scope);
  } catch (error) {
    if (error instanceof TemplateError && error.undefinedName !== undefined) return undefined;
    throw error;
  }
}

function environmentOf(
  run: PlayRun,
  task: Task,
  scope: Scope,
): { readonly [name: string]: string } {
  const layers = task.keywords.environment.flatMap((written) => {
    const found = run.rim.templar.render(written, scope);
    return Array.isArray(found) ? (found as readonly Value[]) : [found];
  });
  const entries = layers.flatMap((layer) => (isMapping(layer) ? Object.entries(layer) : []));
  const kept = entries.filter(([, value]) => value !== run.state.omit);
  return Object.fromEntries(kept.map(([name, value]) => [name, pythonText(value)]));
}

function pythonText(value: Value): string {
  if (value === null) return '';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
