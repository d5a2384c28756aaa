import type { Arming } from '../../model/boot.ts';
import { isPlaceholder } from '../../model/placeholders.ts';
import { plainLine } from './reach-stage.ts';

/** What a PC says of itself beyond its MAC address. */
export interface Claim {
  readonly uuid: string;
  readonly serial: string;
}

/** What comparing a PC with its registration found: `unknown` asks for a technician (a code on the screen). */
export type Identity =
  | { readonly is: 'same' }
  | { readonly is: 'unknown' }
  | { readonly is: 'other'; readonly reason: string };

const spelled = (text: string): string => {
  const plain = text.trim().toLowerCase();
  return isPlaceholder(plain) ? '' : plain;
};

/** The same UUID with its first three fields in the other byte order: firmware before SMBIOS 2.6 was read both ways (DMTF DSP0134, 7.2.1). */
function swapUuid(uuid: string): string {
  const turn = (field: string) => (field.match(/../g) ?? []).reverse().join('');
  const [low = '', mid = '', high = '', ...rest] = uuid.split('-');
  return [turn(low), turn(mid), turn(high), ...rest].join('-');
}

/** Compares the second factor: a registered UUID or serial number that differs makes it another PC, one that fits makes it the same; makers' placeholders count as not known, on both sides. A PC that was bound by its code must go on saying the same. */
export function judgeIdentity(arming: Arming, claim: Claim): Identity {
  const { order, claimed } = arming;
  const registered = compare(order, claim, 'registered is');
  if (registered.is !== 'unknown' || !isBound(arming)) return registered;
  const bound = compare(claimed, claim, 'the PC whose code was typed says');
  const saysNothing = [claimed, claim].every((one) => !spelled(one.uuid) && !spelled(one.serial));
  return saysNothing ? { is: 'same' } : bound;
}

function compare(known: Claim, claim: Claim, by: string): Identity {
  let fits = false;
  for (const factor of ['uuid', 'serial'] as const) {
    const expected = spelled(known[factor]);
    const said = spelled(claim[factor]);
    if (expected === '' || said === '') continue;
    if (said !== expected && (factor === 'serial' || swapUuid(said) !== expected))
      return {
        is: 'other',
        reason: `the PC says ${words[factor]} "${plainLine(claim[factor])}", ${by} "${plainLine(known[factor])}"`,
      };
    fits = true;
  }
  return { is: fits ? 'same' : 'unknown' };
}

const words = { uuid: 'UUID', serial: 'serial number' };

/** Whether a technician typed the code that the PC showed. */
function isBound(arming: Arming): boolean {
  return arming.code === '' && arming.claimed.uuid !== '';
}

/** What a PC claims as it is kept: never '', which stands for no claim at all. */
export function keepClaim(claim: Claim): Claim {
  return { uuid: plainLine(claim.uuid) || 'none', serial: plainLine(claim.serial) || 'none' };
}
