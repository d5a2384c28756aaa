import type { Host, Owner } from '../model/host.ts';
import type { Registration } from '../model/registration.ts';
import { renderCanonical } from './canonical.ts';

/** Nobody. */
export const nobody: Owner = { name: '', id: '', department: '', phone: '' };

/** What the register says of a host, out of what the inventory says of it. */
export function registrationOf({ name, room, seat, ip, macs, owner }: Host): Registration {
  return {
    host: name,
    room: room?.name ?? '',
    seat,
    ip,
    macs: macs.map(({ addr, role, primary }) => ({ addr, role, primary })),
    owner: {
      name: owner.name,
      id: owner.id,
      department: owner.department,
      phone: owner.phone,
    },
  };
}

/** Whether two registrations say the same. */
export function isSameRegistration(one: Registration | null, other: Registration | null): boolean {
  return renderCanonical(one) === renderCanonical(other);
}

/** Staff numbers tell people apart; where one is missing, their names do. */
export function isSamePerson(one: Owner, other: Owner): boolean {
  return one.id !== '' && other.id !== '' ? one.id === other.id : one.name === other.name;
}

/** An owner as people are told: `张伟 (0117)`, or '' for nobody. */
export function renderOwner({ name, id }: Owner): string {
  if (id === '') return name;
  return name === '' ? id : `${name} (${id})`;
}
