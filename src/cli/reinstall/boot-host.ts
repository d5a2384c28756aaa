import { Unreachable } from '../../model/connection.ts';
import type { Host } from '../../model/host.ts';
import { LabError } from '../../model/lab-error.ts';
import type { BootAttempt } from '../../netboot/reinstall/effects.ts';
import type { Io } from '../io.ts';
import { choosePower, openPower, readPower } from '../power/choose-power.ts';
import { converse, type DoDeed } from '../power/converse.ts';

/** Reasons that leave it open whether a PC is on: nothing at all answered. */
const mayBeOff = new Set(['no-route', 'timeout']);

/** Makes a PC start from the network: BootNext and restart where a system answers over SSH, else by its power setting or a magic packet; where something answers that cannot be logged into, or no way does it, a person is asked. */
export async function bootFromNetwork(
  io: Io,
  host: Host,
  { doDeed, signal }: { readonly doDeed: DoDeed; readonly signal: AbortSignal },
): Promise<BootAttempt> {
  const bySsh = await tryWay(await openPower(io, 'ssh'), host, { doDeed, signal });
  if ('evidence' in bySsh) return bySsh;
  const power = await choosePower(io, host, 'netboot');
  const byPower = await tryWay(power, host, { doDeed, signal });
  const isOn = !mayBeOff.has(bySsh.why);
  const wakes = power.power.name === 'wol';
  if ('evidence' in byPower)
    return isOn && wakes
      ? { evidence: `${byPower.evidence}; ${bySsh.said}`, asksPerson: true }
      : byPower;
  return { evidence: `${bySsh.said}; ${byPower.said}`, asksPerson: true };
}

/** Sends a magic packet again, where that is how the host is switched on. */
export async function wakeAgain(
  io: Io,
  host: Host,
  more: { readonly doDeed: DoDeed; readonly signal: AbortSignal },
): Promise<void> {
  const written = await readPower(io, host);
  if (written && written.power.name !== 'wol') return;
  await converse(written ?? (await openPower(io, 'wol')), 'on', host, more);
}

type Tried = { readonly evidence: string } | { readonly said: string; readonly why: string };

async function tryWay(
  way: Awaited<ReturnType<typeof openPower>>,
  host: Host,
  more: { readonly doDeed: DoDeed; readonly signal: AbortSignal },
): Promise<Tried> {
  try {
    const end = await converse(way, 'netboot', host, more);
    return 'done' in end ? { evidence: end.done } : { said: end.failed, why: 'failed' };
  } catch (error) {
    more.signal.throwIfAborted();
    if (error instanceof Unreachable) return { said: error.message, why: error.reason };
    if (error instanceof LabError) return { said: error.message, why: 'failed' };
    throw error;
  }
}
