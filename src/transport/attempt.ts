import { Unreachable } from '../model/connection.ts';
import { abortTrouble } from './reach.ts';

/** How far an attempt came; decides the reason word when time runs out. */
export type Phase = 'name' | 'tcp' | 'banner' | 'key-exchange' | 'login' | 'open';

/** Gives an attempt its deadline; when it passes, the phase it hung in says why. */
export async function withinLimit<T>(
  where: string,
  limitMs: number,
  signal: AbortSignal,
  attempt: (limit: AbortSignal, phase: (phase: Phase) => void) => Promise<T>,
): Promise<T> {
  let phase: Phase = 'name';
  const limit = new AbortController();
  const onAbort = () => limit.abort(abortTrouble(where, signal));
  signal.addEventListener('abort', onAbort, { once: true });
  const timer = setTimeout(() => limit.abort(lateTrouble(where, phase, limitMs)), limitMs);
  try {
    if (signal.aborted) onAbort();
    return await attempt(limit.signal, (next) => {
      phase = next;
    });
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}

function lateTrouble(where: string, phase: Phase, limitMs: number): Unreachable {
  const seconds = `${limitMs / 1000} s`;
  if (phase === 'name')
    return new Unreachable('dns', `${where}: its name was not resolved within ${seconds}`);
  if (phase === 'banner')
    return new Unreachable(
      'banner-timeout',
      `${where} took the connection but did not say SSH within ${seconds}`,
      'its SSH server hangs, or something else listens on that port',
    );
  if (phase === 'tcp')
    return new Unreachable(
      'timeout',
      `${where} did not answer within ${seconds}`,
      'is it switched on, and does a firewall let SSH through?',
    );
  return new Unreachable('timeout', `${where} did not finish the login within ${seconds}`);
}
