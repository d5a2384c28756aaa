import type { RunEvent, TaskFinished } from '../model/event.ts';
import type { Outcome } from '../model/plan.ts';

/** One task on its way: what it came to by host. */
export interface TaskProgress {
  readonly id: string;
  readonly name: string;
  readonly action: string;
  readonly rows: ReadonlyMap<string, TaskFinished>;
  /** Rows, also of single items, whose result is there to be read. */
  readonly said: readonly TaskFinished[];
}

/** How a `lab play` stands: the tasks of the present play in order, and how far each host is. */
export interface PlayProgress {
  readonly play: string;
  readonly hosts: readonly string[];
  /** Hosts that are out of the play, with why. */
  readonly out: ReadonlyMap<string, string>;
  readonly tasks: readonly TaskProgress[];
  /** How many of the tasks have been told. */
  readonly told: number;
  readonly over: boolean;
}

export const noPlayYet: PlayProgress = {
  play: '',
  hosts: [],
  out: new Map(),
  tasks: [],
  told: 0,
  over: false,
};

/** What has to be told after an event, besides the live lines. */
export type Told =
  | { readonly kind: 'play'; readonly name: string; readonly hosts: number; readonly wave: string }
  | { readonly kind: 'task'; readonly task: TaskProgress }
  /** Why no further play or batch is begun. */
  | { readonly kind: 'stopped'; readonly why: string }
  /** A task failed on one host. */
  | { readonly kind: 'row'; readonly task: TaskProgress; readonly row: TaskFinished };

/** The state after one more event, and what is to be told now. A task is told once no host can still come to it. */
export function foldPlayProgress(
  state: PlayProgress,
  event: RunEvent,
): { readonly state: PlayProgress; readonly told: readonly Told[] } {
  switch (event.type) {
    case 'play.started': {
      const { name, hosts, wave = '' } = event;
      const next = { ...noPlayYet, play: name, hosts };
      return {
        state: next,
        told: [...rest(state), { kind: 'play', name, hosts: hosts.length, wave }],
      };
    }
    case 'task.started': {
      const { task: id, name, action } = event;
      const task = { id, name, action, rows: new Map(), said: [] };
      return tell({ ...state, tasks: [...state.tasks, task] });
    }
    case 'task.finished':
      return takeRow(state, event);
    case 'play.finished':
    case 'run.finished': {
      const why = event.type === 'play.finished' ? event.stopped : undefined;
      const stopped = why === undefined ? [] : [{ kind: 'stopped' as const, why }];
      const over = { ...state, told: state.tasks.length, over: true };
      return { state: over, told: [...rest(state), ...stopped] };
    }
    default:
      return { state, told: [] };
  }
}

function takeRow(state: PlayProgress, row: TaskFinished): ReturnType<typeof foldPlayProgress> {
  const index = state.tasks.findIndex(({ id }) => id === row.task);
  const task = state.tasks[index];
  if (!task) return { state, told: [] };
  const now = {
    ...task,
    rows: row.item === undefined ? new Map(task.rows).set(row.host, row) : task.rows,
    said: saysSomething(task, row) ? [...task.said, row] : task.said,
  };
  const next = tell({
    ...state,
    tasks: state.tasks.with(index, now),
    out: isOut(row) ? new Map(state.out).set(row.host, row.outcome) : state.out,
  });
  const worthTelling = row.result['results'] === undefined && isTroubled(row);
  return worthTelling ? { ...next, told: [{ kind: 'row', task: now, row }, ...next.told] } : next;
}

/** Whether a row is a failure that counts. */
export function isTroubled({ outcome, ignored }: TaskFinished): boolean {
  return !ignored && (outcome === 'failed' || outcome === 'unreachable');
}

function isOut(row: TaskFinished): boolean {
  return row.item === undefined && isTroubled(row) && !row.rescued;
}

/** What `debug` says is there to be read. */
function saysSomething({ action }: TaskProgress, { outcome, result }: TaskFinished): boolean {
  return action.endsWith('.debug') && outcome === 'ok' && result['results'] === undefined;
}

function tell(state: PlayProgress): ReturnType<typeof foldPlayProgress> {
  const told: Told[] = [];
  let count = state.told;
  for (let task = state.tasks[count]; task && isPast(state, count); task = state.tasks[count]) {
    told.push({ kind: 'task', task });
    count += 1;
  }
  return { state: { ...state, told: count }, told };
}

/** Whether every host has finished the task, has a row of a later one, or is out. */
function isPast({ tasks, hosts, out }: PlayProgress, index: number): boolean {
  const later = tasks.slice(index);
  return hosts.every((host) => out.has(host) || later.some(({ rows }) => rows.has(host)));
}

function rest(state: PlayProgress): Told[] {
  return state.tasks.slice(state.told).map((task) => ({ kind: 'task', task }));
}

/** How many hosts came to what in a task; failures that do not count are `ignored`. */
export function countRows({ rows }: TaskProgress): {
  readonly [outcome in Outcome | 'ignored']?: number;
} {
  const counts: { [outcome in Outcome | 'ignored']?: number } = {};
  for (const { outcome, ignored } of rows.values()) {
    const name = ignored ? 'ignored' : outcome;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}
