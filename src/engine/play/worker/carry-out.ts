import type { Action, Ran } from '../../../model/module.ts';
import type { CallQueue, ReadyCall } from '../hands.ts';
import type { Workshop } from '../open-worker.ts';
import { keepAhead, looksAhead, merge } from './speculate.ts';
import type { StepPart } from './turn.ts';

/** Carries the actions of a step out in order, and looks at what the following calls want to know in the same round trip. */
export async function carryOut(
  shop: Workshop,
  ready: ReadyCall,
  actions: readonly Action[],
  queue: CallQueue | undefined,
): Promise<readonly Ran[]> {
  shop.window.changed();
  const user = ready.becomeUser;
  const shell = await shop.shell(user);
  const ahead = queue === undefined ? [] : looksAhead(shop, ready, queue);
  const { looks, places } = merge(user, ahead);
  const step: StepPart = {
    actions,
    environment: ready.call.environment,
    goesOn: false,
    ends: true,
    limitSeconds: ready.timeoutSeconds ?? 0,
    nonce: shop.settings.nonce(),
    uploaded: [],
  };
  const result = await shell.run({ step, looks });
  keepAhead(shop, user, ahead, places, result);
  return result.ran;
}
