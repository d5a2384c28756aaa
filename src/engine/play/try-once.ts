import { Unreachable } from '../../model/connection.ts';
import { LabError } from '../../model/lab-error.ts';
import type { ModuleResult, PlayEffects } from '../../model/module.ts';
import type { Task } from '../../model/playbook.ts';
import { TemplateError } from '../../model/template-error.ts';
import { makeVars } from '../../model/value.ts';
import type { Course } from './course.ts';
import { decide } from './decide.ts';
import type { ItemEnd, Runnable } from './item-end.ts';
import type { PlayRun } from './play-run.ts';
import type { ItemWish } from './prepared-item.ts';
import { failure, shapeResult, troubled } from './result-shape.ts';

/** Runs an item once; whatever is thrown becomes its result. */
export async function tryOnce(
  run: PlayRun,
  item: Runnable,
  course: Course,
  { host, task }: ItemWish,
): Promise<ItemEnd> {
  const { fields, ready } = item;
  const base = { fields, changes: [], durationMs: 0, isReplayed: false, secrets: ready.secrets };
  const startedAt = run.rim.now();
  try {
    const { found, effects } = await carryOut(run, item, course, task);
    const { changes = [] } = found;
    const { diff: _, ...withoutDiff } = found;
    const result = shapeResult(fields.diffMode ? found : withoutDiff, task.action);
    const durationMs = run.rim.now() - startedAt;
    return { ...base, result, changes, durationMs, ...(effects && { effects }) };
  } catch (error) {
    const durationMs = run.rim.now() - startedAt;
    if (error instanceof LabError && error.kind === 'refused') run.refused.add(host.name);
    return { ...base, durationMs, ...resultOfThrow(run, error) };
  }
}

async function carryOut(
  run: PlayRun,
  item: Runnable,
  course: Course,
  task: Task,
): Promise<{ found: ModuleResult; effects?: PlayEffects }> {
  if (item.kind === 'decide') {
    const { effects, ...found } = decide(run, item);
    return { found, ...(effects && { effects }) };
  }
  const { ready, way, background } = item;
  if (background?.isLeftAlone) return { found: await leaveAlone(run, item, course, task) };
  const { result, durationMs } = await course.perform(ready, way.host);
  const found = withLimit(result, { durationMs, task, seconds: ready.timeoutSeconds });
  return { found: background ? withJob(found, ready.call.nonce) : found };
}

async function leaveAlone(
  { rim }: PlayRun,
  { ready, way }: Extract<Runnable, { kind: 'call' }>,
  course: Course,
  { action }: Task,
): Promise<ModuleResult> {
  const { timeoutSeconds = 0, module, ...call } = ready;
  if (!('inspect' in module) || !rim.leaveRunning) {
    await ready.begins?.();
    return { changed: false, failed: true, msg: `${action} cannot be left running (poll: 0)` };
  }
  const left = { ...call, module: rim.leaveRunning(module, timeoutSeconds) };
  return (await course.perform(left, way.host)).result;
}

// timeout(1) ends a command with 124; a module that minds its own steps may say it otherwise
function withLimit(
  found: ModuleResult,
  {
    durationMs,
    task,
    seconds,
  }: { readonly durationMs: number; readonly task: Task; readonly seconds: number | undefined },
): ModuleResult {
  if (seconds === undefined || !found.failed) return found;
  if (found.values?.['rc'] !== 124 && durationMs < seconds * 1000) return found;
  const short = task.action.slice(task.action.lastIndexOf('.') + 1);
  const msg =
    task.keywords.timeout === undefined
      ? `async task did not complete within the requested time - ${seconds}s`
      : `The ${short} action failed to execute in the expected time frame (${seconds}) and was terminated`;
  return { changed: false, failed: true, msg };
}

function withJob(found: ModuleResult, nonce: string): ModuleResult {
  const values = makeVars([
    ...Object.entries(found.values ?? {}),
    ['ansible_job_id', `j${nonce}`],
    ['started', 1],
    ['finished', 1],
  ]);
  return { ...found, values };
}

function resultOfThrow(
  run: PlayRun,
  error: unknown,
): Pick<ItemEnd, 'result' | 'lost' | 'isCancelled' | 'isTrouble'> {
  if (run.rim.signal.aborted)
    return { result: failure('stopped while it was running'), isCancelled: true };
  if (error instanceof Unreachable)
    return {
      lost: error,
      result: makeVars([
        ['changed', false],
        ['unreachable', true],
        ['msg', error.message],
      ]),
    };
  if (error instanceof TemplateError) return { result: troubled(error.message), isTrouble: true };
  if (error instanceof LabError) return { result: failure(error.message) };
  run.bugs.push(error);
  const said = error instanceof Error ? error.message : String(error);
  return { result: failure(`Unexpected failure during module execution: ${said}`) };
}
