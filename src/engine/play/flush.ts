import { runInclude } from './include.ts';
import { notifiedOf } from './notify.ts';
import { type HostRun, isStopped, type PlayRun, stillIn } from './play-run.ts';
import { runSegment } from './run-segment.ts';

/** Runs the handlers that were notified on these hosts: in the order they are defined, once a host; one that notifies a later one is followed by it in the same pass. */
export async function flush(run: PlayRun, hosts: readonly HostRun[]): Promise<void> {
  for (let at = 0; at < run.handlers.length; at++) {
    const handler = run.handlers[at];
    if (!handler || isStopped(run) || run.ends !== undefined) continue;
    const notified = notifiedOf(run, handler);
    const meant = stillIn(hosts).filter(({ name }) => notified.has(name));
    if (meant.length === 0) continue;
    const place = { isRescuable: false, part: 'block' } as const;
    if (handler.does.kind === 'module') await runSegment(run, [handler], meant, place);
    else await runInclude(run, handler, meant, place);
    for (const { name } of meant) notified.delete(name);
  }
}
