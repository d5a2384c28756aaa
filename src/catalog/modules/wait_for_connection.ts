import { int } from '../../model/arguments.ts';
import { sh } from '../../model/command.ts';
import { defineModule, type ModuleResult } from '../../model/module.ts';
import { elapsedSeconds } from './parts/clock-text.ts';
import { waitUntil } from './parts/wait-until.ts';

interface Args {
  readonly connect_timeout: number;
  readonly delay: number;
  readonly sleep: number;
  readonly timeout: number;
}

export default defineModule<Args>({
  name: 'wait_for_connection',
  collection: 'ansible.builtin',
  summary: 'Waits until the host can be reached and used.',
  args: {
    connect_timeout: int({ fallback: 5 }),
    delay: int({ fallback: 0 }),
    sleep: int({ fallback: 1 }),
    timeout: int({ fallback: 600 }),
  },
  async perform(args, call, hands): Promise<ModuleResult> {
    const { connect_timeout, delay, timeout } = args;
    if (call.checkMode) return { changed: false, skipped: true };
    const startMs = call.nowMs();
    if (delay > 0) await hands.sleep(delay * 1000);
    let reason = '';
    const came = await waitUntil(
      { startMs: call.nowMs(), timeout, sleep: args.sleep, call, hands },
      async () => {
        const found = await hands.reach(connect_timeout);
        reason = found.reason;
        if (!found.reached) return false;
        const ran = await hands.run(sh`echo pong`);
        reason = 'the shell of the host does not work';
        return ran.stdout.trim() === 'pong';
      },
    );
    const elapsed = elapsedSeconds(startMs, call.nowMs());
    if (came) return { changed: false, values: { elapsed } };
    const msg = `timed out waiting for ping module test: ${reason}`;
    return { changed: false, failed: true, msg, values: { elapsed } };
  },
});
