import { LabError } from '../../model/lab-error.ts';
import type { Entry, Included, Task } from '../../model/playbook.ts';
import { makeVars, type Vars } from '../../model/value.ts';
import { conclude } from './conclude.ts';
import { openCourse } from './course.ts';
import { type HostRun, type Place, type PlayRun, stillIn } from './play-run.ts';
import { failure } from './result-shape.ts';
import { itemRow } from './rows.ts';
import { announce, passesBy } from './run-segment.ts';
import { runTask, type TaskEnd } from './run-task.ts';
import { selectEntries } from './select-tasks.ts';

/** One file or role to be included, with the variables of its turn of the loop, for the hosts that asked for just that. */
interface Wanted {
  readonly key: string;
  readonly rendered: { readonly [name: string]: string };
  readonly vars: Vars;
  readonly hosts: HostRun[];
}

/** Runs an include: each host says what it wants, and the same wish of several hosts is run for them together. */
export async function runInclude(
  run: PlayRun,
  task: Task,
  hosts: readonly HostRun[],
  place: Place,
): Promise<void> {
  const id = announce(run, task, hosts[0]);
  const wanted: Wanted[] = [];
  for (const host of hosts.filter((one) => !passesBy(one, task))) {
    const startedAt = run.rim.now();
    const course = openCourse(run.workers, host.name, () => undefined);
    const end = await runTask(run, {
      host,
      task,
      course,
      ahead: () => undefined,
      onItem: (item, label) => run.rim.emit(itemRow(run, { host, id }, item, label)),
    });
    conclude(run, { host, task, id, place, end, durationMs: run.rim.now() - startedAt });
    if (host.standing === 'in') collect(wanted, host, task, end);
  }
  for (const one of wanted) await runWanted(run, task, one, { id, place });
}

function collect(wanted: Wanted[], host: HostRun, task: Task, end: TaskEnd): void {
  for (const item of end.items) {
    if (!item.include) continue;
    const { include: rendered, result } = item;
    const names = task.loop
      ? [
          task.loop.loopVar,
          task.loop.indexVar,
          'ansible_loop',
          'ansible_loop_var',
          'ansible_index_var',
        ]
      : [];
    const vars: Vars = makeVars(
      names.flatMap((name) =>
        name !== undefined && result[name] !== undefined ? [[name, result[name]] as const] : [],
      ),
    );
    const key = JSON.stringify([rendered, vars]);
    const same = wanted.find((one) => one.key === key && !one.hosts.includes(host));
    if (same) same.hosts.push(host);
    else wanted.push({ key, rendered, vars, hosts: [host] });
  }
}

async function runWanted(
  run: PlayRun,
  task: Task,
  wanted: Wanted,
  { id, place }: { id: string; place: Place },
): Promise<void> {
  const here = stillIn(wanted.hosts);
  if (here.length === 0) return;
  const included = await load(run, task, wanted, id);
  if (!included) return;
  if (task.does.kind === 'include_tasks') for (const { counts } of here) counts.ok++;
  run.handlers.push(...included.handlers);
  if (task.does.kind === 'include_role' && task.does.public)
    run.publicRoles.push(...included.roles);
  const entries = selectEntries(run, included.entries).map((entry) => withVars(entry, wanted.vars));
  await run.walk(run, entries, here, place);
}

async function load(
  run: PlayRun,
  task: Task,
  wanted: Wanted,
  id: string,
): Promise<Included | undefined> {
  try {
    return await run.loadInclude(task, wanted.rendered);
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    const problems = error.problems.map(
      ({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`,
    );
    const result = failure([error.message, ...problems].join('\n'));
    for (const host of stillIn(wanted.hosts)) {
      const end = { result, items: [], isLoop: false, isIgnored: false };
      conclude(run, {
        host,
        task,
        id,
        place: { isRescuable: false, part: 'block' },
        end,
        durationMs: 0,
      });
    }
    return undefined;
  }
}

function withVars(entry: Entry, vars: Vars): Entry {
  if (Object.keys(vars).length === 0) return entry;
  if (entry.kind === 'task')
    return { ...entry, keywords: { ...entry.keywords, vars: [vars, ...entry.keywords.vars] } };
  const within = (entries: readonly Entry[]) => entries.map((one) => withVars(one, vars));
  return {
    ...entry,
    block: within(entry.block),
    rescue: within(entry.rescue),
    always: within(entry.always),
  };
}
