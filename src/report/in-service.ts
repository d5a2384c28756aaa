import type { RunHost } from '../model/event.ts';
import { isMapping } from '../model/value.ts';
import { type HostState, isMarkedBroken } from './check-states.ts';
import { fieldOf, type RunRecord } from './run-record.ts';

/** How many PCs of a room can be used; `total` are those that count, `excluded` the others of the run; `rate` is 0 to 1, null when nothing was judged. */
export interface RoomService {
  readonly room: string;
  readonly title: string;
  readonly total: number;
  readonly inService: number;
  readonly broken: number;
  readonly off: number;
  readonly unknown: number;
  readonly judged: number;
  readonly excluded: number;
  readonly rate: number | null;
}

/** Counts each room of a run by the rule the report prints: student PCs of the school, off and unknown named but not judged. */
export function foldService(
  record: RunRecord,
  states: ReadonlyMap<string, HostState>,
): RoomService[] {
  const titles = roomTitles(record);
  const byRoom = Map.groupBy(
    record.hosts.filter(({ room }) => room !== ''),
    ({ room }) => room,
  );
  return [...byRoom].map(([room, hosts]) => {
    const base = hosts.filter(countsForRate);
    const stateOf = (host: RunHost): HostState =>
      isMarkedBroken(host) ? 'broken' : (states.get(host.host) ?? 'unknown');
    const count = (...wanted: HostState[]): number =>
      base.filter((host) => wanted.includes(stateOf(host))).length;
    const inService = count('ready', 'attention');
    const broken = count('broken');
    const judged = inService + broken;
    return {
      room,
      title: titles.get(room) || room,
      total: base.length,
      inService,
      broken,
      off: count('off'),
      unknown: count('unknown'),
      judged,
      excluded: hosts.length - base.length,
      rate: judged === 0 ? null : Math.round((inService / judged) * 10_000) / 10_000,
    };
  });
}

function countsForRate(host: RunHost): boolean {
  return (
    ['', 'student'].includes(fieldOf(host, 'class')) &&
    ['', 'school'].includes(fieldOf(host, 'ownership')) &&
    !['retired', 'spare', 'loaned'].includes(fieldOf(host, 'status'))
  );
}

function roomTitles({ started }: RunRecord): ReadonlyMap<string, string> {
  const rooms = started.context['rooms'];
  const items = Array.isArray(rooms) ? rooms : [];
  return new Map(
    items
      .filter(isMapping)
      .map(({ name, title }) => [String(name), typeof title === 'string' ? title : '']),
  );
}

/** A rate for people, in whole percent: 100 and 0 only when it is exactly that, '-' when nothing was judged. */
export function renderRate({ rate, inService, judged }: RoomService): string {
  if (rate === null) return '-';
  const percent = Math.round(rate * 100);
  if (percent === 100 && inService < judged) return '99 %';
  return percent === 0 && inService > 0 ? '1 %' : `${percent} %`;
}
