import { LabError } from '../../../model/lab-error.ts';
import type { Act, Ask, ModuleResult, Planned, Ran } from '../../../model/module.ts';
import { TemplateError } from '../../../model/template-error.ts';
import type { CallQueue, ReadyCall } from '../hands.ts';
import { isPerforming, withPredictions } from './call-kinds.ts';
import { carryOut } from './carry-out.ts';
import { badNames } from './host-words.ts';
import { makeHands } from './make-hands.ts';
import type { Answer } from './read-looks.ts';
import { askLooks, looksOf } from './speculate.ts';
import type { Workshop } from './workshop.ts';

/** Runs one call to its end. Following calls of the queue are looked at in the same round trips where that is safe. */
export async function runCall(
  shop: Workshop,
  ready: ReadyCall,
  queue: CallQueue | undefined,
): Promise<ModuleResult> {
  try {
    return await run(shop, ready, queue);
  } catch (error) {
    shop.prefetched.clear();
    // a user that cannot be become, a shell that was killed: the task has failed, the host is still there
    if (error instanceof LabError && error.kind === 'failed')
      return failure(error.hint === '' ? error.message : `${error.message} (${error.hint})`);
    if (error instanceof TemplateError) return failure(error.message);
    throw error;
  }
}

async function run(
  shop: Workshop,
  ready: ReadyCall,
  queue: CallQueue | undefined,
): Promise<ModuleResult> {
  const [bad] = badNames(ready.call.environment);
  if (bad !== undefined) return failure(`"${bad}" cannot be a variable of the environment`);
  const call = withPredictions(shop.predictions, ready.call);
  const { module } = ready;
  if (isPerforming(module)) {
    const hands = makeHands(shop, ready, (planned) => follow(shop, ready, planned, undefined));
    try {
      return await module.perform(ready.args, call, hands);
    } finally {
      shop.prefetched.clear();
    }
  }
  return follow(shop, ready, module.inspect(ready.args, call), queue);
}

async function follow(
  shop: Workshop,
  ready: ReadyCall,
  first: Planned,
  queue: CallQueue | undefined,
): Promise<ModuleResult> {
  let planned = first;
  for (;;) {
    if (planned.kind === 'done') {
      remember(shop, ready, planned.predict);
      return planned.result;
    }
    if (planned.kind === 'ask') {
      const found = await look(shop, ready, planned, queue);
      const barred = Object.values(found).find(isBarred);
      if (barred) return failure(`${barred.path}: ${barred.barred}`);
      planned = planned.plan(found as never);
    } else if (ready.call.checkMode) {
      remember(shop, ready, planned.predict);
      return planned.expected;
    } else planned = planned.read(await act(shop, ready, planned, queue));
  }
}

function isBarred(answer: Answer): answer is Extract<Answer, { barred: string }> {
  return answer !== undefined && 'barred' in answer;
}

function remember(shop: Workshop, { call }: ReadyCall, predict: Act['predict']): void {
  if (predict && call.checkMode && shop.settings.checkMode) shop.predictions.add(predict);
}

async function look(
  shop: Workshop,
  ready: ReadyCall,
  { probes }: Ask,
  queue: CallQueue | undefined,
): Promise<{ [name: string]: Answer }> {
  const answers = await askLooks(shop, ready, looksOf(ready, probes), queue);
  const overlaid = Object.entries(probes).map(([name, probe], index) => {
    const seen = answers[index];
    return [name, ready.call.checkMode ? shop.predictions.overlay(probe, seen) : seen] as const;
  });
  return Object.fromEntries(overlaid);
}

async function act(
  shop: Workshop,
  ready: ReadyCall,
  { actions }: Act,
  queue: CallQueue | undefined,
): Promise<readonly Ran[]> {
  return carryOut(shop, ready, actions, queue);
}

function failure(msg: string): ModuleResult {
  return { changed: false, failed: true, msg };
}
