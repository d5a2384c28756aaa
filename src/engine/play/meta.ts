import type { Task } from '../../model/playbook.ts';
import { TemplateError } from '../../model/template-error.ts';
import { makeVars } from '../../model/value.ts';
import { flush } from './flush.ts';
import type { HostRun, PlayRun } from './play-run.ts';

/** Does what a `meta` task says, for the hosts on which its condition holds. Leaves no row, as in Ansible. */
export async function runMeta(run: PlayRun, task: Task, hosts: readonly HostRun[]): Promise<void> {
  if (task.does.kind !== 'meta') return;
  const { what } = task.does;
  // these are decided once, by the first host
  const isForAll =
    what === 'end_play' ||
    what === 'end_batch' ||
    what === 'clear_host_errors' ||
    what === 'clear_facts';
  const asked = isForAll ? hosts.slice(0, 1) : hosts;
  const meant = asked.filter((host) => isMeant(run, task, host));
  if (meant.length === 0) return;
  if (what === 'flush_handlers') await flush(run, meant);
  if (what === 'end_host') for (const host of meant) host.standing = 'ended';
  if (what === 'end_play' || what === 'end_batch') {
    run.ends = what === 'end_play' ? 'play' : 'batch';
    for (const host of run.hosts) if (host.standing === 'in') host.standing = 'ended';
  }
  if (what === 'clear_facts') for (const { memory } of run.hosts) memory.facts = makeVars();
  if (what === 'clear_host_errors') clearErrors(run);
  if (what === 'reset_connection') for (const { name } of meant) await run.workers.reset(name);
}

function clearErrors(run: PlayRun): void {
  for (const host of run.hosts) {
    if (host.standing !== 'failed' && host.standing !== 'lost') continue;
    host.standing = 'in';
    run.failed.delete(host.name);
    run.lost.delete(host.name);
  }
}

function isMeant(run: PlayRun, task: Task, host: HostRun): boolean {
  const scope = run.rim.makeScope({ run: run.state, host: host.memory, play: run.memory, task });
  try {
    return task.keywords.when.every((condition) => run.rim.templar.judge(condition, scope));
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    host.standing = 'failed';
    host.counts.failures++;
    return false;
  }
}
