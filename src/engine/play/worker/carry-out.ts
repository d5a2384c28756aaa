import { randomBytes } from 'node:crypto';
import type { Action, Ran, UploadAction } from '../../../model/module.ts';
import type { CallQueue, ReadyCall } from '../hands.ts';
import { keepAhead, looksAhead, merge } from './speculate.ts';
import type { Look, StepPart } from './turn.ts';
import { streamUpload, wantsStream } from './upload.ts';
import type { Workshop } from './workshop.ts';

/** Carries the actions of a step out in order, and looks at what the following calls want to know in the same round trip. */
export async function carryOut(
  shop: Workshop,
  ready: ReadyCall,
  actions: readonly Action[],
  queue: CallQueue | undefined,
): Promise<readonly Ran[]> {
  await ready.begins?.();
  shop.window.changed();
  shop.prefetched.clear();
  const nonce = `${shop.settings.nonce()}-${randomBytes(6).toString('hex')}`;
  const ahead = queue === undefined ? [] : looksAhead(shop, ready, queue);
  const ran: Ran[] = [];
  let uploaded: StepPart['uploaded'] = [];
  let isTidy = false;
  for (const [index, { own, large }] of partsOf(actions).entries()) {
    const name = `${nonce}-${index}`;
    const part = {
      actions: own,
      goesOn: index > 0,
      ends: large === undefined,
      uploaded,
      nonce: name,
    };
    const left = await runPart(shop, ready, part, part.ends ? ahead : []);
    ran.push(...left);
    isTidy = part.ends;
    if (large === undefined || hasFailed(own, left)) break;
    const came = await upload(shop, ready, large, `${name}-u`);
    ran.push(came.ran);
    if (came.path === '') break;
    uploaded = [{ variable: large.variable, path: came.path }];
  }
  // a step that broke off between its parts has left files that only its shell knows
  if (!isTidy) await runPart(shop, ready, { ...nothing, nonce }, []);
  return ran;
}

const nothing = { actions: [], goesOn: true, ends: true, uploaded: [] } as const;

/** Actions that travel in one script, and the upload with a stream of its own that comes after them. */
interface Part {
  readonly own: readonly Action[];
  readonly large: UploadAction | undefined;
}

function partsOf(actions: readonly Action[]): Part[] {
  const at = actions.findIndex((action) => action.kind === 'upload' && wantsStream(action));
  const large = actions[at];
  if (large?.kind !== 'upload') return [{ own: actions, large: undefined }];
  return [{ own: actions.slice(0, at), large }, ...partsOf(actions.slice(at + 1))];
}

function hasFailed(own: readonly Action[], ran: readonly Ran[]): boolean {
  if (ran.length < own.length) return true;
  return ran.some(({ exitCode }, index) => {
    const action = own[index];
    return exitCode !== 0 && !(action?.kind === 'script' && action.mayFail === true);
  });
}

/** Time the controller gives beyond what the host was told to keep. */
const graceMs = 60_000;

async function runPart(
  shop: Workshop,
  ready: ReadyCall,
  part: Pick<StepPart, 'actions' | 'goesOn' | 'ends' | 'uploaded' | 'nonce'>,
  ahead: readonly Look[],
): Promise<readonly Ran[]> {
  const { becomeUser: user, call, timeoutSeconds = 0 } = ready;
  const { looks, places } = merge(user, ahead);
  const step: StepPart = { ...part, environment: call.environment, limitSeconds: timeoutSeconds };
  const shell = await shop.shell(user);
  const limitMs = timeoutSeconds * 1000 * Math.max(1, part.actions.length) + graceMs;
  const result = await shell.run({ step, looks }, timeoutSeconds > 0 ? limitMs : undefined);
  keepAhead(shop, user, ahead, places, result);
  return result.ran;
}

async function upload(shop: Workshop, ready: ReadyCall, action: UploadAction, name: string) {
  return streamUpload(await shop.connection(), action, {
    becomeUser: ready.becomeUser,
    environment: ready.call.environment,
    name,
    openSource: shop.settings.openSource,
    ...(shop.settings.signal && { signal: shop.settings.signal }),
  });
}
