import { dirname, resolve } from 'node:path';
import type { Host } from '../../model/host.ts';
import type { PlayVars } from '../../model/play-value.ts';
import type { Play } from '../../model/playbook.ts';
import type { Value } from '../../model/value.ts';
import { askPrompts } from './ask-prompts.ts';
import { orderHosts, splitBatches } from './batches.ts';
import { judgeGate } from './gate.ts';
import { openBatch } from './open-batch.ts';
import { isStopped, type PlayRun, statsOf, type WholeRun } from './play-run.ts';
import { runBatch } from './run-batch.ts';
import { scopeOfPlay, type Targets } from './target-plays.ts';

/** What a play is run with. */
export interface PlaySettings {
  readonly play: Play;
  readonly targets: Targets;
  readonly lock: (host: Host) => Promise<string | undefined>;
}

/** What a play came to: why no later play may start, if so. */
export interface PlayEnd {
  readonly stopped: string | undefined;
  readonly bugs: readonly unknown[];
}

/** Runs one play: its hosts without those that failed before, batch after batch. */
export async function runPlay(run: WholeRun, settings: PlaySettings): Promise<PlayEnd> {
  const { play } = settings;
  // an imported playbook has its own folder
  const folder = dirname(resolve(play.at.file));
  const prompts = await askPrompts(run, play, folder);
  const all = settings.targets(play);
  const fit = all.filter(({ name }) => !run.failed.has(name) && !run.lost.has(name));
  const hosts = orderHosts(fit, play.order, () => run.rim.random?.() ?? 0.5);
  const batches = splitBatches(hosts, serialOf(run, play, prompts));
  const bugs: unknown[] = [];
  const left = { all: all.map(({ name }) => name), hosts: fit.map(({ name }) => name) };
  let stopped: string | undefined;
  for (const [index, members] of batches.entries()) {
    if (isStopped(run) || stopped !== undefined) break;
    const place = { batch: index + 1, batches: batches.length, folder, prompts, bugs, ...left };
    const batch = await openBatch(run, settings, members, place);
    await runBatch(batch);
    stopped = await closeBatch(batch, index + 1 < batches.length);
    if (batch.ends === 'play') break;
  }
  return { stopped, bugs };
}

function serialOf(run: WholeRun, play: Play, prompts: PlayVars): Value {
  if (run.rim.waves) return run.rim.waves.sizes;
  const written = play.rings ? play.rings.sizes : play.serial;
  return run.rim.templar.render(written, scopeOfPlay(run, play, { prompts }));
}

/** Counts what a batch came to, and says why no further one may start. */
async function closeBatch(batch: PlayRun, isFollowed: boolean): Promise<string | undefined> {
  const { hosts } = batch;
  for (const { name, standing } of hosts)
    if (standing === 'failed' || standing === 'stopped') batch.failed.add(name);
  const bad = hosts.filter(({ name }) => batch.failed.has(name) || batch.lost.has(name));
  const isLost = hosts.length > 0 && bad.length === hosts.length;
  const isWave = batch.rim.waves !== undefined || batch.play.rings !== undefined;
  const why =
    batch.broken ??
    (isLost ? `no host of the ${isWave ? 'wave' : 'batch'} is left` : undefined) ??
    (isFollowed && batch.ends !== 'play' && !isStopped(batch) ? await judgeGate(batch) : undefined);
  const stopped = why !== undefined && isWave ? `wave ${batch.batch}: ${why}` : why;
  const stats = statsOf(hosts.map(({ name, counts }) => [name, counts]));
  batch.rim.emit({ type: 'play.finished', stats, ...(stopped !== undefined && { stopped }) });
  return stopped;
}
