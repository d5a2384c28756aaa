import type { Block, Entry, Task } from '../../model/playbook.ts';
import { runInclude } from './include.ts';
import { runMeta } from './meta.ts';
import { type HostRun, isStopped, type Place, type PlayRun, stillIn } from './play-run.ts';
import { runSegment } from './run-segment.ts';
import { measureSegment } from './segment.ts';

/** Takes hosts through tasks and blocks, in lock step where it matters. Hosts that fail on the way are left out of what follows. */
export async function walk(
  run: PlayRun,
  entries: readonly Entry[],
  hosts: readonly HostRun[],
  place: Place,
): Promise<void> {
  const flat = entries.flatMap(unfold);
  let at = 0;
  while (at < flat.length) {
    const here = stillIn(hosts);
    if (here.length === 0 || isStopped(run) || run.ends !== undefined) return;
    const entry = flat[at];
    if (entry?.kind === 'block') await walkBlock(run, entry, here, place);
    const length = entry?.kind === 'task' ? await walkTasks(run, flat, at, here, place) : 1;
    at += length;
  }
}

// a block without rescue and always only hands keywords down, which has been done
function unfold(entry: Entry): readonly Entry[] {
  if (entry.kind === 'task' || entry.rescue.length > 0 || entry.always.length > 0) return [entry];
  return entry.block.flatMap(unfold);
}

async function walkTasks(
  run: PlayRun,
  entries: readonly Entry[],
  at: number,
  hosts: readonly HostRun[],
  place: Place,
): Promise<number> {
  const task = entries[at] as Task;
  const { kind } = task.does;
  if (kind === 'meta') await runMeta(run, task, hosts);
  else if (kind === 'module') {
    const length = await measureSegment(run, entries, at, hosts);
    if (!(await isChosen(run, task))) return 1;
    await runSegment(run, entries.slice(at, at + length) as readonly Task[], hosts, place);
    return length;
  } else await runInclude(run, task, hosts, place);
  return 1;
}

async function isChosen(run: PlayRun, task: Task): Promise<boolean> {
  if (!run.progress.asksSteps || !run.rim.chooseStep) return true;
  const answer = await run.rim.chooseStep(typeof task.name === 'string' ? task.name : task.action);
  if (answer === 'continue') run.progress.asksSteps = false;
  return answer !== 'no';
}

async function walkBlock(
  run: PlayRun,
  block: Block,
  hosts: readonly HostRun[],
  place: Place,
): Promise<void> {
  const isRescuable = place.isRescuable || block.rescue.length > 0;
  await walk(run, block.block, hosts, { isRescuable, part: place.part });
  if (block.rescue.length > 0) {
    const failed = hosts.filter(({ standing }) => standing === 'failed');
    for (const host of failed) host.standing = 'in';
    await walk(run, block.rescue, failed, { isRescuable: place.isRescuable, part: 'rescue' });
  }
  if (block.always.length === 0) return;
  const failed = hosts.filter(({ standing }) => standing === 'failed');
  for (const host of failed) host.standing = 'in';
  await walk(run, block.always, stillIn(hosts), { isRescuable: place.isRescuable, part: 'always' });
  for (const host of failed) if (host.standing === 'in') host.standing = 'failed';
}
