import type { Host } from '../model/host.ts';
import type { Position, Problem } from '../model/problem.ts';
import type { Registration } from '../model/registration.ts';
import { renderOwner } from './registration.ts';

/** Everything another host has already of what a host is to have; each problem names the holder and stands where the holder has it. As in lint, docks may be shared and retired hosts hold no address and no seat. */
export function findConflicts(hosts: readonly Host[], wanted: Registration): Problem[] {
  const others = hosts.filter(({ name }) => name !== wanted.host);
  return [
    ...macConflicts(others, wanted),
    ...ipConflicts(others, wanted),
    ...seatConflicts(others, wanted),
    ...ownerConflicts(others, wanted),
  ];
}

/** Who has it and where, as people are told: `a03 (张伟 (0117), seat 03 of lab_a)`. */
function tellHolder({ name, owner, seat, room }: Host): string {
  const seated = seat === '' ? '' : `seat ${seat}`;
  const place = [seated, room?.name ?? ''].filter((part) => part !== '').join(' of ');
  const about = [renderOwner(owner), place].filter((part) => part !== '').join(', ');
  return about === '' ? name : `${name} (${about})`;
}

function problem(rule: string, holder: Host, variable: string, what: string, hint: string) {
  const at: Position = holder.originOf(variable) ?? holder.at;
  const { file, line, column } = at;
  const message = `${what} belongs to ${tellHolder(holder)}`;
  return { file, line, column, severity: 'error', rule, path: '', message, hint } as const;
}

function macConflicts(others: readonly Host[], wanted: Registration): Problem[] {
  const own = new Set(wanted.macs.filter(({ role }) => role !== 'dock').map(({ addr }) => addr));
  return others.flatMap((holder) =>
    holder.macs
      .filter(({ addr, role }) => role !== 'dock' && own.has(addr))
      .map(({ addr }) =>
        problem(
          'mac-taken',
          holder,
          'mac',
          `the MAC address ${addr}`,
          'read it on the PC itself; if the card moved, release the other host first',
        ),
      ),
  );
}

function ipConflicts(others: readonly Host[], { ip }: Registration): Problem[] {
  if (ip === '') return [];
  return others
    .filter((holder) => holder.ip === ip && holder.status !== 'retired')
    .map((holder) =>
      problem(
        'ip-taken',
        holder,
        'ip',
        `the IP address ${ip}`,
        'choose a free one, or release the other host first',
      ),
    );
}

function seatConflicts(others: readonly Host[], { seat, room }: Registration): Problem[] {
  if (seat === '' || room === '') return [];
  return others
    .filter(
      (holder) =>
        holder.room?.name === room &&
        holder.status !== 'retired' &&
        holder.seat !== '' &&
        seatNumber(holder.seat) === seatNumber(seat),
    )
    .map((holder) =>
      problem(
        'seat-taken',
        holder,
        'seat',
        `seat ${seat} of ${room}`,
        'choose a free one, or give the other host another seat first',
      ),
    );
}

/** Seats `7` and `07` are one. */
export function seatNumber(seat: string): string {
  return seat
    .trim()
    .toLowerCase()
    .replace(/^0+(?=\d)/, '');
}

function ownerConflicts(others: readonly Host[], { owner }: Registration): Problem[] {
  if (owner.id === '' || owner.name === '') return [];
  const [holder] = others.filter(
    (other) =>
      other.owner.id === owner.id && other.owner.name !== '' && other.owner.name !== owner.name,
  );
  if (!holder) return [];
  const hint = 'correct the number or the name; one staff number is one person';
  return [problem('owner-id-taken', holder, 'owner', `the staff number ${owner.id}`, hint)];
}
