import { LabError } from '../../model/lab-error.ts';
import type { Entry, Included, Task } from '../../model/playbook.ts';
import { makeVars, type Vars } from '../../model/value.ts';
import { conclude } from './conclude.ts';
import { openCourse } from './course.ts';
import type { Ended } from './ended.ts';
import type { ItemEnd } from './item-end.ts';
import { addHandlers } from './notify.ts';
import { type HostRun, type Place, type PlayRun, stillIn } from './play-run.ts';
import { failure, type Result } from './result-shape.ts';
import { itemRow } from './rows.ts';
import { announce, passesBy } from './run-segment.ts';
import { runTask } from './run-task.ts';
import { selectEntries } from './select-tasks.ts';

/** One file or role to be included, with the variables of its turn of the loop, for the hosts that asked for just that. */
interface Wanted {
  readonly key: string;
  readonly included: Included;
  readonly vars: Vars;
  readonly hosts: HostRun[];
}

/** What a name stands for, or why it could not be read. */
type Loaded = { readonly included: Included } | { readonly trouble: Result };

/** Runs an include: each host says what it wants, and the same wish of several hosts is run for them together. */
export async function runInclude(
  run: PlayRun,
  task: Task,
  hosts: readonly HostRun[],
  place: Place,
): Promise<void> {
  const id = announce(run, task, hosts[0]);
  const known = new Map<string, Promise<Loaded>>();
  const load = (rendered: ItemEnd['include'] & object): Promise<Loaded> => {
    const key = JSON.stringify(rendered);
    const loading = known.get(key) ?? read(run, task, rendered);
    known.set(key, loading);
    return loading;
  };
  const wanted: Wanted[] = [];
  for (const host of hosts.filter((one) => !passesBy(one, task)))
    await ask(run, { host, task, id, place }, load, wanted);
  // as in Ansible, what was read counts, whether or not a host comes to it
  if (task.does.kind === 'include_tasks')
    for (const { counts } of wanted.flatMap((one) => one.hosts)) counts.ok++;
  for (const { included, vars } of wanted)
    addHandlers(
      run,
      included.handlers.map((handler) => withVars(handler, vars) as Task),
    );
  for (const one of wanted) await runWanted(run, task, one, place);
}

/** Asks one host what it wants and notes it. What cannot be read is the host's failure. */
async function ask(
  run: PlayRun,
  at: Pick<Ended, 'host' | 'task' | 'id' | 'place'>,
  load: (rendered: ItemEnd['include'] & object) => Promise<Loaded>,
  wanted: Wanted[],
): Promise<void> {
  const { host, task } = at;
  const startedAt = run.rim.now();
  const course = openCourse(run.workers, host.name, () => undefined);
  const end = await runTask(run, {
    host,
    task,
    course,
    ahead: () => undefined,
    onItem: (item, label) => run.rim.emit(itemRow(run, at, item, label)),
  });
  const wishes = await Promise.all(
    end.items.flatMap((item) =>
      item.include ? [load(item.include).then((loaded) => ({ item, loaded }))] : [],
    ),
  );
  const trouble = wishes.flatMap(({ loaded }) => ('trouble' in loaded ? [loaded.trouble] : []))[0];
  const told = trouble ? { ...end, result: trouble, isIgnored: false } : end;
  conclude(run, { ...at, end: told, durationMs: run.rim.now() - startedAt });
  if (host.standing !== 'in') return;
  for (const { item, loaded } of wishes)
    if ('included' in loaded) note(wanted, at, item, loaded.included);
}

function note(
  wanted: Wanted[],
  { host, task }: Pick<Ended, 'host' | 'task'>,
  { include, result }: ItemEnd,
  included: Included,
): void {
  const { loop } = task;
  const names = loop
    ? [loop.loopVar, loop.indexVar, 'ansible_loop', 'ansible_loop_var', 'ansible_index_var']
    : [];
  const vars: Vars = makeVars(
    names.flatMap((name) => {
      const value = name === undefined ? undefined : result[name];
      return name === undefined || value === undefined ? [] : [[name, value] as const];
    }),
  );
  const key = JSON.stringify([include, vars]);
  const same = wanted.find((one) => one.key === key && !one.hosts.includes(host));
  if (same) same.hosts.push(host);
  else wanted.push({ key, included, vars, hosts: [host] });
}

async function runWanted(
  run: PlayRun,
  task: Task,
  { included, vars, hosts }: Wanted,
  place: Place,
): Promise<void> {
  const here = stillIn(hosts);
  if (here.length === 0) return;
  if (task.does.kind === 'include_role' && task.does.public)
    run.publicRoles.push(...included.roles);
  const entries = selectEntries(run, included.entries).map((entry) => withVars(entry, vars));
  await run.walk(run, entries, here, place);
}

async function read(
  run: PlayRun,
  task: Task,
  rendered: ItemEnd['include'] & object,
): Promise<Loaded> {
  try {
    return { included: await run.loadInclude(task, rendered) };
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    const problems = error.problems.map(
      ({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`,
    );
    return { trouble: failure([error.message, ...problems].join('\n')) };
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
