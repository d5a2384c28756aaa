import { randomInt } from 'node:crypto';
import { hostname, userInfo } from 'node:os';
import { renderRunId } from '../store/run-id.ts';
import type { Context } from './context.ts';

/** A run's name and author, known before its plan is made. */
export interface RunIdentity {
  readonly run: string;
  /** ISO 8601. */
  readonly since: string;
  /** Such as `zhang@office-7`. */
  readonly who: string;
}

/** Names a new run. */
export function makeRunIdentity({ io }: Context): RunIdentity {
  const at = new Date(io.now());
  const person = io.env['SUDO_USER'] ?? userInfo().username;
  return {
    run: renderRunId(at, randomInt(2 ** 30) / 2 ** 30),
    since: at.toISOString(),
    who: `${person}@${hostname()}`,
  };
}
