import { isTemplate, type PlayValue, textOf } from '../model/play-value.ts';
import type { Entry, Play, Playbook, Task } from '../model/playbook.ts';
import { selectByTags } from './select-tags.ts';

/** What `--list-tasks`, `--list-tags` and `--list-hosts` tell of one play. */
export interface ListedPlay {
  readonly index: number;
  /** The play's name, else its hosts. */
  readonly name: string;
  /** The host pattern as written, lists joined with commas. */
  readonly hosts: string;
  readonly tags: readonly string[];
  readonly tasks: readonly ListedTask[];
  /** Tags of the play and of its listed tasks, sorted. */
  readonly taskTags: readonly string[];
}

/** One task of a listing. */
export interface ListedTask {
  readonly id: string;
  /** As Ansible lists it: `role : name`, or the module when it has no name. */
  readonly name: string;
  readonly tags: readonly string[];
  /** `file:line`. */
  readonly at: string;
}

/** Which tasks a run would look at, by tags. */
export interface TagChoice {
  readonly tags: readonly string[];
  readonly skipTags: readonly string[];
}

/** Lists the plays of a playbook with the tasks that tags choose; of blocks the tasks of `block` alone, as Ansible does. */
export function listPlaybook(playbook: Playbook, choice: TagChoice): ListedPlay[] {
  return playbook.plays.map((play) => listPlay(play, choice));
}

function listPlay(play: Play, choice: TagChoice): ListedPlay {
  const tasks = play.sections
    .flatMap((section) => section.entries)
    .flatMap(tasksOf)
    .filter((task) => selectByTags(task.keywords.tags, choice.tags, choice.skipTags));
  const hosts = hostsText(play.hosts);
  const taskTags = new Set([...play.keywords.tags, ...tasks.flatMap((one) => one.keywords.tags)]);
  return {
    index: play.index,
    name: play.name === undefined ? hosts : textOfName(play.name),
    hosts,
    tags: play.keywords.tags,
    tasks: tasks.map(listTask),
    taskTags: [...taskTags].sort(),
  };
}

function tasksOf(entry: Entry): readonly Task[] {
  return entry.kind === 'task' ? [entry] : entry.block.flatMap(tasksOf);
}

function listTask(task: Task): ListedTask {
  return {
    id: task.id,
    name: shownName(task),
    tags: [...task.keywords.tags].sort(),
    at: `${task.at.file}:${task.at.line}`,
  };
}

/** A task's name as Ansible lists it. */
export function shownName({ name, role, written, action }: Task): string {
  if (name === undefined || name === '') return written ?? action;
  return role ? `${role.name} : ${textOfName(name)}` : textOfName(name);
}

function textOfName(name: PlayValue): string {
  if (isTemplate(name)) return textOf(name);
  // a mapping has no text of its own; where it is not allowed is told among the problems
  return typeof name === 'object' && name !== null ? JSON.stringify(name) : String(name);
}

function hostsText(hosts: PlayValue): string {
  return Array.isArray(hosts)
    ? (hosts as readonly PlayValue[]).map(textOfName).join(',')
    : textOfName(hosts);
}

/** The id of the first task that `--start-at-task` names, exactly or by a pattern with `*`, `?` and `[...]`; undefined when there is none. */
export function findStart(playbook: Playbook, wanted: string): string | undefined {
  const pattern = globPattern(wanted);
  const tasks = playbook.plays.flatMap((play) =>
    play.sections.flatMap((section) => section.entries).flatMap(allTasks),
  );
  return tasks.find((task) => {
    const names = [task.name === undefined ? '' : textOfName(task.name), shownName(task)];
    return names.some((name) => name === wanted || (name !== '' && pattern.test(name)));
  })?.id;
}

/** The tasks of an entry, those of all parts of its blocks. */
export function allTasks(entry: Entry): readonly Task[] {
  if (entry.kind === 'task') return [entry];
  return [...entry.block, ...entry.rescue, ...entry.always].flatMap(allTasks);
}

/** A pattern of Python's fnmatch as a regular expression. */
function globPattern(glob: string): RegExp {
  const source = glob.replace(
    /\[(!?)([^\]]+)\]|[*?]|[\\^$.|+(){}[\]]/g,
    (found, not?: string, set?: string) => {
      if (found === '*') return '.*';
      if (found === '?') return '.';
      if (set === undefined) return `\\${found}`;
      return `[${not === '!' ? '^' : ''}${set.replace(/[\\^\]]/g, '\\$&')}]`;
    },
  );
  return new RegExp(`^(?:${source})$`, 's');
}
