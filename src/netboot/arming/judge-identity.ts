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
  const uuid = spelled(order.uuid);
  const serial = spelled(order.serial);
  if (uuid === '' && serial === '') return isBound(arming) ? judgeBound(claimed, claim) : unknown;
  const saysUuid = spelled(claim.uuid);
  const saysSerial = spelled(claim.serial);
  if (uuid !== '' && saysUuid !== '' && saysUuid !== uuid && swapUuid(saysUuid) !== uuid)
    return other('UUID', claim.uuid, order.uuid);
  if (serial !== '' && saysSerial !== '' && saysSerial !== serial)
    return other('serial number', claim.serial, order.serial);
  if ((uuid !== '' && saysUuid !== '') || (serial !== '' && saysSerial !== ''))
    return { is: 'same' };
  return isBound(arming) ? judgeBound(claimed, claim) : unknown;
}

const unknown: Identity = { is: 'unknown' };

/** Whether a technician typed the code that the PC showed. */
function isBound(arming: Arming): boolean {
  return arming.code === '' && arming.claimed.uuid !== '';
}

/** What a PC claims as it is kept: never '', which stands for no claim at all. */
export function keepClaim(claim: Claim): Claim {
  return { uuid: plainLine(claim.uuid) || 'none', serial: plainLine(claim.serial) || 'none' };
}

function judgeBound(bound: Claim, claim: Claim): Identity {
  const says = keepClaim(claim);
  if (says.uuid === bound.uuid && says.serial === bound.serial) return { is: 'same' };
  return {
    is: 'other',
    reason: `another PC than the one whose code was typed: it says UUID "${says.uuid}", serial number "${says.serial}"`,
  };
}

function other(factor: string, says: string, registered: string): Identity {
  return {
    is: 'other',
    reason: `the PC says ${factor} "${plainLine(says)}", registered is "${plainLine(registered)}"`,
  };
}
