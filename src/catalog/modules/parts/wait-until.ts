import type { Call, Hands } from '../../../model/module.ts';

/** How long to wait: seconds from `startMs`, and seconds between two looks. */
export interface Waiting {
  readonly startMs: number;
  readonly timeout: number;
  readonly sleep: number;
  readonly call: Call;
  readonly hands: Hands;
}

/** Looks again and again until the condition holds; false when the time is up. Looks at least once. */
export async function waitUntil(
  { startMs, timeout, sleep, call, hands }: Waiting,
  holds: (leftSeconds: number) => Promise<boolean>,
): Promise<boolean> {
  const endMs = startMs + timeout * 1000;
  for (;;) {
    const leftSeconds = Math.max(1, Math.ceil((endMs - call.nowMs()) / 1000));
    if (await holds(leftSeconds)) return true;
    if (call.nowMs() + sleep * 1000 >= endMs) return false;
    await hands.sleep(sleep * 1000);
  }
}
