import { type Connection, Unreachable } from '../../../model/connection.ts';
import type { Hands, ModuleResult, Planned } from '../../../model/module.ts';
import type { ReadyCall } from '../hands.ts';
import { carryOut } from './carry-out.ts';
import type { Workshop } from './workshop.ts';

/** What a performing module may do on its host. */
export function makeHands(
  shop: Workshop,
  ready: ReadyCall,
  follow: (planned: Planned) => Promise<ModuleResult>,
): Hands {
  const { settings } = shop;
  const options = ready.becomeUser === undefined ? {} : { becomeUser: ready.becomeUser };
  return {
    follow,
    async run(command, more = {}) {
      const action = { kind: 'script', command, mayFail: true, ...more } as const;
      const [ran] = await carryOut(shop, ready, [action], undefined);
      if (ran === undefined) throw new TypeError('the host did not say what became of a script');
      return ran;
    },
    async *read(path) {
      yield* (await shop.connection()).get(path, options);
    },
    save: (path, content) => settings.saveHere(path, content),
    sha1Here: (path) => settings.sha1Here(path),
    disconnect: () => shop.reset(),
    reach: (timeoutSeconds) => reach(shop, timeoutSeconds),
    sleep: (ms) => settings.sleep(ms),
    prompt: async (question, echo) => settings.prompt?.(question, echo),
  };
}

/** One attempt to get a session that also runs something; the time is the caller's. */
async function reach(
  shop: Workshop,
  timeoutSeconds: number,
): Promise<{ reached: boolean; reason: string }> {
  await shop.reset();
  const late = shop.settings.sleep(timeoutSeconds * 1000).then(() => 'late' as const);
  const attempt = shop.connection();
  try {
    const first = await Promise.race([attempt, late]);
    if (first !== 'late') return { reached: true, reason: '' };
    void attempt.then(closeIt, () => {});
    await shop.reset();
    return { reached: false, reason: `no answer within ${timeoutSeconds} s` };
  } catch (error) {
    await shop.reset();
    if (!(error instanceof Unreachable)) throw error;
    return { reached: false, reason: error.message };
  }
}

async function closeIt(connection: Connection): Promise<void> {
  await connection[Symbol.asyncDispose]();
}
