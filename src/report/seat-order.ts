// One collator for the whole program's life; making one costs milliseconds. Numbers count as numbers: A2 before A10.
const natural = new Intl.Collator('en', { numeric: true });

/** What seat order looks at. */
export interface Seated {
  readonly host: string;
  readonly room: string;
  readonly seat: string;
}

/** Sorts hosts the way a person walks: rooms in the order they are first named, hosts without a room last; then seats, then names; numbers count as numbers. */
export function sortBySeat<T extends Seated>(hosts: readonly T[]): T[] {
  const rooms = new Map<string, number>();
  for (const { room } of hosts) if (room !== '' && !rooms.has(room)) rooms.set(room, rooms.size);
  const placeOf = ({ room }: T): number => rooms.get(room) ?? rooms.size;
  return [...hosts].sort(
    (a, b) =>
      placeOf(a) - placeOf(b) ||
      Number(a.seat === '') - Number(b.seat === '') ||
      natural.compare(a.seat, b.seat) ||
      natural.compare(a.host, b.host),
  );
}
