import type { ControllerModule } from '../../model/module.ts';
import { PendingValue } from '../../model/play-scope.ts';
import type { Scope } from '../../model/play-value.ts';
import type { Task } from '../../model/playbook.ts';
import { readArguments } from '../../model/read-arguments.ts';
import { TemplateError } from '../../model/template-error.ts';
import { makeVars } from '../../model/value.ts';
import { makeImplicitHost } from './implicit-host.ts';
import { backgroundOf, makeReady } from './make-ready.ts';
import type { PlayRun } from './play-run.ts';
import {
  type Fields,
  type ItemWish,
  type PreparedItem,
  plainFields,
  scopeOf,
} from './prepared-item.ts';
import { judgeWhen, readFields, readFlag } from './read-fields.ts';
import { failure, fieldFailure } from './result-shape.ts';
import { findSources, missingSource } from './sources.ts';
import { findWayIn, type WayIn } from './way-in.ts';
import { writtenArgs } from './written-args.ts';

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

// ignore_errors holds for conditions that fail as well
function lenient(run: PlayRun, scope: Scope, task: Task, fields: Fields): Fields {
  return { ...fields, ignoreErrors: readFlag(run, scope, task.keywords.ignoreErrors) };
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
