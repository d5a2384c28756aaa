import { randomInt } from 'node:crypto';
import { hostname, userInfo } from 'node:os';
import { renderRunId } from '../store/run-id.ts';
import type { Context } from './context.ts';
import type { Io } from './io.ts';

/** A run's name and author, known before its plan is made. */
export interface RunIdentity {
  readonly run: string;
  /** ISO 8601. */
  readonly since: string;
  /** Such as `zhang@office-7`. */
  readonly who: string;
}

/** Who acts, such as `zhang@office-7`: under sudo the person who called it; the number of an account that has no name, as in a container. */
export function nameActor({ env }: Pick<Io, 'env'>): string {
  return `${env['SUDO_USER'] ?? nameAccount()}@${hostname()}`;
}

/** The name of the account that this process runs as; its number where it has none. */
export function nameAccount(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid-${process.geteuid?.() ?? ''}`;
  }
}

/** Names a new run. */
export function makeRunIdentity({ io }: Context): RunIdentity {
  const at = new Date(io.now());
  return {
    run: renderRunId(at, randomInt(2 ** 30) / 2 ** 30),
    since: at.toISOString(),
    who: nameActor(io),
  };
}
