import type { Host, Inventory, Owner } from '../model/host.ts';
import { LabError } from '../model/lab-error.ts';
import type { RegistryAsk } from '../model/registration.ts';
import { renderOwner } from './registration.ts';
import type { OpenRequest } from './requests.ts';

/** Stands for the name of whoever has a staff number that no host of the inventory has: never registered, only asked for. */
export const unknownPerson = 'unknown person';

/** The owner who has this staff number somewhere in the inventory; undefined where nobody has. */
export function findPerson(hosts: readonly Host[], id: string): Owner | undefined {
  return hosts.find(({ owner }) => owner.id === id && owner.name !== '')?.owner;
}

/** What a request asks for, with the person it is for: as it names them, as the inventory knows their number by now, or as was typed (`name`). Throws LabError 'refused' where nobody knows the person, 'usage' for a name beside one that is known. */
export function nameOwner(
  { ask, row }: OpenRequest,
  { hosts }: Inventory,
  name: string,
): RegistryAsk {
  const isNamed = ask.owner.name !== unknownPerson;
  const known = isNamed ? ask.owner : findPerson(hosts, ask.owner.id);
  if (known && name !== '' && name !== known.name)
    throw new LabError(
      'usage',
      `request ${row.seq} names its owner: ${renderOwner(known) || 'nobody'}`,
      'leave --owner out, or reject the request',
    );
  if (isNamed) return ask;
  const owner = known?.name ?? name;
  if (owner === '')
    throw new LabError(
      'refused',
      `request ${row.seq} names a person by the staff number ${ask.owner.id} alone, and nobody in the inventory has it`,
      `find out who that is: lab registry approve ${row.seq} --owner NAME, or reject it`,
    );
  return { ...ask, owner: { ...ask.owner, name: owner } };
}
