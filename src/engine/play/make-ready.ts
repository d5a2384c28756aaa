import type { AnyModule, HostModule, PerformingModule, Source } from '../../model/module.ts';
import { makeTemplate, type PlayValue, type Scope } from '../../model/play-value.ts';
import type { Task } from '../../model/playbook.ts';
import { TemplateError } from '../../model/template-error.ts';
import { isMapping, type Value } from '../../model/value.ts';
import type { ReadyCall } from './hands.ts';
import type { PlayRun } from './play-run.ts';
import { type Background, type Fields, type ItemWish, scopeOf } from './prepared-item.ts';
import { isPlainPath, isWrittenIn } from './trusted-text.ts';
import type { WayIn } from './way-in.ts';

/** What a call is made of. */
export interface ReadyParts {
  readonly scope: Scope;
  readonly fields: Fields;
  readonly args: unknown;
  readonly secrets: readonly string[];
  readonly sources: { readonly [name: string]: Source | undefined };
  readonly way: WayIn | undefined;
  readonly module: AnyModule;
}

/** Makes a call that a worker or a module of the controller can run. */
export function makeReady(run: PlayRun, wish: ItemWish, parts: ReadyParts): ReadyCall {
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

/** Reads `async` and `poll` of a task. */
export function backgroundOf(run: PlayRun, scope: Scope, task: Task): Background | undefined {
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
