import { admitCard } from '../arming/admit-card.ts';
import type { Desk } from './promise.ts';

/** Why a request does not come from the PC it speaks of (`pc`: its name, or the address it gave): the neighbour table has another network card for `address` than one of `macs`. '' where it is one of them, and where the table knows nothing, as behind a router: then nobody can tell. */
export async function judgeCard(
  { effects }: Desk,
  address: string,
  { pc, macs }: { readonly pc: string; readonly macs: readonly string[] },
): Promise<string> {
  const card = await effects.neighbourMac(address);
  if (admitCard(card, macs)) return '';
  return `the request came from the network card ${card}, which is not one of ${pc}`;
}
