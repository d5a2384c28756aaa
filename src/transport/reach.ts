import { type ReachReason, Unreachable } from '../model/connection.ts';

const reasonByCode: { readonly [code: string]: ReachReason } = {
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'no-route',
  ENETUNREACH: 'no-route',
  EHOSTDOWN: 'no-route',
  ENETDOWN: 'no-route',
  EADDRNOTAVAIL: 'no-route',
  EACCES: 'no-route',
  EPERM: 'no-route',
  ETIMEDOUT: 'timeout',
  ECONNRESET: 'reset',
  ECONNABORTED: 'reset',
  EPIPE: 'reset',
};

const sentences: { readonly [R in ReachReason]?: string } = {
  refused: 'refuses connections on that port',
  'no-route': 'cannot be reached from this network',
  timeout: 'did not answer in time',
  reset: 'closed the connection',
};

const hints: { readonly [R in ReachReason]?: string } = {
  refused: 'is the SSH server running, and on this port?',
  'no-route': 'is it switched on and plugged in, and is this machine in the right network?',
  timeout: 'is it switched on, and does a firewall let SSH through?',
};

/** Says in a stable word and a sentence why a socket failed (errno names of connect(2)). */
export function socketTrouble(where: string, cause: unknown): Unreachable {
  const code = codeOf(cause);
  const reason = reasonByCode[code] ?? 'reset';
  const detail = code === '' ? messageOf(cause) : code;
  return new Unreachable(
    reason,
    `${where} ${sentences[reason] ?? 'closed the connection'} (${detail})`,
    hints[reason] ?? '',
    cause,
  );
}

/** What stops an attempt: the caller's own reason if it is one of ours, else `deadline`. */
export function abortTrouble(where: string, signal: AbortSignal): Error {
  const reason: unknown = signal.reason;
  if (reason instanceof Unreachable) return reason;
  return new Unreachable('deadline', `${where}: stopped before it was done`, '', reason);
}

/** An error's errno name, or ''. */
export function codeOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : '';
  return typeof code === 'string' ? code : '';
}

/** An error's text, whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
