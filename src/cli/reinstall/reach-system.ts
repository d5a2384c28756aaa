import { type ReachReason, Unreachable } from '../../model/connection.ts';
import type { Host } from '../../model/host.ts';
import { LabError } from '../../model/lab-error.ts';
import type { Attempt } from '../../netboot/reinstall/effects.ts';
import type { Context } from '../context.ts';
import { openConnect } from '../open-connect.ts';

const attemptMs = 5_000;

/** A host as its new system is reached: everything as the inventory says, but where it answers. */
export function atAddress(host: Host, address: string): Host {
  return address === '' ? host : { ...host, connection: { ...host.connection, address } };
}

/** Reasons behind which no system said anything. One that refuses the login, or shows another host key, has answered. */
const silent: ReadonlySet<ReachReason> = new Set([
  ...(['no-route', 'refused', 'timeout', 'banner-timeout', 'reset', 'deadline'] as const),
]);

/** Whether a host that could not be reached is just away, and may be asked again: it starts its SSH server or its network anew. */
export function isAway(reason: ReachReason | undefined): boolean {
  return reason !== undefined && silent.has(reason);
}

/** Logs in to a new system and out again. What is recorded of its host keys decides whether it is the right one. */
export async function reachSystem(
  context: Context,
  host: Host,
  address: string,
  signal: AbortSignal,
): Promise<Attempt> {
  const { connect } = await openConnect(context, { connectTimeoutMs: attemptMs });
  try {
    await using _session = await connect(atAddress(host, address), signal);
    return { evidence: `SSH at ${address}` };
  } catch (error) {
    if (error instanceof Unreachable) return { reason: error.message, hint: error.hint };
    if (error instanceof LabError) return { reason: error.message, hint: error.hint };
    throw error;
  }
}
