import type { Task } from '../../model/playbook.ts';
import { factsTask } from './facts-task.ts';
import { flush } from './flush.ts';
import { type HostRun, isStopped, type PlayRun, stillIn } from './play-run.ts';
import { runSegment } from './run-segment.ts';
import { selectEntries } from './select-tasks.ts';
import { loadHostVarsFiles } from './vars-files.ts';

const place = { isRescuable: false, part: 'block' } as const;

/** Takes one batch through a play: facts, then each section with its handlers. */
export async function runBatch(run: PlayRun): Promise<void> {
  const facts = await factsTask(run);
  const sections = run.play.sections.map(({ entries }) => selectEntries(run, entries));
  if (run.play.strategy === 'free') {
    await eachAlone(run, async (host) => runSections(run, [host], facts, sections));
    return;
  }
  await runSections(run, run.hosts, facts, sections);
}

async function runSections(
  run: PlayRun,
  hosts: readonly HostRun[],
  facts: Task | undefined,
  sections: readonly ReturnType<typeof selectEntries>[],
): Promise<void> {
  await loadHostVarsFiles(run, hosts);
  if (facts && !isStopped(run)) {
    await runSegment(run, [facts], stillIn(hosts), place);
    await loadHostVarsFiles(run, stillIn(hosts));
  }
  for (const entries of sections) {
    await run.walk(run, entries, hosts, place);
    await flushSection(run, hosts);
  }
}

// failed hosts run what they were notified of only when that is forced, and stay failed
async function flushSection(run: PlayRun, hosts: readonly HostRun[]): Promise<void> {
  const isForced = run.play.forceHandlers || run.rim.forceHandlers === true;
  const failed = isForced ? hosts.filter(({ standing }) => standing === 'failed') : [];
  for (const host of failed) host.standing = 'in';
  await flush(run, hosts);
  for (const host of failed) if (host.standing === 'in') host.standing = 'failed';
}

async function eachAlone(run: PlayRun, work: (host: HostRun) => Promise<void>): Promise<void> {
  const queue = run.hosts.values();
  const lane = async (): Promise<void> => {
    for (const host of queue) await work(host);
  };
  const width = Math.max(1, Math.min(Math.floor(run.rim.forks) || 1, run.hosts.length));
  await Promise.all(Array.from({ length: width }, lane));
}
