import type { Entry, Task } from '../../model/playbook.ts';
import type { PlayRun, WholeRun } from './play-run.ts';

/** Keeps the tasks that tags and `--start-at-task` select; blocks without any task left fall away. */
export function selectEntries(run: WholeRun, entries: readonly Entry[]): readonly Entry[] {
  return entries.flatMap((entry): readonly Entry[] => {
    if (entry.kind === 'task')
      return isSelected(run, entry) && isStarted(run, entry) ? [entry] : [];
    const block = selectEntries(run, entry.block);
    const rescue = selectEntries(run, entry.rescue);
    const always = selectEntries(run, entry.always);
    return block.length + rescue.length + always.length > 0
      ? [{ ...entry, block, rescue, always }]
      : [];
  });
}

/** Whether the run's tags choose these tags: `always` and `never` are special, skipping beats choosing. */
export function isTagged(
  tags: readonly string[],
  only: readonly string[],
  skip: readonly string[],
): boolean {
  const own = tags.length === 0 ? ['untagged'] : tags;
  const isNever = own.includes('never');
  const chosen =
    own.includes('always') ||
    ((only.length === 0 || only.includes('all')) && !isNever) ||
    own.some((tag) => only.includes(tag)) ||
    (only.includes('tagged') && tags.length > 0 && !isNever);
  return chosen && !isLeftOut(own, tags.length > 0, skip);
}

function isLeftOut(
  own: readonly string[],
  isTaggedAtAll: boolean,
  skip: readonly string[],
): boolean {
  if (skip.includes('all') && (!own.includes('always') || skip.includes('always'))) return true;
  return own.some((tag) => skip.includes(tag)) || (skip.includes('tagged') && isTaggedAtAll);
}

function isSelected({ rim }: WholeRun, { keywords }: Task): boolean {
  return isTagged(keywords.tags, rim.tags ?? [], rim.skipTags ?? []);
}

function isStarted(run: WholeRun, { name, role }: Task): boolean {
  const pattern = run.rim.startAtTask;
  if (pattern === undefined || !run.progress.isBeforeStart) return true;
  if (typeof name !== 'string') return false;
  const full = role ? `${role.name} : ${name}` : name;
  if ([name, full].some((text) => text === pattern || globOf(pattern).test(text)))
    run.progress.isBeforeStart = false;
  return !run.progress.isBeforeStart;
}

function globOf(pattern: string): RegExp {
  const escaped = pattern.replaceAll(/[.+^${}()|\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's');
}

/** Whether the facts of a play are gathered, as far as tags are asked. */
export function selectsFacts({ rim, play }: PlayRun): boolean {
  const { tags } = play.keywords;
  return isTagged(tags.length === 0 ? ['always'] : tags, rim.tags ?? [], rim.skipTags ?? []);
}
