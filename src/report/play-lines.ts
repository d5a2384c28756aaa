import { displayWidth, fitWidth, printable, printableLines } from '../model/display.ts';
import type { TaskFinished } from '../model/event.ts';
import { foldNames } from '../model/host-names.ts';
import type { Outcome } from '../model/plan.ts';
import { countRows, type PlayProgress, type TaskProgress, type Told } from './play-progress.ts';
import { messageOf } from './play-record.ts';
import type { LiveView } from './progress-lines.ts';
import type { KeptLine } from './progress-view.ts';
import { renderTally } from './tally.ts';
import { type Words, wordFor } from './words.ts';

const cells: { readonly [O in Outcome]: string } = {
  ok: '.',
  changed: 'c',
  skipped: '-',
  failed: 'F',
  unreachable: 'U',
  cancelled: 'x',
};

/** Lines that stay: a heading for each play, a line for each finished task, troubles and what `debug` says as they come. */
export function renderTold(told: Told, words: Words): KeptLine[] {
  if (told.kind === 'play') {
    const wave = told.wave === '' ? '' : `  ${told.wave}`;
    return [
      {
        text: `${printable(told.name)}${wave}${words.inParens(words.hostCount(told.hosts))}`,
        tone: 'strong',
      },
    ];
  }
  if (told.kind === 'task')
    return [renderTask(told.task, words), ...renderSaid(told.task)].map((text) => ({
      text,
      tone: 'plain',
    }));
  if (told.kind === 'stopped')
    return [{ text: `${words.notGoneOn}: ${printable(told.why)}`, tone: 'bad' }];
  const { row, task } = told;
  const word = wordFor(row.outcome, words);
  const rescued = row.rescued ? words.inParens(words.rescued) : '';
  const text = `  ${printable(row.host)}  ${word}${rescued}  ${printable(task.name)}: ${printable(messageOf(row.result))}`;
  return [{ text, tone: row.outcome === 'failed' ? 'bad' : 'doubt' }];
}

/** What a task said, once for all hosts it said the same on. */
function renderSaid({ said }: TaskProgress): string[] {
  const alike = new Map<string, string[]>();
  for (const row of said) {
    const text = saidBy(row).join('\n');
    alike.set(text, [...(alike.get(text) ?? []), row.host]);
  }
  return [...alike].flatMap(([text, hosts]) => {
    const names = printable(foldNames([...new Set(hosts)]));
    return text.split('\n').map((line) => `  ${names}: ${line}`);
  });
}

function saidBy({ result }: TaskFinished): string[] {
  const shown = Object.entries(result).filter(
    ([key]) => !key.startsWith('_ansible') && !['changed', 'failed', 'action'].includes(key),
  );
  return shown.flatMap(([key, value]) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    const lines = printableLines(text);
    return key === 'msg'
      ? lines
      : lines.map((line, index) => (index === 0 ? `${key}: ${line}` : line));
  });
}

function renderTask(task: TaskProgress, words: Words): string {
  const counts = countRows(task);
  const changed = [...task.rows.values()].filter(({ outcome }) => outcome === 'changed');
  const some = changed.length > 0 && changed.length < task.rows.size;
  const names = some ? words.inParens(foldNames(changed.map(({ host }) => host))) : '';
  return `${printable(task.name)}  ${renderTally(counts, words).join('  ')}${names}`;
}

/** The live table: a line for each host of the play with a letter for each task (`.` ok, `c` changed, `-` skipped, `F` failed, `U` unreachable), then the present task. Never higher than the screen, never as wide. */
export function renderLivePlay(state: PlayProgress, view: LiveView): string[] {
  const columns = Math.max(0, view.columns - 1);
  const room = Math.max(0, view.rows - 2 - Math.min(view.kept, Math.floor(view.rows / 3)));
  const names = state.hosts.map(printable);
  const width = Math.min(24, Math.max(0, ...names.map(displayWidth)));
  const shown = orderHosts(state).slice(
    0,
    state.hosts.length > room ? Math.max(0, room - 1) : room,
  );
  const fits = Math.max(1, columns - width - 30);
  const lines = shown.map((host) => {
    const name = fitWidth(printable(host), width);
    const row = state.tasks.map(({ rows }) => cells[rows.get(host)?.outcome ?? 'cancelled']);
    const done = state.tasks.map(({ rows }, index) => (rows.has(host) ? row[index] : ' ')).join('');
    const doing = state.out.get(host) ?? nextTask(state, host)?.name ?? '';
    const tail = done.length > fits ? done.slice(-fits) : done;
    return `${name}${' '.repeat(width - displayWidth(name))}  ${tail.trimEnd()}  ${printable(doing)}`;
  });
  const hidden = state.hosts.length - shown.length;
  const more = hidden > 0 && room > 0 ? [`… ${view.words.moreRunning(hidden)}`] : [];
  return [...lines, ...more, renderNow(state, view)].map((line) => fitWidth(line, columns));
}

/** Hosts that are behind first: those are the ones one waits for. */
function orderHosts(state: PlayProgress): string[] {
  const doneBy = (host: string): number => state.tasks.filter(({ rows }) => rows.has(host)).length;
  const ranks = new Map(
    state.hosts.map((host) => [host, state.out.has(host) ? 1e9 : doneBy(host)]),
  );
  return [...state.hosts].sort((a, b) => (ranks.get(a) ?? 0) - (ranks.get(b) ?? 0));
}

function nextTask({ tasks }: PlayProgress, host: string): TaskProgress | undefined {
  const last = tasks.findLastIndex(({ rows }) => rows.has(host));
  return tasks[last + 1];
}

function renderNow(state: PlayProgress, { words }: LiveView): string {
  const task = state.tasks.at(-1);
  const done = task ? task.rows.size : 0;
  const name = task ? printable(task.name) : '';
  return `${printable(state.play)}  ${name}  ${words.progress(done, state.hosts.length)}`;
}
