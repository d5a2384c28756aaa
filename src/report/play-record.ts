import type {
  PlayStarted,
  PlayStats,
  RunEvent,
  TaskFinished,
  TaskStarted,
} from '../model/event.ts';
import { addCounts, countsOf, noStats } from '../model/play-stats.ts';
import { foldRecord, type RunRecord } from './run-record.ts';

type Stamped<T> = T & { readonly at: string };

/** A task with what became of it on each host; `items` are the single items of its loop. */
export interface PlayedTask {
  readonly task: TaskStarted;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly rows: readonly Stamped<TaskFinished>[];
  readonly items: readonly Stamped<TaskFinished>[];
}

/** A play, or one batch of it, with its tasks in the order they began. */
export interface PlayedPlay {
  readonly play: PlayStarted;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly tasks: readonly PlayedTask[];
}

/** Everything the events of a `lab play` say, sorted by plays and tasks. */
export interface PlayRecord extends RunRecord {
  readonly plays: readonly PlayedPlay[];
  /** As counted when the run ended; as far as known while it has not. */
  readonly stats: ReadonlyMap<string, PlayStats>;
  /** Why no further play or batch was begun, or ''. */
  readonly stopped: string;
}

type Growing<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer I)[] ? I[] : T[K] };
type GrowingPlay = Growing<Omit<PlayedPlay, 'tasks'>> & { tasks: Growing<PlayedTask>[] };

/** Folds the events of one `lab play`. */
export function foldPlayRecord(events: readonly RunEvent[]): PlayRecord {
  const plays: GrowingPlay[] = [];
  const tasks = new Map<string, Growing<PlayedTask>>();
  for (const event of events) {
    const play = plays.at(-1);
    if (event.type === 'play.started')
      plays.push({ play: event, startedAt: event.at, finishedAt: event.at, tasks: [] });
    else if (event.type === 'task.started') {
      const task = { task: event, startedAt: event.at, finishedAt: event.at, rows: [], items: [] };
      tasks.set(event.task, task);
      play?.tasks.push(task);
    } else if (event.type === 'task.finished') {
      addRow(tasks.get(event.task), event);
      if (play) play.finishedAt = event.at;
    }
  }
  const record = foldRecord(events);
  const rows = [...tasks.values()].flatMap((task) => task.rows);
  // Each play, or batch of one, ends with what its hosts came to since the run began.
  const ends = events.filter((event) => event.type === 'play.finished');
  const counted = new Map(ends.flatMap(({ stats }) => Object.entries(stats)));
  const isWhole = ends.length > 0 && ends.length >= plays.length;
  const stopped = ends.findLast((end) => end.stopped !== undefined)?.stopped ?? '';
  return { ...record, plays, stats: isWhole ? counted : countRows(rows), stopped };
}

function addRow(task: Growing<PlayedTask> | undefined, row: Stamped<TaskFinished>): void {
  if (!task) return;
  task.finishedAt = row.at;
  (row.item === undefined ? task.rows : task.items).push(row);
}

/** What a result says, in one text. */
export function messageOf({ msg }: TaskFinished['result']): string {
  if (msg === undefined || msg === null) return '';
  return typeof msg === 'string' ? msg : JSON.stringify(msg);
}

/** The recap of a run that has not ended (its controller may have died). */
function countRows(rows: readonly TaskFinished[]): Map<string, PlayStats> {
  const stats = new Map<string, PlayStats>();
  for (const row of rows)
    stats.set(row.host, addCounts(stats.get(row.host) ?? noStats, countsOf(row)));
  return stats;
}
