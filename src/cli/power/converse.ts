import type { Host } from '../../model/host.ts';
import { LabError } from '../../model/lab-error.ts';
import type { PowerAction, PowerAnswer, PowerDeed, PowerTurn } from '../../model/power.ts';
import type { ChosenPower } from './choose-power.ts';

/** Does what a way to switch PCs wants done outside. */
export type DoDeed = (host: Host, deed: PowerDeed, signal: AbortSignal) => Promise<PowerAnswer>;

/** The end of a conversation. */
export type PowerEnd = Exclude<PowerTurn, { readonly deed: PowerDeed }>;

const mostDeeds = 64;

/** Leads the conversation of an action to its end. */
export async function converse(
  { power, options }: ChosenPower,
  action: PowerAction,
  host: Host,
  { doDeed, signal }: { readonly doDeed: DoDeed; readonly signal: AbortSignal },
): Promise<PowerEnd> {
  const answers: PowerAnswer[] = [];
  while (answers.length < mostDeeds) {
    const turn = power.turn(action, { host, options, answers });
    if (!('deed' in turn)) return turn;
    answers.push(await doDeed(host, turn.deed, signal));
  }
  throw new LabError('failed', `${power.name} never comes to an end`);
}
